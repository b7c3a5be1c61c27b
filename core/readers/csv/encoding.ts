/** Encodings of tables that are read. */
export type CsvEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** How the bytes of a table spell text. */
export interface DetectedEncoding {
  readonly encoding: CsvEncoding;
  /** Length of the byte-order mark, which is no part of the text. */
  readonly bomBytes: number;
}

const BYTE_ORDER_MARKS: readonly (readonly [CsvEncoding, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/** Bytes that the check without a mark looks at. */
const SAMPLE_BYTES = 4096;

/** Lines that name columns and units, in which a strange byte is a letter rather than damage. */
const FIRST_LINES = 3;

/** Most lines, as a share, that may hold damaged characters. */
const DAMAGED_SHARE = 0.05;

/** Share of NUL bytes at even or odd places from which text is taken as UTF-16. */
const UTF16_NUL_SHARE = 0.4;

/**
 * Finds the encoding of a table from its first bytes.
 *
 * A byte-order mark decides. Without one, ASCII text in UTF-16 shows as NUL in every second byte. Bytes that
 * are not UTF-8 are damage when they are few and not in the first lines, or stand among others that are
 * UTF-8; else the text is read as Windows-1252, in which the degree and micro signs of Latin-1 are the same.
 *
 * @param head First bytes of the file; may end inside a character.
 *
 * @example
 * ```ts
 * import { detectEncoding } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const marked = Uint8Array.of(0xef, 0xbb, 0xbf, 0x74);
 * assert.deepEqual(detectEncoding(marked), { encoding: "utf-8", bomBytes: 3 });
 * ```
 */
export function detectEncoding(head: Uint8Array): DetectedEncoding {
  for (const [encoding, mark] of BYTE_ORDER_MARKS) {
    if (mark.every((byte, index) => head[index] === byte)) {
      return { encoding, bomBytes: mark.length };
    }
  }
  const wide = detectUtf16(head.subarray(0, SAMPLE_BYTES));
  if (wide !== undefined) return { encoding: wide, bomBytes: 0 };
  const utf8 = isUtf8(head) || isDamagedUtf8(head);
  return { encoding: utf8 ? "utf-8" : "windows-1252", bomBytes: 0 };
}

function detectUtf16(sample: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const nuls = [0, 0];
  for (let index = 0; index < sample.length; index++) if (sample[index] === 0) nuls[index & 1]!++;
  const half = sample.length / 2;
  const [even, odd] = [nuls[0]! / half, nuls[1]! / half];
  if (odd > UTF16_NUL_SHARE && even < odd / 4) return "utf-16le";
  if (even > UTF16_NUL_SHARE && odd < even / 4) return "utf-16be";
  return undefined;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function isDamagedUtf8(bytes: Uint8Array): boolean {
  const lines = new TextDecoder().decode(bytes).split("\n");
  const damaged = lines.flatMap((line, index) => line.includes("\ufffd") ? index : []);
  const rare = damaged[0]! >= FIRST_LINES && damaged.length <= lines.length * DAMAGED_SHARE;
  return rare || lines.some((line) => /[\u0080-\ufffc]/.test(line));
}

/** Bytes of one line feed in an encoding: 1, or 2 in UTF-16. */
export function unitBytes(encoding: CsvEncoding): 1 | 2 {
  return encoding.startsWith("utf-16") ? 2 : 1;
}

/** Name of an encoding for people. */
export function encodingName({ encoding, bomBytes }: DetectedEncoding): string {
  const names: Record<CsvEncoding, string> = {
    "utf-8": "UTF-8",
    "utf-16le": "UTF-16 (little-endian)",
    "utf-16be": "UTF-16 (big-endian)",
    "windows-1252": "Windows-1252",
  };
  return names[encoding] + (bomBytes > 0 ? " with a byte-order mark" : "");
}

/** Turns the bytes of a table into UTF-8 chunk by chunk, holding at most one cut character. */
export class Utf8Transcoder {
  readonly #decoder: TextDecoder | undefined;
  readonly #encoder = new TextEncoder();

  constructor(encoding: CsvEncoding) {
    if (encoding === "utf-8") return;
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
  }

  /** The chunk in UTF-8: the chunk itself when it is in UTF-8 already. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#decoder === undefined) return chunk;
    return this.#encoder.encode(this.#decoder.decode(chunk, { stream: true }));
  }

  /** What a cut character at the end of the file leaves. */
  end(): Uint8Array {
    return this.#encoder.encode(this.#decoder?.decode() ?? "");
  }
}
