import type { Box } from "./boxes.ts";
import type { ByteWindow } from "./byte_window.ts";
import type { SampleDefaults } from "./track.ts";

/** What the header of a track fragment says, 14496-12 8.8.7. */
export interface FragmentHeader {
  readonly trackId: number;
  /** Byte from which data offsets count. */
  readonly base: number;
  readonly defaults: SampleDefaults;
}

/** Flags of `tfhd`. */
const TFHD = { base: 0x1, description: 0x2, duration: 0x8, size: 0x10, flags: 0x20 } as const;

/** Reads `tfhd`. Throws `RangeError` when it is too short. */
export function readFragmentHeader(
  view: DataView,
  moofStart: number,
  defaultsOf: (trackId: number) => SampleDefaults,
): FragmentHeader {
  const flags = view.getUint32(0) & 0xffffff;
  const trackId = view.getUint32(4);
  const defaults = { ...defaultsOf(trackId) };
  let at = 8;
  let base = moofStart;
  if (flags & TFHD.base) {
    base = Number(view.getBigUint64(at));
    at += 8;
  }
  if (flags & TFHD.description) at += 4;
  for (const name of ["duration", "size", "flags"] as const) {
    if ((flags & TFHD[name]) === 0) continue;
    defaults[name] = view.getUint32(at);
    at += 4;
  }
  return { trackId, base, defaults };
}

/** Reads the decoding time of `tfdt`, 8.8.12. Throws `RangeError` when it is too short. */
export function readDecodeTime(view: DataView): number {
  return view.getUint8(0) === 1 ? Number(view.getBigUint64(4)) : view.getUint32(4);
}

/** What the header of a run of samples says, 8.8.8. */
export interface RunHeader {
  readonly count: number;
  /** From the base of the fragment; absent when the run follows the one before. */
  readonly dataOffset: number | undefined;
  readonly firstFlags: number | undefined;
  readonly hasDuration: boolean;
  readonly hasSize: boolean;
  readonly hasFlags: boolean;
  readonly hasOffset: boolean;
  /** Words that each sample takes. */
  readonly words: number;
  /** Byte where the samples start. */
  readonly body: number;
}

/** Reads the header of `trun`. Throws `RangeError` when it is too short. */
export async function readRunHeader(window: ByteWindow, box: Box): Promise<RunHeader> {
  const view = await window.view(box.body, 16);
  const flags = view.getUint32(0) & 0xffffff;
  const dataOffset = flags & 0x1 ? view.getInt32(8) : undefined;
  const afterOffset = flags & 0x1 ? 12 : 8;
  const firstFlags = flags & 0x4 ? view.getUint32(afterOffset) : undefined;
  const fields = [0x100, 0x200, 0x400, 0x800].map((flag) => (flags & flag) !== 0);
  const [hasDuration = false, hasSize = false, hasFlags = false, hasOffset = false] = fields;
  return {
    count: view.getUint32(4),
    dataOffset,
    firstFlags,
    hasDuration,
    hasSize,
    hasFlags,
    hasOffset,
    words: fields.filter(Boolean).length,
    body: box.body + (flags & 0x4 ? afterOffset + 4 : afterOffset),
  };
}
