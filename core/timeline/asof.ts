import {
  joinGridTicks,
  joinOneToOne,
  type Kernel,
  type KernelJoin,
  KernelJoiner,
} from "../../wasm/mod.ts";
import { MISSING_NS } from "../base/mod.ts";
import { type AsofMatches, type AsofOptions, kernelJoin, type Matches } from "./asof_options.ts";
import { distanceSigmas } from "./distance_sigmas.ts";
import { countOf, type Grid, timesOf } from "./grid.ts";
import { groupRows } from "./groups.ts";
import { passInTurn } from "./in_turn.ts";

/**
 * Matches each time on the left with a time on the right, both in ns on the same clock and sorted.
 *
 * A side may also be a grid, whose times are calculated and never stored: two grids whose ticks are whole ns apart
 * are joined several times as fast as arrays. Integers keep it exact: tolerance is inclusive and zero is a tolerance. `MISSING_NS` matches nothing. Throws
 * `RangeError` when a side is not sorted, a limit is negative, or what is to be refused occurs.
 *
 * @example
 * ```ts
 * import { asofJoin, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const kernel = new Kernel();
 * const samples = BigInt64Array.of(10n, 20n, 30n);
 * const { indexes } = asofJoin(BigInt64Array.of(5n, 24n, 30n), samples, { kernel });
 * assert.deepEqual(indexes, Int32Array.of(-1, 1, 2));
 *
 * const frames = BigInt64Array.of(19n, 21n, 33n);
 * const matches = asofJoin(frames, samples, {
 *   kernel,
 *   direction: "nearest",
 *   toleranceNs: 5n,
 *   oneToOne: true,
 *   sigmas: { left: Float64Array.of(3, 3, 3), right: Float64Array.of(4, 4, 4) },
 * });
 * assert.deepEqual(matches.indexes, Int32Array.of(1, -1, 2));
 * assert.deepEqual(matches.distances.slice(2), BigInt64Array.of(-3n));
 * assert.deepEqual(matches.sigmas, Float64Array.of(5, NaN, 5));
 * ```
 */
export function asofJoin(
  left: BigInt64Array | Grid,
  right: BigInt64Array | Grid,
  options: AsofOptions,
): AsofMatches {
  const { kernel, by, sigmas, oneToOne = false, withDistances = true } = options;
  const length = countOf(left);
  const matches = room(length, withDistances, options.into);
  const join = kernelJoin(options, by !== undefined || withDistances);
  if (oneToOne) {
    const [one, other] = [timesOf(kernel, left), timesOf(kernel, right)];
    joinOnce(kernel, one, other, by, join, matches);
  } else if (by !== undefined) {
    const [one, other] = [timesOf(kernel, left), timesOf(kernel, right)];
    joinGroups(one, other, by, (...sides) => joinInOrder(kernel, join, ...sides), matches);
  } else if (
    left instanceof BigInt64Array || right instanceof BigInt64Array ||
    !joinGridTicks(kernel, join, left, right, matches)
  ) {
    joinInOrder(kernel, join, left, right, matches);
  }
  if (sigmas === undefined) return matches;
  return { ...matches, sigmas: distanceSigmas(matches.indexes, length, sigmas) };
}

function joinOnce(
  kernel: Kernel,
  left: BigInt64Array,
  right: BigInt64Array,
  by: AsofOptions["by"],
  join: KernelJoin,
  matches: Matches,
): void {
  if (join.outside !== "null") {
    throw new RangeError(
      `Cannot use a right row once and also hold the ends: current choice is ${join.outside}`,
    );
  }
  if (by === undefined) joinOneToOne(kernel, join, left, right, matches);
  else joinGroups(left, right, by, (...sides) => joinOneToOne(kernel, join, ...sides), matches);
}

function room(length: number, withDistances: boolean, into?: Matches): Matches {
  const indexes = into?.indexes ?? new Int32Array(length);
  if (!withDistances) return { indexes, distances: new BigInt64Array(0) };
  const distances = into?.distances ?? new BigInt64Array(length);
  const least = Math.min(indexes.length, distances.length);
  if (least < length) {
    throw new RangeError(`Cannot write ${length} matches: current room is ${least}`);
  }
  return into ?? { indexes, distances };
}

function joinInOrder(
  kernel: Kernel,
  join: KernelJoin,
  left: BigInt64Array | Grid,
  right: BigInt64Array | Grid,
  { indexes, distances }: Matches,
): void {
  const joiner = new KernelJoiner(kernel, join);
  try {
    passInTurn({
      sides: joiner.sides,
      wanted: left,
      keys: right,
      settle: (row) => {
        const found = joiner.advance();
        indexes.set(found.indexes, row);
        if (join.withDistances) distances.set(found.distances, row);
        return found.indexes.length;
      },
    });
  } finally {
    joiner.dispose();
  }
}

/** Joins the rows of each label for themselves. */
function joinGroups(
  left: BigInt64Array,
  right: BigInt64Array,
  by: NonNullable<AsofOptions["by"]>,
  join: (left: BigInt64Array, right: BigInt64Array, into: Matches) => void,
  matches: Matches,
): void {
  if (by.left.length !== left.length || by.right.length !== right.length) {
    throw new RangeError(
      `Cannot join ${left.length} and ${right.length} times by labels: current numbers are ` +
        `${by.left.length} and ${by.right.length}`,
    );
  }
  const groups = groupRows(by.right);
  for (const [label, rows] of groupRows(by.left)) {
    const others = groups.get(label) ?? new Uint32Array(0);
    const part = room(rows.length, true);
    join(
      BigInt64Array.from(rows, (row) => left[row]!),
      BigInt64Array.from(others, (row) => right[row]!),
      part,
    );
    for (const [place, row] of rows.entries()) {
      const index = part.indexes[place]!;
      matches.indexes[row] = index < 0 ? -1 : others[index]!;
      // Nothing is written past the end of distances that are not wanted.
      matches.distances[row] = index < 0 ? MISSING_NS : part.distances[place]!;
    }
  }
}
