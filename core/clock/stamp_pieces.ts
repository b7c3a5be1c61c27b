import type { TimeNs } from "../base/mod.ts";
import type { StampJumps } from "./model.ts";

/** Samples behind a lasting jump of their stamps. */
export interface StampPiece {
  /** Index of the first of them. */
  readonly row: number;
  /** Its stamp. */
  readonly startNs: TimeNs;
  /** The stamp that it would have, had the stamps of the piece before run on. */
  readonly beforeNs: TimeNs;
  /** How much more than usual the stamps advanced, negative when they went back. */
  readonly sizeNs: number;
}

/** Jumps smaller than this are left to the readings, ns. */
const LEAST_NS = 2e7;
/** Jumps are larger than this many times the smallest that a survey finds. */
const CLEARLY = 4;
/** Fewer samples between two jumps are garbled stamps. */
const FEWEST = 3;
/** Stamps that are back on their line after no more samples than this were written in another order, not set. */
const MOST_SHUFFLED = 64;

/**
 * Divides a stream where its stamps jump and stay where they jumped to. What garbled stamps and samples in another order
 * make is left out.
 */
export function piecesOf(
  { rows, deviceNs, sizesNs, smallestNs = 0, count }: StampJumps,
): StampPiece[] {
  const least = Math.max(LEAST_NS, CLEARLY * smallestNs);
  const large: number[] = [];
  for (const [index, size] of sizesNs.entries()) {
    if (Math.abs(Number(size)) >= least) large.push(index);
  }
  const pieces: StampPiece[] = [];
  let [level, settled] = [0, 0];
  for (const [place, index] of large.entries()) {
    level += Number(sizesNs[index]!);
    const nextRow = place + 1 < large.length ? rows[large[place + 1]!]! : count ?? Infinity;
    if (nextRow - rows[index]! < FEWEST) continue;
    const sizeNs = level - settled;
    if (Math.abs(sizeNs) < least) continue;
    const startNs = deviceNs[index]!;
    const beforeNs = inRange(startNs - BigInt(Math.round(sizeNs)));
    pieces.push({ row: rows[index]!, startNs, beforeNs, sizeNs });
    settled = level;
  }
  return withoutShuffled(pieces, least);
}

/** Leaves out jumps that soon take each other back. */
function withoutShuffled(pieces: readonly StampPiece[], tolerance: number): StampPiece[] {
  const kept: StampPiece[] = [];
  for (let first = 0; first < pieces.length; first++) {
    const { row } = pieces[first]!;
    let [sum, back] = [0, -1];
    for (let last = first; last < pieces.length; last++) {
      if (pieces[last]!.row - row > MOST_SHUFFLED) break;
      sum += pieces[last]!.sizeNs;
      if (Math.abs(sum) < tolerance) back = last;
    }
    if (back < 0) kept.push(pieces[first]!);
    else first = back;
  }
  return kept;
}

const LARGEST_NS = 2n ** 63n - 1n;

/** A time as near as 64 bits hold. */
export function inRange(time: TimeNs): TimeNs {
  return time > LARGEST_NS ? LARGEST_NS : time < -LARGEST_NS ? -LARGEST_NS : time;
}
