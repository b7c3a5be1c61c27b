import { type ByteSource, throwIfCancelled } from "../../base/mod.ts";
import { type Box, type ReportBox, walkBoxes } from "./boxes.ts";
import { ByteWindow } from "./byte_window.ts";
import { readMovieBox } from "./movie_boxes.ts";
import { emptyMovie, emptyTrack, type Movie, type Track } from "./track.ts";
import { isTrackBox, readTrackBox } from "./track_boxes.ts";

/** Bytes read at a time while walking over the boxes of the file: media data are skipped unread. */
const HEADER_BLOCK = 32;

/** Bytes read at a time inside the index. */
const INDEX_BLOCK = 1 << 14;

/** Boxes that hold nothing but boxes. */
const CONTAINERS: ReadonlySet<string> = new Set([
  "moov",
  "trak",
  "mdia",
  "minf",
  "stbl",
  "edts",
  "mvex",
]);

/** Most tracks that are kept of a file. */
const MAX_TRACKS = 64;

/** Reads the index of a file without its tables and without its media data. */
export async function parseMovie(
  source: ByteSource,
  report: ReportBox,
  signal?: AbortSignal,
): Promise<Movie> {
  const movie = emptyMovie();
  const outline = new ByteWindow(source, source.size, HEADER_BLOCK);
  for await (const box of walkBoxes(outline, 0, source.size, report)) {
    throwIfCancelled(signal);
    if (box.type === "moof") {
      movie.fragmented = true;
      if (movie.found) break; // what follows are fragments
    }
    if (box.type !== "moov" && box.type !== "ftyp") continue;
    if (box.cut) report(box.type, "it goes on behind the end of the file", box.start);
    const window = new ByteWindow(source, box.end, INDEX_BLOCK);
    if (box.type === "moov") movie.found = true;
    await visit({ movie, window, report, track: undefined }, box);
  }
  return movie;
}

/** What is at hand while the boxes of the index are visited. */
interface Visit {
  readonly movie: Movie;
  readonly window: ByteWindow;
  readonly report: ReportBox;
  /** Track that the box belongs to. */
  readonly track: Track | undefined;
}

async function visit(state: Visit, box: Box): Promise<void> {
  const { movie, window, report } = state;
  if (!CONTAINERS.has(box.type)) return await readLeaf(state, box);
  let track = state.track;
  if (box.type === "trak") {
    if (movie.tracks.length === MAX_TRACKS) return report("trak", "too many tracks", box.start);
    track = emptyTrack();
    movie.tracks.push(track);
  }
  for await (const child of walkBoxes(window, box.body, box.end, report)) {
    if (child.cut) report(child.type, `it goes on behind the end of ${box.type}`, child.start);
    if (mayNest(child.type, box.type)) await visit({ ...state, track }, child);
  }
}

/** Containers nest in one order only; damaged ones must not lead ever deeper. */
function mayNest(child: string, parent: string): boolean {
  const order = [...CONTAINERS];
  return !CONTAINERS.has(child) || order.indexOf(child) > order.indexOf(parent);
}

async function readLeaf({ movie, window, report, track }: Visit, box: Box): Promise<void> {
  try {
    if (track === undefined) await readMovieBox(window, box, movie);
    else if (isTrackBox(box.type)) await readTrackBox(window, box, track, report);
  } catch (thrown) {
    // A view that ends early throws RangeError: the box is shorter than its contents.
    if (!(thrown instanceof RangeError)) throw thrown;
    report(box.type, "contents are cut off or damaged", box.start);
  }
}
