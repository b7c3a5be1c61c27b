import { type ByteSource, createIssue, type IssueWhere, type ReportIssue } from "../../base/mod.ts";
import { boxReporter, type ReportBox } from "./boxes.ts";
import { editShift, shiftSeconds } from "./media_time.ts";
import { parseMovie } from "./movie_parser.ts";
import { surveyTrack, type TrackSurvey } from "./survey.ts";
import type { Movie, Track } from "./track.ts";

/** Options of functions that read the index of an MP4 file. */
export interface Mp4InfoOptions {
  /** Path of the file, for issues. @default {""} */
  readonly path?: string;
  /** Receives what is wrong with the file. */
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A video track and what its samples are like. */
export interface SurveyedTrack {
  readonly track: Track;
  readonly survey: TrackSurvey;
}

/** A file and what its video tracks are like. */
export interface InspectedFile {
  readonly movie: Movie;
  readonly videos: readonly SurveyedTrack[];
}

/** Fewest frames of which a constant rate says anything. */
const MIN_CONSTANT = 3;

/** Reads the index and the sample tables of a file and reports what is wrong with them. */
export async function inspectFile(
  source: ByteSource,
  { path = "", report = () => {}, signal }: Mp4InfoOptions,
): Promise<InspectedFile> {
  const where = path === "" ? {} : { path };
  const reportBox = boxReporter(report, path);
  const movie = await parseMovie(source, reportBox, signal);
  reportMovie(movie, report, where);
  const videos: SurveyedTrack[] = [];
  for (const track of movie.tracks.filter((track) => isReadable(track, reportBox))) {
    const survey = await surveyTrack({ source, movie, track }, reportBox, signal);
    reportTrack(movie, { track, survey }, report, where);
    videos.push({ track, survey });
  }
  return { movie, videos };
}

function isReadable({ handler, timescale }: Track, report: ReportBox): boolean {
  if (handler !== "vide") return false;
  if (timescale === 0) report("mdhd", "timescale is 0", 0);
  return timescale > 0;
}

function reportMovie(movie: Movie, report: ReportIssue, where: IssueWhere): void {
  if (!movie.found) return report(createIssue("MP4_NO_MOOV", {}, where));
  const tracks = movie.tracks.length;
  if (!movie.tracks.some(({ handler }) => handler === "vide")) {
    report(createIssue("MP4_NO_VIDEO_TRACK", { tracks }, where));
  }
}

function reportTrack(
  movie: Movie,
  { track, survey: { frames, missing } }: SurveyedTrack,
  report: ReportIssue,
  where: IssueWhere,
): void {
  reportEdits(movie, track, report, where);
  if (missing > 0) report(createIssue("MP4_DATA_CUT", { missing, frames }, where));
}

function reportEdits(movie: Movie, track: Track, report: ReportIssue, where: IssueWhere): void {
  const shift = editShift(track.edits, movie.timescale);
  const entries = track.edits.length;
  if (!shift.complete) return report(createIssue("MP4_EDIT_UNSUPPORTED", { entries }, where));
  const seconds = Number(shiftSeconds(shift, track.timescale).toPrecision(9));
  if (seconds !== 0) report(createIssue("MP4_EDIT_LIST", { shift: seconds }, where));
}

/** Whether all intervals are the same but for the rounding to whole ticks. */
export function hasConstantRate(survey: TrackSurvey): boolean {
  const { frames, minInterval, maxInterval } = survey;
  return frames >= MIN_CONSTANT && minInterval > 0 && maxInterval - minInterval <= 1;
}
