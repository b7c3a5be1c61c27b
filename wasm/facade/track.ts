import type { ApplierKnot } from "./clock.ts";
import type { Kernel, KernelBuffer } from "./kernel.ts";

/** Readings of two clocks at the same instants, in file order, as the kernel takes them. */
export interface TrackReadings {
  readonly deviceNs: BigInt64Array;
  readonly referenceNs: BigInt64Array;
  /** NaN where unknown. */
  readonly roundTripsNs?: Float64Array | undefined;
  readonly sigmasNs?: Float64Array | undefined;
  /** Samples recorded before each reading. */
  readonly rows?: Float64Array | undefined;
  /** How many arrivals each reading is the quickest of. */
  readonly counts?: Float64Array | undefined;
}

/** Places where the stamps of a stream on the device clock jump, in file order. */
export interface TrackJumps {
  /** Index of the sample after each jump. */
  readonly rows: Float64Array;
  /** Its stamp. */
  readonly deviceNs: BigInt64Array;
  /** How much more than usual the stamps advanced. */
  readonly sizesNs: BigInt64Array;
  /** Smallest jump that would have been seen, in ns. */
  readonly smallestNs?: number;
  /** 1 where the reference jumped and the stamps ran on. */
  readonly inHost?: Uint8Array;
}

/** What is known of readings that are arrivals, in ns. */
export interface TrackArrivals {
  /** Coarseness of both stamps together, beyond what they show. */
  readonly resolutionNs: number;
  /** Bounds of the smallest delay. */
  readonly lowNs: number;
  readonly highNs: number;
}

/** What the kernel is told besides readings. */
export interface TrackOptions {
  /** Standard deviation of the skew beforehand, dimensionless. */
  readonly skewSigma: number;
  readonly jumps?: TrackJumps | undefined;
  /** The readings are arrivals. */
  readonly arrivals?: TrackArrivals | undefined;
  /** Device times to cover. */
  readonly span?: { readonly startNs: bigint; readonly endNs: bigint } | undefined;
}

/** A stretch without a step. */
export interface TrackSegment {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** First sample of it, NaN where unknown. */
  readonly firstRow: number;
  readonly knots: readonly ApplierKnot[];
}

/** A sudden change of a clock. */
export interface TrackStep {
  readonly atNs: bigint;
  /** Change of reference minus device. */
  readonly changeNs: number;
  readonly inHost: boolean;
}

/** What became of each reading. */
export interface TrackAudit {
  /** 0 used, 1 garbage, 2 late, 3 outlier. */
  readonly verdicts: Uint8Array;
  readonly residualsNs: Float64Array;
  readonly sigmasNs: Float64Array;
}

/** A clock against another, as the kernel fits it. */
export interface KernelTrack {
  readonly segments: readonly TrackSegment[];
  readonly steps: readonly TrackStep[];
  readonly holdOut: {
    readonly count: number;
    readonly coverage: number;
    readonly runsScore: number;
    readonly widened: number;
  };
  readonly drift: number;
  readonly driftSigma: number;
  readonly residualRmsNs: number;
  readonly audit: TrackAudit;
}

const FIGURES = 7;

/** Fits a clock in one call. Throws `RangeError` when the arrays differ in length. */
export function fitTrack(
  kernel: Kernel,
  readings: TrackReadings,
  { skewSigma, span, jumps, arrivals }: TrackOptions,
): KernelTrack {
  const { deviceNs, referenceNs, roundTripsNs, sigmasNs, rows, counts } = readings;
  const count = deviceNs.length;
  checkLengths(count, [referenceNs, roundTripsNs, sigmasNs, rows, counts]);
  if (jumps !== undefined) {
    checkLengths(jumps.rows.length, [jumps.deviceNs, jumps.sizesNs, jumps.inHost]);
  }
  const buffers = new Buffers(kernel);
  try {
    const bounds = span && BigInt64Array.of(span.startNs, span.endNs);
    const known = arrivals &&
      Float64Array.of(arrivals.resolutionNs, arrivals.lowNs, arrivals.highNs);
    const inputs = [deviceNs, referenceNs, roundTripsNs, sigmasNs, rows, counts, bounds, known];
    const jumpInputs = [jumps?.rows, jumps?.deviceNs, jumps?.sizesNs, jumps?.inHost];
    const pointers = [...inputs, ...jumpInputs].map((array) => buffers.put(array));
    const smallest = jumps === undefined ? Infinity : jumps.smallestNs ?? 0;
    const numbers = [jumps?.rows.length ?? 0, smallest, skewSigma];
    const track = kernel.call("sp_track_fit", count, ...pointers, ...numbers);
    try {
      return { ...readModel(kernel, track), audit: readAudit(kernel, track, count) };
    } finally {
      kernel.call("sp_track_free", track);
    }
  } finally {
    buffers.free();
  }
}

function checkLengths(
  count: number,
  arrays: readonly (BigInt64Array | Float64Array | Uint8Array | undefined)[],
): void {
  for (const array of arrays) {
    if (array === undefined || array.length === count) continue;
    throw new RangeError(
      `Cannot pair ${count} times: current length of another array is ${array.length}`,
    );
  }
}

/** Buffers that are freed together. */
class Buffers {
  readonly #kernel: Kernel;
  readonly #held: KernelBuffer[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  reserve(bytes: number): KernelBuffer {
    const buffer = this.#kernel.alloc(bytes);
    this.#held.push(buffer);
    return buffer;
  }

  /** Copies an array; the null pointer for none. */
  put(array: BigInt64Array | Float64Array | Uint8Array | undefined): number {
    if (array === undefined) return 0;
    const buffer = this.reserve(array.byteLength);
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    this.#kernel.u8(buffer).set(bytes);
    return buffer.pointer;
  }

  free(): void {
    for (const buffer of this.#held.splice(0)) this.#kernel.free(buffer);
  }
}

function readModel(kernel: Kernel, track: number): Omit<KernelTrack, "audit"> {
  const buffers = new Buffers(kernel);
  try {
    const sizes = buffers.reserve(3 * 4);
    kernel.call("sp_track_sizes", track, sizes.pointer);
    const [segments, knots, steps] = kernel.u32(sizes) as unknown as [number, number, number];
    const counts = buffers.reserve(4 * segments);
    const integers = buffers.reserve(8 * (2 * segments + 2 * knots + steps));
    const floats = buffers.reserve(8 * (segments + 3 * knots + 2 * steps + FIGURES));
    const pointers = [counts, integers, floats].map(({ pointer }) => pointer);
    kernel.call("sp_track_model", track, ...pointers);
    return unpack(kernel.u32(counts), kernel.i64(integers), kernel.f64(floats), steps);
  } finally {
    buffers.free();
  }
}

function unpack(
  counts: Uint32Array,
  integers: BigInt64Array,
  floats: Float64Array,
  steps: number,
): Omit<KernelTrack, "audit"> {
  const segments = counts.length;
  let [whole, real] = [2 * segments, segments];
  const knot = (): ApplierKnot => {
    const [deviceNs, offsetNs] = [integers[whole]!, integers[whole + 1]!];
    const [skew, sigmaNs, skewSigma] = [floats[real]!, floats[real + 1]!, floats[real + 2]!];
    whole += 2;
    real += 3;
    return { deviceNs, offsetNs, skew, sigmaNs, skewSigma };
  };
  const parts = Array.from(counts, (count, index): TrackSegment => ({
    fromNs: integers[2 * index]!,
    toNs: integers[2 * index + 1]!,
    firstRow: floats[index]!,
    knots: Array.from({ length: count }, knot),
  }));
  const changes = Array.from({ length: steps }, (_, index): TrackStep => ({
    atNs: integers[whole + index]!,
    changeNs: floats[real + 2 * index]!,
    inHost: floats[real + 2 * index + 1] === 1,
  }));
  const figures = floats.subarray(real + 2 * steps);
  return {
    segments: parts,
    steps: changes,
    holdOut: {
      count: figures[0]!,
      coverage: figures[1]!,
      runsScore: figures[2]!,
      widened: figures[3]!,
    },
    drift: figures[4]!,
    driftSigma: figures[5]!,
    residualRmsNs: figures[6]!,
  };
}

function readAudit(kernel: Kernel, track: number, count: number): TrackAudit {
  const buffers = new Buffers(kernel);
  try {
    const verdicts = buffers.reserve(count);
    const residuals = buffers.reserve(8 * count);
    const sigmas = buffers.reserve(8 * count);
    const pointers = [verdicts, residuals, sigmas].map(({ pointer }) => pointer);
    kernel.call("sp_track_audit", track, ...pointers);
    return {
      verdicts: kernel.u8(verdicts).slice(),
      residualsNs: kernel.f64(residuals).slice(),
      sigmasNs: kernel.f64(sigmas).slice(),
    };
  } finally {
    buffers.free();
  }
}
