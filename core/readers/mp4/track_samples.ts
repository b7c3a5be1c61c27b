import { type ByteSource, throwIfCancelled } from "../../base/mod.ts";
import type { ReportBox } from "./boxes.ts";
import { FragmentSamples } from "./fragment_samples.ts";
import { SampleBlock } from "./sample_block.ts";
import { TableSamples } from "./table_samples.ts";
import type { Movie, Track } from "./track.ts";

/** A track of a file whose samples are to be read. */
export interface TrackOfFile {
  readonly source: ByteSource;
  readonly movie: Movie;
  readonly track: Track;
}

/** Yields all samples of a track in decoding order: those of the tables, then those of fragments. */
export async function* decodingOrder(
  { source, movie, track }: TrackOfFile,
  report: ReportBox,
  signal?: AbortSignal,
): AsyncGenerator<SampleBlock> {
  const block = new SampleBlock();
  const listed = new TableSamples(source, track);
  while (await listed.fill(block)) {
    throwIfCancelled(signal);
    yield block;
    block.length = 0;
  }
  if (listed.index < track.sampleCount) {
    const reason = `tables list ${listed.index} of the ${track.sampleCount} samples they announce`;
    report("stbl", reason, 0);
  }
  const start = { index: listed.index, tick: listed.endTick };
  if (movie.fragmented) {
    yield* new FragmentSamples(source, movie, track, report, block, start).blocks();
  } else if (block.length > 0) yield block;
}
