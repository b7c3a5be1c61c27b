import type { Kernel, KernelBuffer } from "./kernel.ts";

/** The quickest arrival of each block of a stream, in file order. */
export interface EnvelopeBlocks {
  readonly deviceNs: BigInt64Array;
  readonly hostNs: BigInt64Array;
  readonly rows: Float64Array;
  /** Pairs that each block stands for. */
  readonly counts: Uint32Array;
  /** Largest sudden change of host minus device in the block, upwards and downwards. */
  readonly up: EnvelopeJumps;
  readonly down: EnvelopeJumps;
  /** Pairs that were left out as wrong. */
  readonly rejected: number;
}

/** The largest sudden changes of each block, with the sample after them. */
export interface EnvelopeJumps {
  readonly rows: Float64Array;
  readonly deviceNs: BigInt64Array;
  readonly sizesNs: BigInt64Array;
  /** Device time that passed since the sample before. */
  readonly passedNs: BigInt64Array;
}

/** Thins pairs of device and host stamps to {@linkcode EnvelopeBlocks} in bounded memory. */
export class Envelope {
  readonly #kernel: Kernel;
  readonly #state: number;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#state = kernel.call("sp_envelope_new");
  }

  /** Adds the pairs of the next samples. Throws `RangeError` when the lengths differ. */
  add(deviceTimes: BigInt64Array, hostTimes: BigInt64Array): void {
    const { length, byteLength } = deviceTimes;
    if (hostTimes.length !== length) {
      throw new RangeError(
        `Cannot pair ${length} device times: current number of host times is ${hostTimes.length}`,
      );
    }
    this.#kernel.withBuffer(byteLength, (device) =>
      this.#kernel.withBuffer(byteLength, (host) => {
        this.#kernel.i64(device).set(deviceTimes);
        this.#kernel.i64(host).set(hostTimes);
        this.#kernel.call("sp_envelope_add", this.#state, device.pointer, host.pointer, length);
      }));
  }

  /** The blocks so far. More may be added afterwards. */
  get(): EnvelopeBlocks {
    const kernel = this.#kernel;
    const finished = kernel.call("sp_envelope_finished", this.#state);
    const length = kernel.call("sp_envelope_blocks", finished);
    try {
      return kernel.withBuffer(
        8 * 8 * length,
        (integers) =>
          kernel.withBuffer(4 * 8 * length, (floats) => {
            const rejected = kernel.call(
              "sp_envelope_get",
              finished,
              integers.pointer,
              floats.pointer,
            );
            return blocksOf(kernel.i64(integers), kernel.f64(floats), length, rejected);
          }),
      );
    } finally {
      kernel.call("sp_envelope_free", finished);
    }
  }

  /** Gives the memory back; the envelope must not be used afterwards. */
  dispose(): void {
    this.#kernel.call("sp_envelope_free", this.#state);
  }
}

function blocksOf(
  integers: BigInt64Array,
  floats: Float64Array,
  length: number,
  rejected: number,
): EnvelopeBlocks {
  const times = (field: number) =>
    BigInt64Array.from({ length }, (_, index) => integers[8 * index + field]!);
  const numbers = (field: number) =>
    Float64Array.from({ length }, (_, index) => floats[4 * index + field]!);
  return {
    deviceNs: times(0),
    hostNs: times(1),
    rows: numbers(0),
    counts: Uint32Array.from(numbers(1)),
    up: { rows: numbers(2), deviceNs: times(2), sizesNs: times(3), passedNs: times(4) },
    down: { rows: numbers(3), deviceNs: times(5), sizesNs: times(6), passedNs: times(7) },
    rejected,
  };
}

/** A point of a clock model as the kernel takes it. */
export interface ApplierKnot {
  readonly deviceNs: bigint;
  readonly offsetNs: bigint;
  readonly skew: number;
  readonly sigmaNs: number;
  readonly skewSigma?: number | undefined;
}

/** A stretch of a clock model. */
export interface ApplierSegment {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly knots: readonly ApplierKnot[];
}

/** Times on the reference clock with their standard uncertainty in ns. */
export interface AppliedTimes {
  readonly referenceTimes: BigInt64Array;
  readonly sigmas: Float64Array;
}

/** Times that are converted in one call: their buffers stay in the nearest caches. */
const CHUNK = 4096;

/** Converts device times in the kernel, batch by batch. */
export class SegmentApplier {
  readonly #kernel: Kernel;
  readonly #state: number;
  readonly #times: KernelBuffer;
  readonly #reference: KernelBuffer;
  readonly #sigmas: KernelBuffer;

  /** @param stampVariance Variance of each stamp about the sampling time, in ns^2. */
  constructor(kernel: Kernel, segments: readonly ApplierSegment[], stampVariance: number) {
    this.#kernel = kernel;
    this.#state = newApplier(kernel, segments, stampVariance);
    this.#times = kernel.alloc(CHUNK * 8);
    this.#reference = kernel.alloc(CHUNK * 8);
    this.#sigmas = kernel.alloc(CHUNK * 8);
  }

  /**
   * Converts times in ns into arrays of their own, from an index on.
   *
   * @param segment Index of the segment that holds, or -1 to choose by time.
   */
  apply(segment: number, times: BigInt64Array, into: AppliedTimes, at = 0): void {
    const kernel = this.#kernel;
    for (let row = 0; row < times.length; row += CHUNK) {
      const length = Math.min(CHUNK, times.length - row);
      const part = length === times.length ? times : times.subarray(row, row + length);
      kernel.i64(this.#times).set(part);
      const pointers = [this.#reference.pointer, this.#sigmas.pointer];
      kernel.call(
        "sp_applier_apply",
        this.#state,
        segment,
        this.#times.pointer,
        length,
        ...pointers,
      );
      const bytes = length * 8;
      into.referenceTimes.set(kernel.i64({ ...this.#reference, bytes }), at + row);
      into.sigmas.set(kernel.f64({ ...this.#sigmas, bytes }), at + row);
    }
  }

  /** Gives the memory back; the applier must not be used afterwards. */
  dispose(): void {
    this.#kernel.call("sp_applier_free", this.#state);
    for (const buffer of [this.#times, this.#reference, this.#sigmas]) this.#kernel.free(buffer);
  }
}

function newApplier(
  kernel: Kernel,
  segments: readonly ApplierSegment[],
  stampVariance: number,
): number {
  const knots = segments.flatMap((segment) => segment.knots);
  const bounds = segments.flatMap(({ fromNs, toNs }) => [fromNs, toNs]);
  const times = knots.flatMap(({ deviceNs, offsetNs }) => [deviceNs, offsetNs]);
  const floats = knots.flatMap(({ skew, sigmaNs, skewSigma = 0 }) => [skew, sigmaNs, skewSigma]);
  return kernel.withBuffer(
    segments.length * 4,
    (counts) =>
      kernel.withBuffer(
        bounds.length * 8,
        (bound) =>
          kernel.withBuffer(times.length * 8, (time) =>
            kernel.withBuffer(floats.length * 8, (float) => {
              kernel.u32(counts).set(segments.map((segment) =>
                segment.knots.length
              ));
              kernel.i64(bound).set(bounds);
              kernel.i64(time).set(times);
              kernel.f64(float).set(floats);
              const pointers = [bound, time, float].map(({ pointer }) => pointer);
              const count = segments.length;
              return kernel.call(
                "sp_applier_new",
                counts.pointer,
                count,
                ...pointers,
                stampVariance,
              );
            })),
      ),
  );
}
