/** Bytes of known size that are made when they are written, so that large tables need no copy. */
export interface Piece {
  readonly size: number;
  chunks(): Iterable<Uint8Array>;
}

/** Values of a table turned into bytes at a time. */
const TABLE_BLOCK = 16384;

/** A box of ISO/IEC 14496-12: size, type and contents. */
export function box(type: string, ...parts: readonly Piece[]): Piece {
  const size = parts.reduce((sum, part) => sum + part.size, 8);
  return {
    size,
    *chunks() {
      yield* u32(size).chunks();
      yield* text(type).chunks();
      for (const part of parts) yield* part.chunks();
    },
  };
}

/** A box with version and flags. */
export function fullBox(
  type: string,
  version: number,
  flags: number,
  ...parts: readonly Piece[]
): Piece {
  return box(type, u32(version * 0x1000000 + flags), ...parts);
}

/** Bytes as they are. */
export function raw(bytes: Uint8Array): Piece {
  return { size: bytes.length, chunks: () => [bytes] };
}

/** Characters of ASCII, one byte each. */
export function text(characters: string): Piece {
  return raw(Uint8Array.from(characters, (character) => character.charCodeAt(0)));
}

/** Unsigned 16-bit numbers. */
export function u16(...values: readonly number[]): Piece {
  return raw(Uint8Array.from(values.flatMap((value) => [value >> 8, value])));
}

/** Unsigned or two's complement 32-bit numbers. */
export function u32(...values: readonly number[]): Piece {
  return u32Table(values.length, (index) => values[index]!);
}

/** Unsigned or two's complement 64-bit numbers. */
export function u64(...values: readonly bigint[]): Piece {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setBigUint64(8 * index, BigInt.asUintN(64, value)));
  return raw(bytes);
}

/** A table of 32-bit numbers that are asked for one by one. */
export function u32Table(length: number, at: (index: number) => number): Piece {
  return {
    size: 4 * length,
    *chunks() {
      for (let from = 0; from < length; from += TABLE_BLOCK) {
        const view = new DataView(new ArrayBuffer(4 * Math.min(TABLE_BLOCK, length - from)));
        for (let byte = 0; byte < view.byteLength; byte += 4) {
          view.setUint32(byte, at(from + byte / 4) >>> 0);
        }
        yield new Uint8Array(view.buffer);
      }
    },
  };
}
