import type { FolderSource } from "../base/mod.ts";
import { creationAnchor, readMp4Info } from "../readers/mod.ts";
import type { Stream, StreamAnchor } from "../session/mod.ts";
import type { VideoFacts } from "../validation/mod.ts";

/** What the index of a video says of one of its tracks, and the absolute time that it tells. */
export interface VideoScan {
  readonly video?: VideoFacts;
  readonly anchors?: readonly StreamAnchor[];
}

/** Reads the facts of the video track with the given number among the video tracks of the file. */
export async function videoFacts(
  stream: Stream,
  index: number,
  { folder, signal }: { readonly folder: FolderSource; readonly signal?: AbortSignal | undefined },
): Promise<VideoScan> {
  const source = await folder.open(stream.path);
  try {
    // What is wrong with the file was reported when its stream was opened.
    const info = await readMp4Info(source, { path: stream.path, signal });
    const track = info.tracks.filter(({ kind }) => kind === "video")[index];
    if (track === undefined) return {};
    const { codec, frames, durationSeconds, nominalFps, constantRate } = track;
    const { creationUtcNs } = info;
    const anchor = creationAnchor(info, { device: stream.host });
    return {
      video: {
        codec,
        frames,
        durationSeconds,
        nominalFps,
        constantRate,
        ...(creationUtcNs === undefined ? {} : { creationUtcNs }),
      },
      ...(anchor === undefined ? {} : { anchors: [anchor] }),
    };
  } finally {
    await source.close();
  }
}
