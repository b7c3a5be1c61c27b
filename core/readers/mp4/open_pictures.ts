import {
  type ByteSource,
  type CodedVideo,
  type FrameSource,
  type Issue,
  type PictureDecoder,
  type PictureDecoding,
  renderIssue,
  type ReportIssue,
} from "../../base/mod.ts";
import { reorderDepth, withReorder } from "./h264_reorder.ts";
import { nominalFps } from "./info.ts";
import { inspectFile, type SurveyedTrack } from "./inspect.ts";
import { pictureFrames, quarterTurns } from "./picture_frames.ts";
import { pixelFormatOf } from "./pixel_format.ts";
import type { TrackOfFile } from "./track_samples.ts";

/** Options of {@linkcode openMp4Pictures}. */
export interface Mp4PicturesOptions {
  /** Path of the file, for issues. */
  readonly path: string;
  readonly decoder: PictureDecoder;
  /** Receives what is wrong with the file, when it is opened and while it is decoded. */
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came of opening the pictures of a file. */
export type OpenedPictures =
  | { readonly frames: FrameSource }
  /** There is video, but the decoder does not know it: codec and reason. */
  | { readonly codec: string; readonly refusal: string }
  /** There is no video that can be read; why was reported. */
  | undefined;

/**
 * Opens the pictures of the first video track of an MP4 file.
 *
 * Frames have the positions and times that `openMp4` gives them. The source is closed with the frames, or at once
 * when there are none. Damage is reported, never thrown.
 */
export async function openMp4Pictures(
  source: ByteSource,
  { path, decoder, report = () => {}, signal }: Mp4PicturesOptions,
): Promise<OpenedPictures> {
  const log = new DistinctIssues(report);
  const inspected = await inspectFile(source, { path, report: log.add, signal });
  const video = inspected.videos[0];
  if (video === undefined) return void await source.close();
  const { track } = video;
  const file = { source, movie: inspected.movie, track };
  const coded = {
    codec: track.codec,
    width: track.width,
    height: track.height,
    format: pixelFormatOf(track.configuration),
    description: await descriptionOf(file, video, signal),
  };
  const first = decoder.open(coded);
  if (typeof first === "string") {
    await source.close();
    return { codec: track.codec, refusal: first };
  }
  first.close();
  const target = { file, video, path, report: log.add };
  return {
    frames: {
      decoder: decoder.name,
      ...factsOf(video),
      issues: log.issues,
      frames: (options) => pictureFrames(target, () => decodingOf(decoder, coded), options),
      close: () => source.close(),
    },
  };
}

function decodingOf(decoder: PictureDecoder, coded: CodedVideo): PictureDecoding {
  const decoding = decoder.open(coded);
  if (typeof decoding === "string") throw new Error(`Cannot decode again: ${decoding}`);
  return decoding;
}

/** What a decoder is told before the first unit. */
async function descriptionOf(
  file: TrackOfFile,
  { survey }: SurveyedTrack,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  const { configuration } = file.track;
  if (configuration?.box !== "avcC" || !survey.reordered) return configuration?.bytes;
  return withReorder(configuration.bytes, await reorderDepth(file, signal));
}

/** What a frame source says of a track. */
export function factsOf(
  { track, survey }: SurveyedTrack,
): Pick<FrameSource, "codec" | "width" | "height" | "frameCount" | "nominalFps" | "timescale"> {
  const lying = quarterTurns(track) % 180 === 90;
  return {
    codec: track.codec,
    width: lying ? track.height : track.width,
    height: lying ? track.width : track.height,
    frameCount: survey.frames,
    nominalFps: nominalFps(survey, track.timescale),
    timescale: track.timescale,
  };
}

/** Issues of a file that is read several times: each counts once. */
export class DistinctIssues {
  readonly issues: Issue[] = [];
  readonly #seen = new Set<string>();
  readonly #report: ReportIssue;

  constructor(report: ReportIssue) {
    this.#report = report;
  }

  readonly add = (issue: Issue): void => {
    const key = `${issue.code} ${issue.where.byte ?? ""} ${renderIssue(issue)}`;
    if (this.#seen.has(key) || this.#seen.size === MAX_ISSUES) return;
    this.#seen.add(key);
    this.issues.push(issue);
    this.#report(issue);
  };
}

/** Most issues that are kept of one file. */
const MAX_ISSUES = 1000;
