import type { FrameImage } from "./image.ts";
import { coveredMask, type MaskResult } from "./image_mask.ts";
import type { Kernel, KernelBuffer } from "./kernel.ts";

/**
 * What hands are found by: `color`, colours that are more frequent on what looks like skin than elsewhere, learnt
 * from picture to picture; `contrast`, the reddest or brightest of the classes that each picture falls into.
 */
export type HandCue = "color" | "contrast";

/** Which parts of a picture are taken for hands. */
export interface FinderLimits {
  /** Least and greatest share of the picture. */
  readonly minArea: number;
  readonly maxArea: number;
  readonly minConfidence: number;
  readonly maxHands: number;
}

/** A part of a picture that may be a hand. */
export interface FoundHand extends MaskResult {
  /** How hand-like its shape is, 0 to 1; no probability. */
  readonly confidence: number;
}

const CUES: readonly HandCue[] = ["color", "contrast"];
const LIMIT_FIELDS = 4;
const FACT_FLOATS = 6;

/** Finds hands by colour and shape alone, on a picture reduced to some 320 pixels on its longer side. */
export class HandFinder {
  readonly #kernel: Kernel;
  readonly #cue: HandCue;
  readonly #facts: KernelBuffer;
  readonly #limits: KernelBuffer;
  #state: number;

  constructor(kernel: Kernel, cue: HandCue) {
    this.#kernel = kernel;
    this.#cue = cue;
    this.#facts = kernel.alloc(8 * FACT_FLOATS);
    this.#limits = kernel.alloc(4 * LIMIT_FIELDS);
    this.#state = kernel.call("sp_finder_new");
  }

  /** Finds hands, the most likely first. */
  find(image: FrameImage, limits: FinderLimits): FoundHand[] {
    const kernel = this.#kernel;
    const { minArea, maxArea, minConfidence, maxHands } = limits;
    kernel.f32(this.#limits).set([minArea, maxArea, minConfidence]);
    kernel.u32(this.#limits)[LIMIT_FIELDS - 1] = maxHands;
    const parts = [image.handle, CUES.indexOf(this.#cue), this.#limits.pointer];
    const length = kernel.call("sp_finder_find", this.#state, ...parts);
    return Array.from({ length }, (_, index) => this.#hand(index, image));
  }

  #hand(index: number, { width, height }: FrameImage): FoundHand {
    const kernel = this.#kernel;
    const length = kernel.call("sp_finder_hand", this.#state, index, this.#facts.pointer);
    const pointer = kernel.call("sp_finder_counts", this.#state, index) >>> 0;
    const counts = kernel.u32({ pointer, bytes: 4 * length }).slice();
    const facts = kernel.f64(this.#facts);
    const confidence = facts[FACT_FLOATS - 1] ?? 0;
    return { ...coveredMask({ width, height, counts }, facts), confidence };
  }

  /** Forgets what it learnt. */
  reset(): void {
    this.#kernel.call("sp_finder_free", this.#state);
    this.#state = this.#kernel.call("sp_finder_new");
  }

  /** What it learnt: place and count, in turns, of all counts that are not 0; undefined where it is nothing. */
  save(): number[] | undefined {
    return this.#withCounts((counts) => {
      if (this.#kernel.call("sp_finder_save", this.#state, counts.pointer) === 0) return undefined;
      const pairs: number[] = [];
      this.#kernel.f32(counts).forEach((count, at) => count === 0 || pairs.push(at, count));
      return pairs;
    });
  }

  /** Goes on from what was saved. */
  restore(saved: readonly number[] | undefined): void {
    this.reset();
    if (saved === undefined) return;
    this.#withCounts((counts) => {
      const values = this.#kernel.f32(counts);
      values.fill(0);
      for (let at = 0; at + 1 < saved.length; at += 2) values[saved[at] ?? -1] = saved[at + 1] ?? 0;
      this.#kernel.call("sp_finder_restore", this.#state, counts.pointer);
    });
  }

  #withCounts<Result>(use: (counts: KernelBuffer) => Result): Result {
    return this.#kernel.withBuffer(4 * this.#kernel.call("sp_finder_memory"), use);
  }

  /** Gives the memory back; the finder must not be used afterwards. */
  dispose(): void {
    this.#kernel.call("sp_finder_free", this.#state);
    this.#kernel.free(this.#facts);
    this.#kernel.free(this.#limits);
  }
}
