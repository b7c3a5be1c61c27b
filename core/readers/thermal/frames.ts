import { type ByteSource, MISSING_NS, NS_PER_MS, throwIfCancelled } from "../../base/mod.ts";
import type { ThermalHeader } from "./header.ts";

/** Bytes of the time before the pixels of a frame. */
const TIME_BYTES = 8;

/** Bytes that are read at a time, unless one frame takes more. */
const READ_BYTES = 1 << 20;

/** Times beyond this many ms from 1970 do not fit 64 bits in ns. */
const MAX_MS = (2n ** 63n - 1n) / NS_PER_MS;

/** One frame as recorded. */
export interface FrameRecord {
  /** From 0. */
  readonly index: number;
  /** On the clock of the phone in ns since 1970; `MISSING_NS` when it cannot be a time. */
  readonly timeNs: bigint;
  /** Little-endian 16-bit values, row by row. Valid until the next frame is asked for. */
  readonly pixels: Uint8Array;
}

/** Bytes of one frame with its time. */
function frameBytes({ width, height }: ThermalHeader): number {
  return TIME_BYTES + 2 * width * height;
}

/** Number of whole frames, and bytes left behind the last. */
export function countFrames(
  source: ByteSource,
  header: ThermalHeader,
): { readonly frames: number; readonly left: number } {
  const bytes = source.size - header.body;
  const frames = Math.floor(bytes / frameBytes(header));
  return { frames, left: bytes - frames * frameBytes(header) };
}

/** Yields the whole frames of a file from a position on, reading several at a time. */
export async function* readFrames(
  source: ByteSource,
  header: ThermalHeader,
  signal?: AbortSignal,
  from = 0,
): AsyncGenerator<FrameRecord> {
  const step = frameBytes(header);
  const { frames } = countFrames(source, header);
  const perRead = Math.max(1, Math.floor(READ_BYTES / step));
  for (let first = from; first < frames; first += perRead) {
    throwIfCancelled(signal);
    const count = Math.min(perRead, frames - first);
    const bytes = await source.read(header.body + first * step, count * step);
    for (let nth = 0; nth < Math.floor(bytes.length / step); nth++) {
      yield readRecord(bytes.subarray(nth * step, (nth + 1) * step), first + nth);
    }
    if (bytes.length < count * step) return;
  }
}

function readRecord(bytes: Uint8Array, index: number): FrameRecord {
  const ms = new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0);
  const fits = ms <= MAX_MS && ms >= -MAX_MS;
  const timeNs = fits ? ms * NS_PER_MS : MISSING_NS;
  return { index, timeNs, pixels: bytes.subarray(TIME_BYTES) };
}
