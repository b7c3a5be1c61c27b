import { type ClockRef, MISSING_NS, type StreamSchema, type TimeNs } from "../base/mod.ts";
import type {
  PointEvidence,
  SamplingStatistics,
  SeriesEvidence,
  StampJumps,
} from "../clock/mod.ts";
import type { XdfReader, XdfReaders } from "../readers/mod.ts";
import { parseDateTime } from "../session/mod.ts";
import { type Kernel, nanosecondsOf } from "../../wasm/mod.ts";
import { PC_UTC } from "./reference.ts";

/** What the readings in an XDF file say of the clock of a stream. */
export interface XdfEvidence {
  readonly series?: readonly SeriesEvidence[];
  readonly points?: readonly PointEvidence[];
}

/** What {@linkcode xdfEvidence} must know besides the file. */
export interface XdfContext {
  readonly kernel: Kernel;
  /** What tells the clocks of this file from those of others. */
  readonly suffix: string;
  /** Where the stamps of the stream jump. */
  readonly jumps: StampJumps;
}

/** Stamps of a stream that was never compared are taken for the recorder's, one sigma in ns. */
const UNCOMPARED_SIGMA_NS = 0.5e9;
/** Stamps so far from the recorder's times are certainly not its own. */
const NEAR_NS = 3_600_000_000_000n;
/** The recorder notes the date when it makes the file, seconds before the first reading; one sigma in ns. */
const DATE_SIGMA_NS = 3e9;

/** The clock of the computer that recorded a file. */
export function recorderClock(suffix = ""): ClockRef {
  return { id: `recorder${suffix === "" ? "" : `_${suffix}`}/lsl`, kind: "monotonic" };
}

/** Whether a clock is that of a computer that recorded streams of others. */
export function isRecorderClock({ id }: ClockRef): boolean {
  return /^recorder(_[^/]*)?\/lsl$/.test(id);
}

/**
 * What the clock offsets of a stream say: at the device time `time` the clock of the recorder showed
 * `time + value`. Readings stand in the order in which they were recorded, with the number of samples before each.
 */
export function offsetSeries(
  kernel: Kernel,
  { schema, offsets, isForeign }: Pick<XdfReader, "offsets" | "isForeign"> & {
    readonly schema: Pick<StreamSchema, "id" | "clock">;
  },
  recorder: ClockRef,
): SeriesEvidence[] {
  if (isForeign || offsets.times.length === 0) return [];
  const fromNs = nanosecondsOf(kernel, offsets.times);
  const values = nanosecondsOf(kernel, offsets.values);
  return [{
    kind: "two-way",
    from: schema.clock,
    to: recorder,
    fromNs,
    // What is no time stays recognisable as such on both clocks, and wraps around on neither.
    toNs: fromNs.map((time, index) => saturatingSum(time, values[index]!)),
    rows: offsets.rows,
    streamId: schema.id,
    source: schema.id,
  }];
}

function saturatingSum(a: bigint, b: bigint): bigint {
  const sum = a + b;
  return a === MISSING_NS || b === MISSING_NS || BigInt.asIntN(64, sum) !== sum ? MISSING_NS : sum;
}

/** The evidence about the clocks of one stream, given all that are in the file. */
export function xdfEvidence(
  reader: XdfReader,
  readers: XdfReaders,
  sampling: SamplingStatistics,
  { kernel, suffix, jumps }: XdfContext,
): XdfEvidence {
  const recorder = recorderClock(suffix);
  const series = offsetSeries(kernel, reader, recorder).map((one) => ({ ...one, jumps }));
  const points = [
    ...uncompared(reader, readers, sampling, recorder, kernel),
    ...(reader === readers[0] ? dated(readers, recorder, kernel) : []),
  ];
  return {
    ...(series.length === 0 ? {} : { series }),
    ...(points.length === 0 ? {} : { points }),
  };
}

/** A stream without readings, on a clock of which no stream has any, is taken to be stamped by the recorder. */
function uncompared(
  { schema: { clock, id }, isForeign }: XdfReader,
  readers: XdfReaders,
  { minNs }: SamplingStatistics,
  recorder: ClockRef,
  kernel: Kernel,
): PointEvidence[] {
  const isCompared = readers.some(({ schema, offsets }) =>
    schema.clock.id === clock.id && offsets.times.length > 0
  );
  if (isForeign || isCompared || minNs === undefined) return [];
  const start = recordingStart(readers, recorder, kernel);
  const distance = start === undefined ? 0n : minNs - start;
  if (distance > NEAR_NS || distance < -NEAR_NS) return [];
  return [{
    kind: "anchor",
    from: clock,
    to: recorder,
    fromNs: minNs,
    toNs: minNs,
    sigmaNs: UNCOMPARED_SIGMA_NS,
    source: `stamps of ${id} taken for the recorder's`,
  }];
}

/** The earliest time that the recorder read from its clock. */
function recordingStart(
  readers: XdfReaders,
  recorder: ClockRef,
  kernel: Kernel,
): TimeNs | undefined {
  const first = readers.flatMap((reader) =>
    offsetSeries(kernel, reader, recorder).flatMap(({ toNs }) =>
      [...toNs.subarray(0, 3)].filter((time) => time !== MISSING_NS)
    )
  );
  return first.reduce<TimeNs | undefined>(
    (least, time) => least === undefined || time < least ? time : least,
    undefined,
  );
}

/** The date that the recorder noted, at its first reading. */
function dated(readers: XdfReaders, recorder: ClockRef, kernel: Kernel): PointEvidence[] {
  const date = readers[0]?.recordedAt;
  const fromNs = recordingStart(readers, recorder, kernel);
  const time = date === undefined ? undefined : parseDateTime(date);
  if (fromNs === undefined || time?.kind !== "utc") return [];
  return [{
    kind: "anchor",
    from: recorder,
    to: PC_UTC,
    fromNs,
    toNs: time.ns,
    sigmaNs: DATE_SIGMA_NS,
    source: "datetime of the XDF file",
  }];
}
