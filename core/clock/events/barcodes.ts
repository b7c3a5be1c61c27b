import type { EventTrain } from "./match_events.ts";

/** A line that two levels were recorded of, as its changes. */
export interface BarcodeLevels {
  /** Time of each change in ns, ascending. */
  readonly timesNs: BigInt64Array;
  /** Level from then on: 1 high, 0 low. Changes to the level that it had already are passed over. */
  readonly levels: Uint8Array;
}

/** How bar codes are written on a line. */
export interface BarcodeFormat {
  /** Length of one bit in ns. */
  readonly bitNs: number;
  /** Bits of a word. @default {32} */
  readonly bits?: number;
  /** Lengths of what stands before the bits, high and low by turns beginning with high. @default {[bitNs]} */
  readonly startNs?: readonly number[];
  /** Lengths of what stands after the bits, likewise beginning with high. @default {[]} */
  readonly endNs?: readonly number[];
  /** Which bit comes first. @default {"least"} */
  readonly first?: "least" | "most";
  /** Time for which the line is low before a word. @default {2 * bitNs} */
  readonly idleNs?: number;
  /** How far a change may lie from where it belongs, as a share of the length of a bit. @default {0.25} */
  readonly tolerance?: number;
}

/** Words of a line, each an event by itself: its label is the word. */
export interface Barcodes extends EventTrain {
  /** Words as decimal numbers. */
  readonly labels: readonly string[];
  /** Rising edges after an idle line at which no whole word stood. */
  readonly damaged: number;
}

/**
 * Decodes bar codes, which say of each pulse train which one it is, from the changes of a line.
 *
 * A word begins with a rising edge after an idle line, has its start, its bits, each high or low for one length, and
 * its end. Every change must lie near where two bits meet, else the word is damaged and left out. The time of a word
 * is that of its first edge.
 *
 * @example
 * ```ts
 * import { decodeBarcodes } from "session-process";
 * import assert from "node:assert/strict";
 *
 * // A start bit and the word 0b0101, its least bit first: high for 2 ms, low, high, low.
 * const line = {
 *   timesNs: BigInt64Array.of(5_000_000n, 7_000_000n, 8_000_000n, 9_000_000n),
 *   levels: Uint8Array.of(1, 0, 1, 0),
 * };
 * const { labels, timesNs } = decodeBarcodes(line, { bitNs: 1e6, bits: 4 });
 * assert.deepEqual([labels, timesNs[0]], [["5"], 5_000_000n]);
 * ```
 */
export function decodeBarcodes(line: BarcodeLevels, format: BarcodeFormat): Barcodes {
  const layout = layoutOf(format);
  const { times, levels } = changesOf(line);
  const words: { readonly timeNs: bigint; readonly word: string }[] = [];
  let damaged = 0;
  for (let edge = 0; edge < times.length;) {
    const idle = edge === 0 || Number(times[edge]! - times[edge - 1]!) >= layout.idleNs;
    const word = levels[edge] === 1 && idle ? readWord(times, levels, edge, layout) : undefined;
    if (levels[edge] === 1 && idle && word === undefined) damaged++;
    if (word !== undefined) words.push({ timeNs: times[edge]!, word: word.value });
    edge = word?.next ?? edge + 1;
  }
  return {
    timesNs: BigInt64Array.from(words, ({ timeNs }) => timeNs),
    labels: words.map(({ word }) => word),
    damaged,
  };
}

/** Where levels may change within a word, from its first edge on in ns, and what is read between. */
interface Layout {
  readonly idleNs: number;
  readonly toleranceNs: number;
  /** Length of each piece. */
  readonly pieces: readonly number[];
  /** Level of each piece, undefined for a bit. */
  readonly levels: readonly (number | undefined)[];
  readonly mostFirst: boolean;
}

function layoutOf({
  bitNs,
  bits = 32,
  startNs = [bitNs],
  endNs = [],
  first = "least",
  idleNs = 2 * bitNs,
  tolerance = 0.25,
}: BarcodeFormat): Layout {
  if (!(bitNs > 0)) {
    throw new RangeError(`Length of a bit must be positive: current value is ${bitNs}`);
  }
  if (!(Number.isInteger(bits) && bits > 0 && bits <= 64)) {
    throw new RangeError(`Word must have 1 to 64 bits: current value is ${bits}`);
  }
  const byTurns = (_: number, index: number) => 1 - index % 2;
  return {
    idleNs,
    toleranceNs: tolerance * bitNs,
    pieces: [...startNs, ...Array<number>(bits).fill(bitNs), ...endNs],
    levels: [...startNs.map(byTurns), ...Array<undefined>(bits), ...endNs.map(byTurns)],
    mostFirst: first === "most",
  };
}

/** The changes that are changes. */
function changesOf({ timesNs, levels }: BarcodeLevels) {
  const kept = Array.from(levels.keys()).filter((index) =>
    (levels[index] === 0 ? 0 : 1) !== (index === 0 || levels[index - 1] === 0 ? 0 : 1)
  );
  return {
    times: kept.map((index) => timesNs[index]!),
    levels: kept.map((index) => levels[index] === 0 ? 0 : 1),
  };
}

/** The word that begins at an edge, and the first change after it. */
function readWord(
  times: readonly bigint[],
  levels: readonly number[],
  start: number,
  { pieces, levels: wanted, toleranceNs, mostFirst }: Layout,
): { readonly value: string; readonly next: number } | undefined {
  const originNs = times[start]!;
  const after = (edge: number) => edge < times.length ? Number(times[edge]! - originNs) : Infinity;
  const bits: number[] = [];
  let edge = start;
  let begin = 0;
  for (const [index, length] of pieces.entries()) {
    // The change at the beginning of the piece belongs to it, a change in its middle to nothing.
    while (after(edge + 1) <= begin + toleranceNs) edge++;
    if (after(edge + 1) < begin + length - toleranceNs) return undefined;
    const level = levels[edge]!;
    const needed = wanted[index];
    if (needed === undefined) bits.push(level);
    else if (needed !== level) return undefined;
    begin += length;
  }
  // The line falls when the last piece is over.
  while (after(edge + 1) <= begin + toleranceNs) edge++;
  if (levels[edge] !== 0) return undefined;
  const ordered = mostFirst ? bits : bits.toReversed();
  return { value: BigInt(`0b${ordered.join("")}`).toString(), next: edge + 1 };
}
