import type { ByteSource, CodedUnit } from "../../base/mod.ts";
import { ByteWindow } from "./byte_window.ts";
import { decodingOrder, type TrackOfFile } from "./track_samples.ts";

/** Bytes read at a time, unless one sample takes more. */
const READ_BYTES = 1 << 18;

/** Most bytes of a sample that are believed: a raw picture of 16 million pixels has 48 million. */
const MAX_SAMPLE_BYTES = 1 << 26;

/** A coded picture with the tick at which it is shown. */
export interface TimedUnit extends CodedUnit {
  readonly pts: number;
}

/** Whether the data of a sample can be handed to a decoder. */
export function isUsable(size: number, available: number): boolean {
  return available === 1 && size > 0 && size <= MAX_SAMPLE_BYTES;
}

/**
 * Yields the coded pictures of a track in decoding order; those whose data are not in the file are left out.
 * The bytes of a unit are valid until the next one is asked for.
 *
 * @param first Number of the sample to start at.
 */
export async function* codedUnits(
  file: TrackOfFile,
  first: number,
  signal?: AbortSignal,
): AsyncGenerator<TimedUnit> {
  const window = new ByteWindow(file.source, file.source.size, READ_BYTES);
  for await (const block of decodingOrder(file, () => {}, signal)) {
    for (let at = 0; at < block.length; at++) {
      const number = block.indices[at]!;
      const size = block.sizes[at]!;
      if (number < first || !isUsable(size, block.available[at]!)) continue;
      const data = await readWhole(file.source, window, block.offsets[at]!, size);
      if (data !== undefined) {
        yield { number, pts: block.pts[at]!, key: block.syncs[at] === 1, data };
      }
    }
  }
}

/** The bytes of a sample; undefined where the file has become shorter since it was opened. */
async function readWhole(
  { size: end }: ByteSource,
  window: ByteWindow,
  offset: number,
  size: number,
): Promise<Uint8Array | undefined> {
  if (!(offset >= 0 && offset + size <= end)) return undefined;
  const data = await window.read(offset, size);
  return data.length === size ? data : undefined;
}
