import { firstSequence, readSequence, type SequenceParameters } from "./h264_parameters.ts";
import { decodingOrder, type TrackOfFile } from "./track_samples.ts";

/** Most pictures that may be decoded before one that is shown before them, ITU-T H.264 A.3.1. */
const MAX_DEPTH = 16;

/** Exponent of the longest motion, which limits nothing. */
const LONGEST_MOTION = 15;

/**
 * The configuration with the number of pictures that wait for one that is shown before them.
 *
 * Encoders may leave it away; decoders that do not look ahead then learn it from the pictures, and lose the first
 * that comes out of order. The index tells it beforehand. Unchanged where it is stated or cannot be.
 */
export function withReorder(avcC: Uint8Array, depth: number): Uint8Array {
  const sequence = firstSequence(avcC);
  const parameters = sequence && readSequence(sequence);
  if (sequence === undefined || parameters === undefined || parameters.hasLimits || depth === 0) {
    return avcC;
  }
  const unit = withEscapes(toBytes(limited(sequence, parameters, depth)));
  const length = 1 + unit.length;
  const behind = 8 + ((avcC[6]! << 8) | avcC[7]!);
  if (length > 0xffff) return avcC;
  return Uint8Array.from([
    ...avcC.subarray(0, 6),
    ...[length >> 8, length & 0xff, avcC[8]!],
    ...unit,
    ...avcC.subarray(behind),
  ]);
}

/** Bits of the parameters up to the limits, and limits in their place. */
function limited(
  sequence: Uint8Array,
  { usabilityAt, hasUsability, limitsAt, references }: SequenceParameters,
  depth: number,
): number[] {
  const kept = Array.from(
    { length: hasUsability ? limitsAt : usabilityAt },
    (_, at) => (sequence[at >> 3]! >> (7 - (at & 7))) & 1,
  );
  // Usability information that says nothing else has eight flags before that of the limits.
  const before = hasUsability ? [] : [1, 0, 0, 0, 0, 0, 0, 0, 0];
  const buffered = Math.min(MAX_DEPTH, Math.max(references, depth));
  const motion = [...expGolomb(LONGEST_MOTION), ...expGolomb(LONGEST_MOTION)];
  const sizes = [...expGolomb(0), ...expGolomb(0)];
  const limits = [1, 1, ...sizes, ...motion, ...expGolomb(depth), ...expGolomb(buffered)];
  return [...kept, ...before, ...limits, 1];
}

/** A number as Exp-Golomb code, 9.1. */
function expGolomb(value: number): number[] {
  const digits = [...(value + 1).toString(2)].map(Number);
  return [...Array<number>(digits.length - 1).fill(0), ...digits];
}

function toBytes(bits: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [at, bit] of bits.entries()) bytes[at >> 3]! |= bit << (7 - (at & 7));
  return bytes;
}

/** Puts in the bytes that keep start codes from appearing, 7.4.1. */
function withEscapes(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte <= 3) {
      out.push(3);
      zeros = 0;
    }
    out.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Uint8Array.from(out);
}

/** How many frames are decoded before one that is shown before them, at most. */
export async function reorderDepth(file: TrackOfFile, signal?: AbortSignal): Promise<number> {
  /** The latest times so far, rising. */
  const latest: number[] = [];
  let depth = 0;
  for await (const block of decodingOrder(file, () => {}, signal)) {
    for (let at = 0; at < block.length && depth < MAX_DEPTH; at++) {
      const pts = block.pts[at]!;
      let later = 0;
      while (later < latest.length && latest[latest.length - 1 - later]! > pts) later++;
      depth = Math.max(depth, Math.min(later, MAX_DEPTH));
      latest.splice(latest.length - later, 0, pts);
      if (latest.length > MAX_DEPTH) latest.shift();
    }
  }
  return depth;
}
