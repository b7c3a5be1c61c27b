import type { ClockTruth } from "./clock.ts";
import { SimulatedClock } from "./clock.ts";
import type { LossCounts } from "./delivery.ts";
import type { SimulationPlan, StreamPlan } from "./plan.ts";
import { type Runs, sampleInRow } from "./runs.ts";
import { SampleTimes, type SamplingTruth } from "./sampling.ts";
import type { StampColumn } from "./tables/format.ts";

/** What is true of one recorded stream. */
export interface StreamTruth {
  /** `<device>/<name>`. */
  readonly id: string;
  readonly device: string;
  readonly kind: StreamPlan["kind"];
  readonly path: string;
  /** Data rows or frames in the file. */
  readonly rows: number;
  readonly sampling: SamplingTruth;
  /** Which sample stands in which row. */
  readonly runs: Runs;
  readonly losses: LossCounts;
  /** Recorded times: their clocks, and whether they tell the sampling or the arrival. */
  readonly stamps: readonly StampColumn[];
  /** Frames of a video that claims a constant rate: its rate. */
  readonly declaredRateHz?: number;
}

/** When an event truly happened, and where it was written down. */
export interface EventTruth {
  readonly kind: string;
  readonly label: string;
  /** ns since the start of the session. */
  readonly trueNs: number;
  /** Duration in ns, for what lasts. */
  readonly lengthNs?: number;
}

/** Everything that is true of a simulated session. Stored as `truth.json`. */
export interface Truth {
  readonly format: 1;
  readonly sessionId: string;
  /** True start in ns since 1970 UTC. */
  readonly startUtcNs: string;
  readonly plan: SimulationPlan;
  readonly clocks: readonly ClockTruth[];
  readonly streams: readonly StreamTruth[];
  readonly events: readonly EventTruth[];
}

/**
 * The true times of one stream, by row.
 *
 * @example
 * ```ts
 * import { defaultPlan, MemoryFolderSink, simulateSession, TrueTimes } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const plan = defaultPlan({ durationSeconds: 2 });
 * const truth = await simulateSession(plan, new MemoryFolderSink());
 * const times = new TrueTimes(truth, "phone_1/motion");
 * // The first sample is taken a tenth of a second after the start, give or take its jitter.
 * assert.ok(Math.abs(times.relativeAt(0)! - 100_000_000) < 2_000_000);
 * assert.equal(times.at(times.stream.rows), undefined);
 * ```
 */
export class TrueTimes {
  readonly stream: StreamTruth;
  readonly #startNs: bigint;
  readonly #times: SampleTimes;

  /** Throws `RangeError` when the truth has no such stream. */
  constructor(truth: Truth, streamId: string) {
    const stream = truth.streams.find(({ id }) => id === streamId);
    if (stream === undefined) {
      const known = truth.streams.map(({ id }) => id).join(", ");
      throw new RangeError(`Cannot find stream ${streamId} in the truth: it has ${known}`);
    }
    this.stream = stream;
    this.#startNs = BigInt(truth.startUtcNs);
    this.#times = new SampleTimes(stream.sampling, clockOfTruth(truth, stream.sampling.clock));
  }

  /** True time of a row, ns since 1970 UTC; undefined when the row holds no sample. */
  at(row: number): bigint | undefined {
    const relative = this.relativeAt(row);
    return relative === undefined ? undefined : this.#startNs + BigInt(relative);
  }

  /** True time of a row, whole ns since the start of the session. */
  relativeAt(row: number): number | undefined {
    const sample = sampleInRow(this.stream.runs, row);
    return sample === undefined ? undefined : this.#times.trueNs(sample);
  }
}

/**
 * A clock of a truth. Throws `RangeError` when there is none of that id.
 *
 * @example
 * ```ts
 * import { clockOfTruth, defaultPlan, MemoryFolderSink, SimulatedClock, simulateSession } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const plan = defaultPlan({ durationSeconds: 2, phones: 1 });
 * const truth = await simulateSession(plan, new MemoryFolderSink());
 * const clock = clockOfTruth(truth, "phone_1/utc");
 * assert.ok(clock instanceof SimulatedClock);
 * assert.equal(clock.kind, "utc");
 * ```
 */
export function clockOfTruth(truth: Truth, id: string): SimulatedClock {
  const found = truth.clocks.find((clock) => clock.id === id);
  if (found === undefined) throw new RangeError(`Cannot find a clock in the truth: id is ${id}`);
  return new SimulatedClock(found);
}

/**
 * True time of one row of a stream in ns since 1970 UTC, exact to 1 ns; undefined when the row holds no
 * sample. Use {@linkcode TrueTimes} to ask for many rows.
 *
 * Rows count from 0 behind the header.
 *
 * @example
 * ```ts
 * import { demoPlan, MemoryFolderSink, simulateSession, trueTimeOf } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const truth = await simulateSession(demoPlan(), new MemoryFolderSink());
 * // Row 0 of this table is made up by the phone.
 * assert.equal(trueTimeOf(truth, "phone_1/gsr", 0), undefined);
 * assert.ok(trueTimeOf(truth, "phone_1/gsr", 1)! > BigInt(truth.startUtcNs));
 * ```
 */
export function trueTimeOf(truth: Truth, streamId: string, row: number): bigint | undefined {
  return new TrueTimes(truth, streamId).at(row);
}
