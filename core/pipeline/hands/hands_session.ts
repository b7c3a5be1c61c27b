import {
  type ByteSource,
  createIssue,
  type FolderSource,
  type FrameSource,
  type Issue,
  reasonOf,
  throwIfCancelled,
} from "../../base/mod.ts";
import type { FrameChoice, HandEngine } from "../../hands/mod.ts";
import type { Session, Stream } from "../../session/mod.ts";
import { fitSession, type SessionFit } from "../fit.ts";
import { gatherEvidence } from "../gather_evidence.ts";
import { hashSource, type InputRecord } from "../inputs.ts";
import { writeText, type WrittenFile } from "../journal.ts";
import { journalMemory } from "../memory.ts";
import { gradedIssues } from "../open_session.ts";
import { placeRows } from "../place_rows.ts";
import { readAgain } from "../read_again.ts";
import type { Run } from "../run.ts";
import { chosenScans, scanSession, type StreamScan } from "../scan.ts";
import { settleScans } from "../settle_scans.ts";
import { type RunOptions, startRun } from "../start_run.ts";
import { StreamPlacer } from "../stream_placer.ts";
import { type PlacedRows, rowTimes } from "./frame_times.ts";
import { HANDS_FOLDER, handsOfRecording, type RecordingHands } from "./hands_of_recording.ts";
import { folderOf } from "./hand_streams.ts";
import type { HandsMetadata } from "./metadata.ts";

/** Opens the pictures of a recording of a session; undefined when it has none. */
export type OpenFrames = (
  stream: Pick<Stream, "path" | "format" | "device" | "name">,
  folder: FolderSource,
) => Promise<FrameSource | undefined>;

/** What {@linkcode handsSession} needs. */
export interface HandsSessionOptions extends RunOptions, FrameChoice {
  readonly openFrames: OpenFrames;
  /** Opens what finds hands; called for each recording. */
  readonly openEngine: () => Promise<HandEngine>;
  /** Places for hands that are seen at the same time. @default {2} */
  readonly maxHands?: number | undefined;
  /** Milliseconds that go by, to say how long the stages take. @default {none is told} */
  readonly now?: (() => number) | undefined;
}

/** What finding hands in a session came to. */
export interface HandsOutcome {
  readonly session: Session;
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

/**
 * Finds the hands in all videos and thermal recordings of a session, on its aligned clock.
 *
 * Rejects with `CancelledError` when the signal is aborted; the next call with the same choices goes on at the
 * frame where it stopped.
 */
export async function handsSession(options: HandsSessionOptions): Promise<HandsOutcome> {
  const run = await startRun(options, { exports: false });
  const memory = journalMemory(run.journal, run.output);
  const read = await scanSession({ ...run, memory });
  const shared = await gatherEvidence(run, read, memory);
  const fit = await placeRows(fitSession(run, read, shared), read, { ...run, memory });
  const { scans } = settleScans(run, read, fit.models);
  const pictured = chosenScans(scans, run.settings).filter(({ stream }) =>
    PICTURED.has(stream.format)
  );
  const recordings = new Map<string, HandsMetadata>();
  const written: WrittenFile[] = [];
  if (pictured.length === 0) {
    run.issues.report(createIssue("HANDS_NO_PICTURES", { streams: scans.length }));
  }
  for (const scan of pictured) {
    const found = await handsOfScan(options, run, fit, scan);
    if (found === undefined) continue;
    recordings.set(scan.schema.id, found.metadata);
    written.push(...found.written);
    for (const issue of found.issues) run.issues.report(issue);
  }
  written.push(await writeSummary(run, recordings));
  return {
    session: run.session,
    recordings,
    issues: gradedIssues(run.issues, run.config),
    written,
    loss: recordings.size < pictured.length ||
      run.issues.groups().some(({ code }) => code.startsWith("FRAMES_")),
  };
}

/** Undefined when the recording cannot be read, which is reported. */
async function handsOfScan(
  options: HandsSessionOptions,
  run: Run,
  fit: SessionFit,
  scan: StreamScan,
): Promise<RecordingHands | undefined> {
  const { path } = scan.stream;
  let source: FrameSource | undefined;
  try {
    const input = await hashOf(run, options, path);
    source = await options.openFrames(scan.stream, run.folder);
    return source && await searchScan(options, { run, fit, scan, source, input });
  } catch (error) {
    throwIfCancelled(run.signal);
    if (source !== undefined) throw error;
    run.issues.report(createIssue("FILE_UNREADABLE", { reason: reasonOf(error) }, { path }));
    return undefined;
  } finally {
    await source?.close();
  }
}

interface OpenRecording {
  readonly run: Run;
  readonly fit: SessionFit;
  readonly scan: StreamScan;
  readonly source: FrameSource;
  readonly input: InputRecord;
}

async function searchScan(
  options: HandsSessionOptions,
  { run, fit, scan, source, input }: OpenRecording,
): Promise<RecordingHands> {
  const { device, name, clock } = scan.schema;
  const engine = await options.openEngine();
  const placer = rowTimes(placedRows(run, fit, scan));
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
        maxHands: options.maxHands ?? 2,
      },
    });
  } finally {
    await placer.close();
    await engine.close();
  }
}

async function* placedRows(
  run: Run,
  fit: SessionFit,
  scan: StreamScan,
): AsyncGenerator<PlacedRows> {
  const placer = new StreamPlacer(run, scan, fit.models.get(scan.schema.clock.id)!);
  try {
    for await (const { times, firstRow } of readAgain(scan, run)) {
      yield { firstRow, times, ...placer.place(times, firstRow) };
    }
  } finally {
    placer.dispose();
  }
}

async function hashOf(
  { folder, signal }: Run,
  { sha256 }: HandsSessionOptions,
  path: string,
): Promise<InputRecord> {
  let source: ByteSource | undefined;
  try {
    source = await folder.open(path);
    return { path, ...await hashSource(source, { sha256, signal }) };
  } finally {
    await source?.close();
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
