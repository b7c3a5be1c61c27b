import { rootSumSquares } from "../base/mod.ts";
import { type Kernel, KernelJoiner } from "../../wasm/mod.ts";
import { type AsofMatches, kernelJoin, type MatchOptions } from "./asof_options.ts";
import { SigmaWindow } from "./sigma_window.ts";

/** Options of {@linkcode AsofJoiner}. */
export interface AsofJoinerOptions extends MatchOptions {
  readonly kernel: Kernel;
}

/** Matches of consecutive left times. */
export interface AsofPart extends AsofMatches {
  /** Index of the first of these left times in all that were pushed. */
  readonly firstRow: number;
}

/**
 * Joins two sides as {@linkcode asofJoin} does while they come in. Results are the same whatever the chunks.
 *
 * It holds the left times whose match is not certain yet and the right times that may still be matched: push each
 * side no further ahead of the other than memory allows. Indexes count all right times that were pushed, at most
 * 2^31 - 1. Throws `RangeError` as {@linkcode asofJoin} does, and when uncertainties are given for some chunks of
 * a side only.
 *
 * @example
 * ```ts
 * import { AsofJoiner, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const joiner = new AsofJoiner({ kernel: new Kernel(), direction: "nearest", toleranceNs: 4n });
 * joiner.pushRight(BigInt64Array.of(10n, 20n));
 * // Nothing is nearer to 12 than 10, but a later right time may be nearer to 23 than 20.
 * const first = joiner.pushLeft(BigInt64Array.of(12n, 23n));
 * assert.deepEqual([first.firstRow, first.indexes], [0, Int32Array.of(0)]);
 * const second = joiner.pushRight(BigInt64Array.of(22n, 30n));
 * assert.deepEqual([second.firstRow, second.indexes], [1, Int32Array.of(2)]);
 * joiner.dispose();
 * ```
 */
export class AsofJoiner {
  readonly #joiner: KernelJoiner;
  readonly #left: SigmaWindow;
  readonly #right: SigmaWindow;
  #settled = 0;

  constructor(options: AsofJoinerOptions) {
    this.#joiner = new KernelJoiner(options.kernel, kernelJoin(options));
    this.#left = new SigmaWindow("left");
    this.#right = new SigmaWindow("right");
  }

  /** Adds left times, with uncertainties in ns, and returns what is certain by now. */
  pushLeft(times: BigInt64Array, sigmas?: Float64Array): AsofPart {
    this.#joiner.sides.addWanted(times);
    this.#left.push(times.length, sigmas);
    return this.#advance();
  }

  /** Adds right times, with uncertainties in ns, and returns what is certain by now. */
  pushRight(times: BigInt64Array, sigmas?: Float64Array): AsofPart {
    this.#joiner.sides.addKeys(times);
    this.#right.push(times.length, sigmas);
    return this.#advance();
  }

  /** Says that the right side is complete, and returns what is certain by now. */
  endRight(): AsofPart {
    this.#joiner.sides.endKeys();
    return this.#advance();
  }

  #advance(): AsofPart {
    const found = this.#joiner.advance();
    const [indexes, distances] = [found.indexes.slice(), found.distances.slice()];
    const firstRow = this.#settled;
    this.#settled += indexes.length;
    const part = { firstRow, indexes, distances };
    return this.#left.isUsed || this.#right.isUsed ? { ...part, sigmas: this.#sigmas(part) } : part;
  }

  #sigmas({ firstRow, indexes }: AsofPart): Float64Array {
    const sigmas = new Float64Array(indexes.length);
    for (const [place, index] of indexes.entries()) {
      sigmas[place] = index < 0
        ? NaN
        : rootSumSquares(this.#left.at(firstRow + place), this.#right.at(index));
    }
    // Matches never go back.
    const last = indexes.findLast((index) => index >= 0);
    if (last !== undefined) this.#right.forgetBefore(last);
    this.#left.forgetBefore(this.#settled);
    return sigmas;
  }

  /** Gives the memory back; the joiner must not be used afterwards. */
  dispose(): void {
    this.#joiner.dispose();
  }
}
