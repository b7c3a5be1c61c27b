import {
  createIssue,
  type FilePicture,
  type FileVideo,
  type FrameReadOptions,
  type FrameSource,
  NS_PER_SECOND,
  pictureLayout,
  reasonOf,
  type ReportIssue,
  throwIfCancelled,
  type VideoFrame,
} from "../../base/mod.ts";
import { DistinctIssues } from "../mp4/mod.ts";

/** Options of {@linkcode programFrames}. */
export interface ProgramFramesOptions {
  readonly path: string;
  /** Name of the program. */
  readonly decoder: string;
  readonly report: ReportIssue;
}

/** Most lines of pictures whose colours are taken for those of television of standard definition. */
const STANDARD_LINES = 576;

/** The pictures of a file that only a program can open; they are counted as they come. */
export function programFrames(
  video: FileVideo,
  { path, decoder, report }: ProgramFramesOptions,
): FrameSource {
  const log = new DistinctIssues(report);
  const lying = video.rotation % 180 === 90;
  return {
    decoder,
    codec: video.codec,
    width: lying ? video.height : video.width,
    height: lying ? video.width : video.height,
    frameCount: undefined,
    nominalFps: video.nominalFps,
    issues: log.issues,
    frames: (options) => counted(video, path, log.add, options),
    close: () => Promise.resolve(),
  };
}

async function* counted(
  video: FileVideo,
  path: string,
  report: ReportIssue,
  { from = 0, to = Infinity, signal }: FrameReadOptions = {},
): AsyncGenerator<VideoFrame> {
  let index = 0;
  try {
    for await (const picture of video.pictures({ signal })) {
      throwIfCancelled(signal);
      if (index >= to) return;
      if (index >= from) yield toFrame(video, picture, index);
      index++;
    }
  } catch (error) {
    throwIfCancelled(signal);
    report(createIssue("VIDEO_CUT_SHORT", { frames: index, reason: reasonOf(error) }, { path }));
  }
}

function toFrame(video: FileVideo, picture: FilePicture, index: number): VideoFrame {
  const { format, width, height, data } = picture;
  return {
    index,
    timeNs: timeOf(picture),
    format,
    width,
    height,
    data,
    planes: pictureLayout(format, width, height).planes,
    matrix: video.matrix ?? (height <= STANDARD_LINES ? "bt601" : "bt709"),
    fullRange: video.fullRange,
    rotation: video.rotation,
  };
}

/** Time to the nearest ns. */
function timeOf({ ticks, tick: [numerator, denominator] }: FilePicture): bigint | undefined {
  if (ticks === undefined || denominator === 0) return undefined;
  const doubled = 2n * BigInt(ticks) * BigInt(numerator) * NS_PER_SECOND + BigInt(denominator);
  const scale = 2n * BigInt(denominator);
  return (doubled - (((doubled % scale) + scale) % scale)) / scale;
}
