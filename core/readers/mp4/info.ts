import { type ByteSource, NS_PER_SECOND } from "../../base/mod.ts";
import {
  hasConstantRate,
  type InspectedFile,
  inspectFile,
  type Mp4InfoOptions,
} from "./inspect.ts";
import { editShift, shiftSeconds } from "./media_time.ts";
import type { Movie, Track } from "./track.ts";
import type { TrackSurvey } from "./survey.ts";

/** What a track holds. */
export type TrackKind = "video" | "audio" | "other";

/** What the index of a file says of one track. */
export interface TrackInfo {
  readonly id: number;
  readonly kind: TrackKind;
  /** As in RFC 6381, such as `avc1.42c00a`. */
  readonly codec: string;
  /** Size of the coded picture before it is turned; 0 unless video. */
  readonly width: number;
  readonly height: number;
  /** Clockwise turn in degrees that players are told to make. */
  readonly rotation: number;
  /** Samples: frames of video. */
  readonly frames: number;
  /** Frames whose data lie behind the end of the file. */
  readonly missingFrames: number;
  /** From the presentation of the first frame to the end of the last. */
  readonly durationSeconds: number;
  /** Presentation time of the first frame from the start of the file; NaN unless video. */
  readonly startSeconds: number;
  /** Ticks per second. */
  readonly timescale: number;
  /** All frames are equally far apart, to the tick. */
  readonly constantRate: boolean;
  /** One over the median interval of the first frames, or over the mean one when all are equal; NaN unless known. */
  readonly nominalFps: number;
  /** Frames that share the presentation time of the one before. */
  readonly duplicateTimes: number;
  /** Frames are decoded in another order than they are shown. */
  readonly reordered: boolean;
}

/** What the index of an MP4 file says. */
export interface VideoInfo {
  /** Major brand, then compatible ones. */
  readonly brands: readonly string[];
  readonly fragmented: boolean;
  /** Creation time of the file header in ns since 1970 UTC, good to a second; absent when it was left empty or makes no sense. */
  readonly creationUtcNs?: bigint;
  /** What the creation time marks: Android's recorder writes the end, others mostly the start. */
  readonly creationMarks: "end" | "unknown";
  readonly tracks: readonly TrackInfo[];
}

/** Seconds from 1904-01-01, where MP4 counts from, to 1970-01-01. */
const MP4_EPOCH_SECONDS = 2_082_844_800n;

/** Seconds since 1970 whose ns fit 64 bits. */
const MAX_SECONDS = (2n ** 63n - 1n) / NS_PER_SECOND;

/**
 * Reads what the index of an MP4 file says: tracks, codecs, sizes, rates, creation time.
 *
 * Media data are never read, so that the cost depends on the number of frames and not on the size of
 * the file; memory does not depend on either. Damage is reported, never thrown.
 *
 * @example
 * ```ts
 * import { bytesSource, readMp4Info } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const issues: string[] = [];
 * const info = await readMp4Info(bytesSource(new TextEncoder().encode("no video")), {
 *   report: (issue) => issues.push(issue.code),
 * });
 * assert.equal(info.tracks.length, 0);
 * assert.ok(issues.includes("MP4_NO_MOOV"));
 * ```
 */
export async function readMp4Info(
  source: ByteSource,
  options: Mp4InfoOptions = {},
): Promise<VideoInfo> {
  return describeFile(await inspectFile(source, options));
}

/** Puts what was found into words that outlive the reading. */
export function describeFile({ movie, videos }: InspectedFile): VideoInfo {
  const surveys = new Map(videos.map(({ track, survey }) => [track, survey]));
  return {
    brands: movie.brands,
    fragmented: movie.fragmented,
    ...creationOf(movie),
    creationMarks: movie.android ? "end" : "unknown",
    tracks: movie.tracks.map((track) => describeTrack(movie, track, surveys.get(track))),
  };
}

function creationOf({ creation = 0n }: Movie): { creationUtcNs?: bigint } {
  const seconds = creation - MP4_EPOCH_SECONDS;
  // Before 1970 there were no such files, and after 2262 ns do not fit 64 bits: damage, or another epoch.
  if (seconds <= 0n || seconds > MAX_SECONDS) return {};
  return { creationUtcNs: seconds * NS_PER_SECOND };
}

function describeTrack(movie: Movie, track: Track, survey: TrackSurvey | undefined): TrackInfo {
  const { id, codec, width, height, rotation, timescale } = track;
  const facts = { id, kind: kindOf(track), codec, width, height, rotation, timescale };
  if (survey === undefined) {
    return {
      ...facts,
      frames: track.sampleCount,
      missingFrames: 0,
      durationSeconds: timescale > 0 ? track.duration / timescale : NaN,
      startSeconds: NaN,
      constantRate: false,
      nominalFps: NaN,
      duplicateTimes: 0,
      reordered: false,
    };
  }
  const shift = shiftSeconds(editShift(track.edits, movie.timescale), timescale);
  return {
    ...facts,
    frames: survey.frames,
    missingFrames: survey.missing,
    durationSeconds: (survey.end - survey.first) / timescale,
    startSeconds: survey.frames > 0 ? survey.first / timescale + shift : NaN,
    constantRate: hasConstantRate(survey),
    nominalFps: nominalFps(survey, timescale),
    duplicateTimes: survey.duplicates,
    reordered: survey.reordered,
  };
}

/** Frames per second that the recorder seems to have meant; NaN when it cannot be told. */
export function nominalFps(survey: TrackSurvey, timescale: number): number {
  const interval = hasConstantRate(survey) ? survey.meanInterval : survey.medianInterval;
  return interval > 0 ? timescale / interval : NaN;
}

function kindOf({ handler }: Track): TrackKind {
  if (handler === "vide") return "video";
  return handler === "soun" ? "audio" : "other";
}
