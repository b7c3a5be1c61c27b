import {
  arrayHead,
  bytesOf,
  element,
  joinBytes,
  MI,
  MX,
  padded,
  tag,
  TAG_BYTES,
} from "./layout.ts";

const ASTRAL_REGEXP = /[\u{10000}-\u{10ffff}]/u;
// deno-lint-ignore no-control-regex
const ASCII_REGEXP = /^[\x00-\x7f]*$/;

/**
 * A char row as a whole array element.
 *
 * ASCII is stored as UTF-8, text of the basic plane as UTF-16, the rest as UTF-32: in each, one stored unit
 * is one character of the array, which is what MATLAB, Octave and SciPy agree on. Half surrogates become
 * U+FFFD.
 */
export function charMatrix(name: string, text: string): Uint8Array {
  const { type, data, count } = encodeText(text);
  const head = arrayHead({ class: MX.char, flags: 0 }, count === 0 ? [0, 0] : [1, count], name);
  const body = element(type, data);
  return joinBytes([tag(MI.matrix, head.length + body.length), head, body]);
}

function encodeText(text: string): { type: number; data: Uint8Array; count: number } {
  if (ASCII_REGEXP.test(text)) {
    return { type: MI.utf8, data: new TextEncoder().encode(text), count: text.length };
  }
  const units = text.replace(/\p{Surrogate}/gu, "\ufffd");
  if (!ASTRAL_REGEXP.test(units)) {
    const data = Uint16Array.from(units, (unit) => unit.charCodeAt(0));
    return { type: MI.utf16, data: bytesOf(data), count: data.length };
  }
  const data = Uint32Array.from(units, (character) => character.codePointAt(0) ?? 0xfffd);
  return { type: MI.utf32, data: bytesOf(data), count: data.length };
}

/** Bytes of flags, dimensions and empty name with all their tags, in front of the data of a cell. */
const CELL_HEAD_BYTES = 2 * TAG_BYTES + 16 + TAG_BYTES;

/**
 * Adds up the size that strings take as cells, which a {@linkcode MatTextColumn} must state beforehand.
 *
 * @example
 * ```ts
 * import { MatTextSizer } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const sizer = new MatTextSizer();
 * sizer.add(["start", "stop"]);
 * assert.deepEqual([sizer.length, sizer.bytes], [2, 64 + 56]);
 * ```
 */
export class MatTextSizer {
  #length = 0;
  #bytes = 0;

  /** Adds the strings of one batch. */
  add(values: readonly string[]): void {
    this.#length += values.length;
    let last = "";
    let bytes = cellBytes(last);
    for (const value of values) {
      if (value !== last) [last, bytes] = [value, cellBytes(value)];
      this.#bytes += bytes;
    }
  }

  /** Number of strings so far. */
  get length(): number {
    return this.#length;
  }

  /** Bytes of their cells so far. */
  get bytes(): number {
    return this.#bytes;
  }
}

/** Size of the cell of a string, equal to that of {@linkcode charMatrix} without a name. */
function cellBytes(text: string): number {
  const data = textBytes(text);
  const isSmall = data >= 1 && data <= 4;
  return TAG_BYTES + CELL_HEAD_BYTES + TAG_BYTES + (isSmall ? 0 : padded(data));
}

function textBytes(text: string): number {
  if (ASCII_REGEXP.test(text)) return text.length;
  if (!ASTRAL_REGEXP.test(text)) return 2 * text.length;
  let characters = 0;
  for (const _ of text) characters++;
  return 4 * characters;
}
