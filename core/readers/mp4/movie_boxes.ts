import { type Box, boxType } from "./boxes.ts";
import type { ByteWindow } from "./byte_window.ts";
import type { Movie } from "./track.ts";

/** Most bytes of a box that are looked at. */
const LIMIT = 1 << 14;

/** Most tracks whose defaults are kept. */
const MAX_DEFAULTS = 64;

/** Reads a box that belongs to the movie as a whole. Throws `RangeError` when it is too short. */
export async function readMovieBox(window: ByteWindow, box: Box, movie: Movie): Promise<void> {
  const reader = READERS[box.type];
  if (reader === undefined) return;
  reader(await window.view(box.body, Math.min(LIMIT, box.end - box.body)), movie);
}

/** Readers by type of box. */
const READERS: Readonly<Record<string, (view: DataView, movie: Movie) => void>> = {
  ftyp: readFileType,
  mvhd: readMovieHeader,
  trex: readTrackExtends,
  meta: findAndroid,
  udta: findAndroid,
};

function readFileType(view: DataView, movie: Movie): void {
  const brands = [boxType(view, 0)];
  for (let at = 8; at + 4 <= view.byteLength; at += 4) brands.push(boxType(view, at));
  movie.brands = [...new Set(brands)];
}

/** 14496-12 8.2.2. */
function readMovieHeader(view: DataView, movie: Movie): void {
  const long = view.getUint8(0) === 1;
  movie.creation = long ? view.getBigUint64(4) : BigInt(view.getUint32(4));
  movie.timescale = view.getUint32(long ? 20 : 12);
}

/** 8.8.3; what it says holds for fragments of its track. */
function readTrackExtends(view: DataView, movie: Movie): void {
  movie.fragmented = true;
  if (movie.defaults.size === MAX_DEFAULTS) return;
  movie.defaults.set(view.getUint32(4), {
    duration: view.getUint32(12),
    size: view.getUint32(16),
    flags: view.getUint32(20),
  });
}

/** Android's recorder names its version among the metadata keys. */
function findAndroid(view: DataView, movie: Movie): void {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (new TextDecoder("latin1").decode(bytes).includes("com.android.")) movie.android = true;
}
