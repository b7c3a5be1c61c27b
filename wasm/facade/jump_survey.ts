import type { Kernel } from "./kernel.ts";
import type { TrackJumps } from "./track.ts";

const MOST = 1 << 15;

/** Jumps of the stamps of a stream, and what was looked at. */
export interface SurveyedJumps extends Required<Omit<TrackJumps, "inHost">> {
  /** Samples so far. */
  readonly count: number;
}

/**
 * Finds where the stamps of a stream jump by more than its spacing and jitter explain, batch by batch in bounded
 * memory. Of more than 32,768 jumps only the larger ones are kept.
 *
 * @example
 * ```ts
 * import { JumpSurvey, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const survey = new JumpSurvey(new Kernel());
 * const jump = (index: number) => index < 500 ? 0n : 2_000_000_000n;
 * survey.add(BigInt64Array.from({ length: 1000 }, (_, i) => BigInt(i) * 10_000_000n + jump(i)));
 * const { rows, sizesNs } = survey.get();
 * assert.deepEqual([...rows, ...sizesNs], [500, 2_000_000_000n]);
 * survey.dispose();
 * ```
 */
export class JumpSurvey {
  readonly #kernel: Kernel;
  readonly #state: number;
  #count = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#state = kernel.call("sp_jumps_new");
  }

  /** Adds the stamps of the next samples in file order, in ns; `MISSING_NS` only counts as a row. */
  add(times: BigInt64Array): void {
    this.#kernel.withBuffer(times.byteLength, (buffer) => {
      this.#kernel.i64(buffer).set(times);
      this.#kernel.call("sp_jumps_add", this.#state, buffer.pointer, times.length);
    });
    this.#count += times.length;
  }

  /** The jumps so far. More stamps may be added afterwards. */
  get(): SurveyedJumps {
    const kernel = this.#kernel;
    const [rows, device, sizes] = [0, 1, 2].map(() => kernel.alloc(8 * MOST)) as [
      ReturnType<Kernel["alloc"]>,
      ReturnType<Kernel["alloc"]>,
      ReturnType<Kernel["alloc"]>,
    ];
    const smallest = kernel.alloc(8);
    try {
      const pointers = [rows, device, sizes].map(({ pointer }) => pointer);
      const found = kernel.call(
        "sp_jumps_get",
        this.#state,
        ...pointers,
        MOST,
        smallest.pointer,
      );
      return {
        rows: kernel.f64(rows).slice(0, found),
        deviceNs: kernel.i64(device).slice(0, found),
        sizesNs: kernel.i64(sizes).slice(0, found),
        smallestNs: kernel.f64(smallest)[0]!,
        count: this.#count,
      };
    } finally {
      for (const buffer of [rows, device, sizes, smallest]) kernel.free(buffer);
    }
  }

  /** Gives the memory back; the survey must not be used afterwards. */
  dispose(): void {
    this.#kernel.call("sp_jumps_free", this.#state);
  }
}
