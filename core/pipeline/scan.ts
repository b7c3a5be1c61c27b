import {
  createIssue,
  type FolderSink,
  type FolderSource,
  type IssueGroup,
  IssueLog,
  reasonOf,
  type ReportIssue,
  type StreamReader,
  type StreamSchema,
  throwIfCancelled,
  type WorkOptions,
} from "../base/mod.ts";
import {
  JumpSurvey,
  type OneWayEvidence,
  type PointEvidence,
  type SamplingStatistics,
  type SeriesEvidence,
} from "../clock/mod.ts";
import type { XdfReaders } from "../readers/mod.ts";
import type { Session, Stream, StreamAnchor } from "../session/mod.ts";
import {
  matchesGlob,
  type ProjectConfig,
  type TableStatistics,
  type VideoFacts,
} from "../validation/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";
import { NO_MEMORY, type StepMemory } from "./memory.ts";
import { openStream, xdfSuffix } from "./open_stream.ts";
import type { RecordedEvents } from "./event_lines.ts";
import type { ResolvedSettings } from "./settings.ts";
import { StreamSurvey } from "./survey.ts";
import { soundFacts } from "./sound_facts.ts";
import { videoFacts } from "./video_facts.ts";
import { xdfEvidence } from "./xdf_evidence.ts";

/** What one pass over a stream has found. */
export interface StreamScan {
  readonly stream: Stream;
  /** Which of the streams of its file it is. */
  readonly index: number;
  readonly schema: StreamSchema;
  readonly sampling: SamplingStatistics;
  readonly table: TableStatistics;
  /** Absolute times that the contents of the file tell, besides those of its stream. */
  readonly anchors?: readonly StreamAnchor[];
  /** What the video file says of itself. */
  readonly video?: VideoFacts;
  /** What its pairs of device and host stamps say, when it has them. */
  readonly evidence?: OneWayEvidence;
  /** Readings of its clock against others, many times. */
  readonly series?: readonly SeriesEvidence[];
  /** Single readings of clocks that the contents of the file tell. */
  readonly points?: readonly PointEvidence[];
  /** State of the survey of its lattice, when it has samples whose stamps scatter. */
  readonly lattice?: Uint8Array;
  /** Markers and pulses that its columns show. */
  readonly events?: readonly RecordedEvents[];
  /** The recording that it was made of: its first column names rows of it, whose times it has. */
  readonly recording?: StreamScan;
}

/** What one pass over a file has found. */
interface FileScan {
  readonly scans: readonly StreamScan[];
  readonly issues: readonly IssueGroup[];
}

/** What {@linkcode scanSession} needs. */
export interface ScanOptions extends WorkOptions {
  readonly folder: FolderSource;
  readonly kernel: Kernel;
  readonly session: Session;
  readonly config: ProjectConfig;
  /** Where results lie that are read as streams. @default {none are} */
  readonly output?: FolderSink;
  /** Receives what is wrong with the data. */
  readonly issues: IssueLog;
  /** Results of an earlier run. @default {NO_MEMORY} */
  readonly memory?: StepMemory;
}

/** Reads every stream once: statistics, clock evidence and what is wrong with the data. */
export async function scanSession(options: ScanOptions): Promise<StreamScan[]> {
  const { session, memory = NO_MEMORY } = options;
  const sizes = new Map(session.files.map(({ path, size }) => [path, size]));
  const total = session.streams.reduce((sum, { path }) => sum + (sizes.get(path) ?? 0), 0);
  const found: StreamScan[] = [];
  let done = 0;
  for (const stream of session.streams) {
    throwIfCancelled(options.signal);
    options.progress?.({ task: `Read ${stream.id}`, done, total, unit: "bytes" });
    const { scans, issues } = await memory.recall(
      `scan ${stream.id} ${stream.path}`,
      () => scanFile(stream, options),
    );
    for (const group of issues) options.issues.absorb(group);
    found.push(...scans);
    done += sizes.get(stream.path) ?? 0;
  }
  return found;
}

/** The streams that the user chose to export. */
export function chosenScans(
  scans: readonly StreamScan[],
  { streams }: Pick<ResolvedSettings, "streams">,
): readonly StreamScan[] {
  return scans.filter(({ schema }) => streams.some((glob) => matchesGlob(glob, schema.id)));
}

async function scanFile(stream: Stream, options: ScanOptions): Promise<FileScan> {
  const log = new IssueLog();
  const scans: StreamScan[] = [];
  try {
    const readers = await openStream(stream, { ...options, report: log.report });
    try {
      if (isTogether(readers)) {
        scans.push(...await scanTogether(stream, readers, options, log.report));
      } else {
        for (const [index, reader] of readers.entries()) {
          scans.push(await scanReader(stream, index, reader, options, log.report));
        }
      }
    } finally {
      for (const reader of readers) await reader.close();
    }
  } catch (error) {
    throwIfCancelled(options.signal);
    const reason = reasonOf(error);
    log.report(
      createIssue("FILE_UNREADABLE", { reason }, { path: stream.path, stream: stream.id }),
    );
  }
  return { scans, issues: log.groups() };
}

async function scanReader(
  stream: Stream,
  index: number,
  reader: StreamReader,
  options: ScanOptions,
  report: ReportIssue,
): Promise<StreamScan> {
  const { schema } = reader;
  const survey = new StreamSurvey(schema, options);
  try {
    for await (const batch of reader.batches({ report, signal: options.signal })) survey.add(batch);
    const video = stream.format === "mp4" ? await videoFacts(stream, index, options) : {};
    return { stream, index, schema, ...survey.get(), ...video, ...soundFacts(stream, reader) };
  } finally {
    survey.dispose();
  }
}

/** Streams of one file that can be read in one walk. */
function isTogether(readers: readonly StreamReader[]): readers is XdfReaders {
  return "together" in readers;
}

/** Scans all streams of a file in one walk through it. */
async function scanTogether(
  stream: Stream,
  readers: XdfReaders,
  options: ScanOptions,
  report: ReportIssue,
): Promise<StreamScan[]> {
  const surveys = readers.map(({ schema }) => new StreamSurvey(schema, options));
  const jumps = readers.map(() => new JumpSurvey(options.kernel));
  const suffix = xdfSuffix(stream, options.session);
  try {
    for await (const { index, batch } of readers.together({ report, signal: options.signal })) {
      surveys[index]!.add(batch);
      jumps[index]!.add(batch.times);
    }
    return readers.map((reader, index) => {
      const found = surveys[index]!.get();
      const context = { ...options, suffix, jumps: jumps[index]!.get() };
      const evidence = xdfEvidence(reader, readers, found.sampling, context);
      return { stream, index, schema: reader.schema, ...found, ...evidence };
    });
  } finally {
    for (const survey of [...surveys, ...jumps]) survey.dispose();
  }
}
