import { type Issue, NS_PER_SECOND } from "../base/mod.ts";
import {
  ClockApplier,
  type ClockModel,
  DejitterSurvey,
  fitGraph,
  type FittedGraph,
  JumpSurvey,
  offsetAt,
  type SeriesEvidence,
} from "../clock/mod.ts";
import type { LoadedXdfStream } from "../readers/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";
import { offsetSeries, recorderClock } from "./xdf_evidence.ts";

/** Options of {@linkcode synchronizeXdf}. */
export interface SynchronizeXdfOptions {
  /** Put the samples of regular streams on the lattice of their sampling clock. @default {true} */
  readonly dejitter?: boolean;
}

/** A stream whose times are those of the recorder. */
export interface SynchronizedXdfStream {
  readonly stream: LoadedXdfStream;
  /** Times on the clock of the recorder in ns: the array of the stream itself. */
  readonly times: BigInt64Array;
  /** Standard uncertainty of each time in ns; NaN where the clock could not be placed. */
  readonly sigmas: Float64Array;
  /** How the clock of the stream runs; undefined where nothing tells it, and the stamps are as recorded. */
  readonly model?: ClockModel;
  /** Samples that are missing in between; undefined where the stream has no lattice. */
  readonly dropped?: number;
  /** Measured samples per second; NaN where the stream has no lattice. */
  readonly rateHz: number;
}

/** All streams of a file on the clock of its recorder. */
export interface SynchronizedXdf {
  readonly streams: readonly SynchronizedXdfStream[];
  readonly issues: readonly Issue[];
}

/** Samples that are worked on at once. */
const BLOCK_ROWS = 32_768;

/**
 * Puts streams of an XDF file on the clock of the recorder, and takes the jitter out of regular ones. Streams of one
 * computer share one model of its clock, and stretches before and after a step are told apart in file order.
 *
 * The times of the given streams are overwritten, so that no second copy is needed.
 *
 * @example
 * ```ts
 * import { bytesSource, Kernel, loadXdf, synchronizeXdf } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const kernel = new Kernel();
 * const file = bytesSource(new TextEncoder().encode("XDF:"));
 * const { streams } = synchronizeXdf(kernel, await loadXdf(file, { kernel }));
 * assert.equal(streams.length, 0);
 * ```
 */
export function synchronizeXdf(
  kernel: Kernel,
  streams: readonly LoadedXdfStream[],
  { dejitter = true }: SynchronizeXdfOptions = {},
): SynchronizedXdf {
  const { models, issues } = fitStreams(kernel, streams);
  const byId = new Map(models.map((model) => [model.clock.id, model]));
  const done = streams.map((stream) => {
    const model = byId.get(stream.clock.id);
    const placed = model === undefined || model.method === "none" ? undefined : model;
    return synchronize(kernel, stream, placed, dejitter);
  });
  return { streams: done, issues };
}

/** Stamps that go back by more than this may be those of a clock that was set, ns. */
const ODD_NS = 20_000_000n;
/** Longer pauses are not even usual between markers, ns. */
const LONGEST_NS = 3_600n * NS_PER_SECOND;
/** Readings that are nearer to the model than this agree with it, s. */
const NEAR_S = 0.1;

/** Whether stamps behind the last reading that agrees with the model go back, or ahead by more than a second. */
function endsOddly(
  { times, offsets: { times: read, values, rows }, info }: LoadedXdfStream,
  model: ClockModel | undefined,
): boolean {
  const segment = model?.segments.at(-1);
  if (segment === undefined) return false;
  const last = values.findLastIndex((value, index) => {
    // A recorder that lost the device writes its last offset again and again.
    if (index > 0 && value === values[index - 1]) return false;
    const { offsetNs } = offsetAt(segment, BigInt(Math.round(read[index]! * 1e9)));
    return Math.abs(Number(offsetNs) / 1e9 - value) < NEAR_S;
  });
  const most = info.nominalRateHz > 0 ? NS_PER_SECOND : LONGEST_NS;
  for (let row = Math.max(rows[last] ?? 0, 1); row < times.length; row++) {
    const passed = times[row]! - times[row - 1]!;
    if (passed < -ODD_NS || passed > most) return true;
  }
  return false;
}

/** Fits the clocks. Where the stamps jump is looked for only if a clock was set. */
function fitStreams(kernel: Kernel, streams: readonly LoadedXdfStream[]): FittedGraph {
  const reference = recorderClock();
  const clocks = [...new Map(streams.map(({ clock }) => [clock.id, clock])).values()];
  const series = streams.map((stream): SeriesEvidence[] => {
    const reader = { ...stream, schema: { id: stream.id, clock: stream.clock } };
    return offsetSeries(kernel, reader, reference);
  });
  const fitted = fitGraph(kernel, { clocks, evidence: series.flat(), reference });
  const models = new Map(fitted.models.map((model) => [model.clock.id, model]));
  const isOdd = (stream: LoadedXdfStream) => endsOddly(stream, models.get(stream.clock.id));
  if (fitted.models.every(({ segments }) => segments.length <= 1) && !streams.some(isOdd)) {
    return fitted;
  }
  const evidence = series.flatMap((all, index) =>
    all.map((one) => ({ ...one, jumps: jumpsOf(kernel, streams[index]!.times) }))
  );
  return fitGraph(kernel, { clocks, evidence, reference });
}

function jumpsOf(kernel: Kernel, times: BigInt64Array): ReturnType<JumpSurvey["get"]> {
  const survey = new JumpSurvey(kernel);
  try {
    for (const [, block] of blocks(times)) survey.add(block);
    return survey.get();
  } finally {
    survey.dispose();
  }
}

/** Consecutive parts of an array, each with the index of its first element. */
function* blocks(times: BigInt64Array): Generator<readonly [number, BigInt64Array]> {
  for (let row = 0; row < times.length; row += BLOCK_ROWS) {
    yield [row, times.subarray(row, row + BLOCK_ROWS)];
  }
}

function synchronize(
  kernel: Kernel,
  stream: LoadedXdfStream,
  model: ClockModel | undefined,
  dejitter: boolean,
): SynchronizedXdfStream {
  const { times } = stream;
  const sigmas = new Float64Array(times.length).fill(NaN);
  if (model !== undefined) applyModel(kernel, stream, model, sigmas);
  const lattice = dejitter && stream.info.nominalRateHz > 0
    ? applyLattice(kernel, stream, sigmas)
    : { rateHz: NaN };
  return { stream, times, sigmas, ...(model === undefined ? {} : { model }), ...lattice };
}

function applyModel(
  kernel: Kernel,
  { id, times }: LoadedXdfStream,
  model: ClockModel,
  sigmas: Float64Array,
): void {
  const applier = new ClockApplier(kernel, model, { id, resolutionNs: 1 });
  try {
    const room = {
      referenceTimes: new BigInt64Array(BLOCK_ROWS),
      sigmas: new Float64Array(BLOCK_ROWS),
    };
    for (const [row, block] of blocks(times)) {
      const applied = applier.apply(block, row, room);
      block.set(applied.referenceTimes.subarray(0, block.length));
      sigmas.set(applied.sigmas.subarray(0, block.length), row);
    }
  } finally {
    applier.dispose();
  }
}

function applyLattice(
  kernel: Kernel,
  { info, times }: LoadedXdfStream,
  sigmas: Float64Array,
): Pick<SynchronizedXdfStream, "dropped" | "rateHz"> {
  const survey = new DejitterSurvey(kernel, {
    nominalRateHz: info.nominalRateHz,
    text: info.format === "string",
  });
  try {
    for (const [, block] of blocks(times)) survey.add(block);
    const dejitterer = survey.solve();
    try {
      const { summary: { dropped, rateHz, skipped } } = dejitterer;
      if (skipped !== undefined) return { rateHz };
      for (const [row, block] of blocks(times)) {
        dejitterer.refine(block, sigmas.subarray(row, row + block.length), row);
      }
      return { dropped, rateHz };
    } finally {
      dejitterer.dispose();
    }
  } finally {
    survey.dispose();
  }
}
