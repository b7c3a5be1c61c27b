import type { Kernel, KernelBuffer } from "./kernel.ts";

/** Events of one clock as the kernel takes them: ns from an origin, in file order. */
export interface KernelTrain {
  readonly times: Float64Array;
  readonly labels?: Uint32Array | undefined;
  readonly widths?: Float64Array | undefined;
}

/** What is known of two trains beforehand, in ns. */
export interface TrainOptions {
  /** NaN when not known. */
  readonly jitter: number;
  readonly maxDrift: number;
  /** Bounds of the difference of both times. */
  readonly low: number;
  readonly high: number;
  readonly widthTolerance: number;
}

/** How many events agree at an offset, and at the next best. */
export interface TrainContest {
  readonly events: number;
  readonly agreeing: number;
  readonly rival: number;
  /** Distance of the next best offset, ns. */
  readonly rivalLagNs: number;
}

/** A stretch in which two trains agree. */
export interface TrainStretch extends TrainContest {
  readonly pairs: number;
  readonly sigmaNs: number;
  /** Natural logarithm of a bound of the probability that chance gave it. */
  readonly logChance: number;
}

/** What matching two trains came to. */
export interface MatchedTrains {
  readonly verdict: "matched" | "ambiguous" | "unrelated" | "too-few";
  /** Index in the first and in the second train by turns. */
  readonly pairs: Uint32Array;
  /** Each pair's difference less that of a smooth curve, ns. */
  readonly residualsNs: Float64Array;
  readonly stretches: readonly TrainStretch[];
  readonly lost?: TrainContest;
}

const VERDICTS = ["matched", "ambiguous", "unrelated", "too-few"] as const;
const FIGURES = 7;
const STRETCH_FLOATS = 7;

/** Matches two trains of events whose clocks are related in an unknown way. */
export function matchTrains(
  kernel: Kernel,
  first: KernelTrain,
  second: KernelTrain,
  { jitter, maxDrift, low, high, widthTolerance }: TrainOptions,
): MatchedTrains {
  const buffers: KernelBuffer[] = [];
  const pointer = (array: Float64Array | Uint32Array | undefined): number => {
    if (array === undefined) return 0;
    const buffer = kernel.alloc(array.byteLength);
    buffers.push(buffer);
    kernel.u8(buffer).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return buffer.pointer;
  };
  const train = ({ times, labels, widths }: KernelTrain) => [
    pointer(times),
    pointer(labels),
    pointer(widths),
    times.length,
  ];
  try {
    const options = pointer(Float64Array.of(jitter, maxDrift, low, high, widthTolerance));
    const found = kernel.call("sp_events_match", ...train(first), ...train(second), options);
    try {
      return readFound(kernel, found);
    } finally {
      kernel.call("sp_events_free", found);
    }
  } finally {
    for (const buffer of buffers) kernel.free(buffer);
  }
}

function readFound(kernel: Kernel, found: number): MatchedTrains {
  const figures = kernel.withBuffer(FIGURES * 8, (buffer) => {
    kernel.call("sp_events_figures", found, buffer.pointer);
    return kernel.f64(buffer).slice();
  });
  const [verdict = 3, stretches = 0, pairs = 0] = figures;
  const lost = contestOf(figures.subarray(3));
  return kernel.withBuffer(
    pairs * 8,
    (pairsAt) =>
      kernel.withBuffer(
        pairs * 8,
        (residualsAt) =>
          kernel.withBuffer(stretches * STRETCH_FLOATS * 8, (stretchesAt) => {
            const into = [pairsAt, residualsAt, stretchesAt].map((buffer) => buffer.pointer);
            kernel.call("sp_events_get", found, ...into);
            const floats = kernel.f64(stretchesAt);
            return {
              verdict: VERDICTS[verdict] ?? "too-few",
              pairs: kernel.u32(pairsAt).slice(),
              residualsNs: kernel.f64(residualsAt).slice(),
              stretches: Array.from(
                { length: stretches },
                (_, index) => stretchOf(floats.subarray(STRETCH_FLOATS * index)),
              ),
              ...(Number.isNaN(lost.events) ? {} : { lost }),
            };
          }),
      ),
  );
}

function contestOf(
  [events = 0, agreeing = 0, rival = 0, rivalLagNs = 0]: Float64Array,
): TrainContest {
  return { events, agreeing, rival, rivalLagNs };
}

function stretchOf(floats: Float64Array): TrainStretch {
  const [pairs = 0, sigmaNs = 0, logChance = 0] = floats;
  return { pairs, sigmaNs, logChance, ...contestOf(floats.subarray(3)) };
}
