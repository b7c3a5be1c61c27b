import {
  createIssue,
  type FrameSource,
  type Issue,
  type IssueCode,
  type IssueLog,
  type PictureEncoder,
  type ReportIssue,
} from "../../base/mod.ts";
import type { FrameChoice, HandEngine } from "../../hands/mod.ts";
import type { Stream } from "../../session/mod.ts";
import { alignClocks } from "../align_clocks.ts";
import type { SessionFit } from "../fit.ts";
import { writeText, type WrittenFile } from "../journal.ts";
import { gradedIssues } from "../open_session.ts";
import { placedRows } from "../row_placer.ts";
import type { Run } from "../run.ts";
import { chosenScans, type StreamScan } from "../scan.ts";
import { type RunOptions, startRun } from "../start_run.ts";
import { rowTimes } from "./frame_times.ts";
import {
  type EncodePng,
  handPlaces,
  HANDS_FOLDER,
  handsOfRecording,
  type RecordingHands,
  unreported,
} from "./hands_of_recording.ts";
import { folderOf } from "./hand_streams.ts";
import type { RenderChoice } from "./render_recording.ts";
import type { HandsMetadata } from "./metadata.ts";
import { type OpenedPictures, withPictures } from "./with_pictures.ts";
import type { OnHandTables } from "./write_tables.ts";

/** Opens the pictures of a recording of a session; undefined, with an issue, when they cannot be had. */
export type OpenFrames = (
  recording: Pick<Stream, "path" | "format" | "device" | "name">,
  options: OpenFramesOptions,
) => Promise<FrameSource | undefined>;

/** What {@linkcode OpenFrames} is given. */
export interface OpenFramesOptions extends Pick<Run, "folder" | "kernel" | "signal"> {
  /** Raw value per kelvin of thermal recordings, where the user has stated it. */
  readonly divisor?: number | undefined;
  readonly report: ReportIssue;
}

/** What {@linkcode handsSession} needs. */
export interface HandsSessionOptions extends RunOptions, FrameChoice, RenderChoice {
  readonly openFrames: OpenFrames;
  /** Opens what finds hands; called for each recording. */
  readonly openEngine: () => Promise<HandEngine>;
  /** What was wrong with the networks, and that another method stands in: told in the results too. @default {nothing} */
  readonly methodIssues?: readonly Issue[] | undefined;
  /** Places for hands that are seen at the same time. @default {as many as the method finds} */
  readonly maxHands?: number | undefined;
  /** Milliseconds that go by, to say how long the stages take. @default {none is told} */
  readonly now?: (() => number) | undefined;
  /** Takes the tables of hands, too, as they are written. @default {nobody does} */
  readonly onTables?: OnHandTables | undefined;
  /** Writes a picture as PNG. @default {no contact sheets are made} */
  readonly encodePng?: EncodePng | undefined;
  /** Writes videos. @default {none are made, whatever is chosen} */
  readonly encoder?: PictureEncoder | undefined;
}

/** What finding hands came to. */
export interface HandsOutcome {
  /** Id of the session, or name of the file. */
  readonly name: string;
  /** What was found in each recording, by the id of its stream. */
  readonly recordings: ReadonlyMap<string, HandsMetadata>;
  /** What was wrong with the recordings and their pictures, as the user's configuration grades it. */
  readonly issues: readonly Issue[];
  readonly written: readonly WrittenFile[];
  /** Pictures that were recorded could not be searched. */
  readonly loss: boolean;
}

/** Formats of streams that have pictures. */
const PICTURED: ReadonlySet<Stream["format"]> = new Set<Stream["format"]>(["mp4", "thermal-dat"]);

const LOSSES: ReadonlySet<IssueCode> = new Set<IssueCode>([
  "VIDEO_CUT_SHORT",
  "VIDEO_FRAMES_LOST",
  "VIDEO_NO_DECODER",
  "MP4_BOX_INVALID",
  "MP4_DATA_CUT",
  "MP4_NO_MOOV",
  "MP4_NO_VIDEO_TRACK",
  "FILE_EMPTY",
  "FILE_UNREADABLE",
  "THERMAL_FRAME_CUT",
]);

/**
 * Finds the hands in all videos and thermal recordings of a session, on its aligned clock.
 *
 * Rejects with `CancelledError` when the signal is aborted; the next call with the same choices goes on at the
 * frame where it stopped.
 *
 * @example
 * ```ts
 * import { faultySession, handsSession, Kernel, MemoryFolderSink, openHandEngine } from "session-process";
 * import { sha256 } from "session-process/runtime";
 * import assert from "node:assert/strict";
 *
 * const { folder } = await faultySession("clean");
 * const kernel = new Kernel();
 * const { issues } = await handsSession({
 *   folder,
 *   output: new MemoryFolderSink(),
 *   kernel,
 *   sha256,
 *   version: "1.0.0",
 *   settings: { streams: ["phone_1/gsr"] },
 *   openEngine: () => openHandEngine({ kernel, method: "color_based" }),
 *   // Videos are opened by openVideo, with the decoders of session-process/video.
 *   openFrames: () => Promise.resolve(undefined),
 * });
 * assert.ok(issues.some(({ code }) => code === "HANDS_NO_PICTURES"));
 * ```
 */
export async function handsSession(options: HandsSessionOptions): Promise<HandsOutcome> {
  const run = await startRun(options, { exports: false });
  const { scans, fit } = await alignClocks(run);
  // Of a file with several tracks the first is decoded.
  const pictured = chosenScans(scans, run.settings).filter(({ stream, index }) =>
    PICTURED.has(stream.format) && index === 0
  );
  const recordings = new Map<string, HandsMetadata>();
  const written: WrittenFile[] = [];
  if (scans.length === 0) {
    run.issues.report(createIssue("SESSION_EMPTY", { files: run.session.files.length }));
  } else if (pictured.length === 0) {
    run.issues.report(createIssue("HANDS_NO_PICTURES", { streams: scans.length }));
  }
  for (const scan of pictured) {
    const found = await handsOfScan(options, run, fit, scan);
    if (found === undefined) continue;
    for (const issue of unreported(found)) run.issues.report(issue);
    recordings.set(scan.schema.id, found.metadata);
    written.push(...found.written);
  }
  if (pictured.length > 0) written.push(await writeSummary(run, recordings));
  return {
    name: run.session.id,
    recordings,
    issues: gradedIssues(run.issues, run.config),
    written,
    loss: recordings.size < pictured.length || hasLostPictures(run.issues),
  };
}

/** Whether pictures that were recorded could not be searched. */
export function hasLostPictures(issues: IssueLog): boolean {
  return issues.groups().some(({ code }) => LOSSES.has(code));
}

/** Undefined when the recording cannot be read, which is reported. */
async function handsOfScan(
  options: HandsSessionOptions,
  run: Run,
  fit: SessionFit,
  scan: StreamScan,
): Promise<RecordingHands | undefined> {
  return await withPictures(
    scan.stream,
    {
      ...options,
      ...run,
      divisor: run.config.thermalDivisor,
      report: run.issues.report,
    },
    (opened) => searchScan(options, { run, fit, scan, ...opened }),
  );
}

interface OpenRecording extends OpenedPictures {
  readonly run: Run;
  readonly fit: SessionFit;
  readonly scan: StreamScan;
}

async function searchScan(
  options: HandsSessionOptions,
  { run, fit, scan, source, input }: OpenRecording,
): Promise<RecordingHands> {
  const { device, name, clock } = scan.schema;
  const engine = await options.openEngine();
  const placer = rowTimes(placedRows(run, fit.models, scan));
  try {
    return await handsOfRecording({
      ...options,
      ...run,
      name: folderOf(scan.schema),
      input,
      source,
      engine,
      placer,
      facts: {
        device,
        name,
        clock,
        referenceClock: fit.referenceClock,
        originNs: fit.originNs,
        maxHands: handPlaces(options, engine),
      },
    });
  } finally {
    await placer.close();
    await engine.close();
  }
}

/** One line for each recording of the session. */
async function writeSummary(
  { output, session, version }: Run,
  recordings: ReadonlyMap<string, HandsMetadata>,
): Promise<WrittenFile> {
  const summary = {
    generator: { name: "session-process", version },
    session: session.id,
    recordings: [...recordings].map(([stream, { input, method, frames, hands }]) => ({
      stream,
      path: input.path,
      method,
      frames,
      hands,
    })),
  };
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  return await writeText(output, `${HANDS_FOLDER}/summary.json`, text);
}
