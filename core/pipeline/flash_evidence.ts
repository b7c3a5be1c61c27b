import {
  createIssue,
  type FolderSource,
  type Issue,
  type MediaDecoder,
  MISSING_NS,
  type ReportIssue,
  type StreamReader,
  throwIfCancelled,
} from "../base/mod.ts";
import {
  detectFlashes,
  eventSeries,
  type EventTrain,
  type FlashTrain,
  matchEvents,
  type SeriesEvidence,
} from "../clock/mod.ts";
import type { ProjectConfig } from "../validation/mod.ts";
import {
  type ClockEvents,
  clockEvents,
  kindOf,
  type SharedEvidenceOptions,
} from "./event_evidence.ts";
import { LOG_DELAY_SIGMA_NS } from "./log_delay.ts";
import type { StepMemory } from "./memory.ts";
import { rememberFound } from "./remember_found.ts";
import type { Stream } from "../session/mod.ts";
import { openStream } from "./open_stream.ts";
import type { StreamScan } from "./scan.ts";

/** What {@linkcode flashEvidence} needs. */
export interface FlashEvidenceOptions extends SharedEvidenceOptions {
  readonly folder: FolderSource;
  readonly config: ProjectConfig;
  readonly scans: readonly StreamScan[];
  /** Decodes the pictures of videos; without it only thermal recordings are looked at. */
  readonly decoder?: MediaDecoder | undefined;
  /** Receives what is wrong with the data. */
  readonly report?: ReportIssue | undefined;
  /** Results of an earlier run. @default {NO_MEMORY} */
  readonly memory?: StepMemory;
}

/** Kinds of logged events that a camera may see. */
const VISIBLE = new Set(["flash", "stimulus", "marker"]);
/** With fewer events nothing can be told from chance. */
const FEWEST = 3;
/** Logs stamp in milliseconds. */
const LOG_SIGMA_NS = 1e6;

/**
 * Looks for the flashes and screen changes that were logged in the brightness of videos and the mean temperature of
 * thermal pictures. Pictures are looked at only where enough such events were logged by another clock.
 */
export async function flashEvidence(options: FlashEvidenceOptions): Promise<SeriesEvidence[]> {
  const logs = clockEvents(options.session)
    .map((log) => ({
      ...log,
      events: log.events.filter((event) => VISIBLE.has(kindOf(event) ?? "")),
    }))
    .filter(({ events }) => events.length >= FEWEST);
  if (logs.length === 0) return [];
  const found: SeriesEvidence[] = [];
  for (const scan of options.scans) {
    throwIfCancelled(options.signal);
    if (!isSeen(scan, options)) continue;
    options.progress?.({ task: `Look for flashes in ${scan.schema.id}`, done: 0 });
    const { stream, schema, sampling } = scan;
    const [flashes] = await rememberFound(
      `flashes ${schema.id} ${stream.path} ${options.decoder?.name ?? ""}`,
      async (report) => [await flashesOf(scan, { ...options, report })],
      () => picturesDiffer(stream, 0, sampling.count),
      options,
    );
    if (flashes === undefined) continue;
    found.push(...logs.flatMap((log) => matched(scan, flashes, log, options)));
  }
  return found;
}

function isSeen({ stream, index }: StreamScan, { decoder }: FlashEvidenceOptions): boolean {
  if (stream.format === "thermal-dat") return true;
  return stream.format === "mp4" && index === 0 && decoder !== undefined;
}

async function flashesOf(scan: StreamScan, options: FlashEvidenceOptions): Promise<FlashTrain> {
  let isCut = false;
  // What is wrong with the file was reported by the first pass.
  const report = ({ code }: Issue) => void (isCut ||= code === "MP4_DATA_CUT");
  const [reader, ...others] = await openStream(scan.stream, { ...options, report });
  try {
    if (reader === undefined) return detectFlashes(new BigInt64Array(), new Float64Array());
    const levels = scan.stream.format === "mp4"
      ? await brightnessOf(scan, reader, { ...options, isCut })
      : await temperaturesOf(reader, options);
    return detectFlashes(levels.times, levels.values);
  } finally {
    for (const opened of [reader, ...others]) await opened?.close();
  }
}

function picturesDiffer({ path, id }: Stream, found: number, expected: number): Issue {
  return createIssue("VIDEO_PICTURES_DIFFER", { found, expected }, { path, stream: id });
}

/** One number for each frame of a recording: 16 bytes each. */
interface Levels {
  readonly times: BigInt64Array;
  readonly values: Float64Array;
}

const NO_LEVELS: Levels = { times: new BigInt64Array(), values: new Float64Array() };

async function temperaturesOf(
  reader: StreamReader,
  { signal }: FlashEvidenceOptions,
): Promise<Levels> {
  const column = reader.schema.columns.findIndex(({ name }) => name === "mean_temperature");
  const times: bigint[] = [];
  const values: number[] = [];
  for await (const batch of reader.batches({ signal })) {
    const means = batch.columns[column];
    if (!(means instanceof Float64Array)) return NO_LEVELS;
    for (const [row, time] of batch.times.entries()) {
      if (time === MISSING_NS) continue;
      times.push(time);
      values.push(means[row]!);
    }
  }
  return { times: BigInt64Array.from(times), values: Float64Array.from(values) };
}

/** Most pictures that a decoder holds back to order them: around the end of a file that is cut, some may be missing. */
const HELD_BACK = 16;

/**
 * Frame times from the index of the file, brightness from the decoder: both count the frames as shown. Of a file that
 * is cut off the index lists more than there is.
 */
async function brightnessOf(
  { stream }: StreamScan,
  reader: StreamReader,
  { decoder, signal, report, isCut }: FlashEvidenceOptions & { readonly isCut: boolean },
): Promise<Levels> {
  const times: bigint[] = [];
  for await (const batch of reader.batches({ signal })) times.push(...batch.times);
  const values: number[] = [];
  for await (const block of decoder!.brightness(stream.path, { signal })) values.push(...block);
  if (isCut && values.length < times.length) {
    const sure = Math.max(0, values.length - HELD_BACK);
    return {
      times: BigInt64Array.from(times.slice(0, sure)),
      values: Float64Array.from(values.slice(0, sure)),
    };
  }
  if (values.length !== times.length) {
    report?.(picturesDiffer(stream, values.length, times.length));
    return NO_LEVELS;
  }
  return { times: BigInt64Array.from(times), values: Float64Array.from(values) };
}

/** Flashes are lights that go on: what goes off again is not logged. All changes are tried when those do not fit. */
function matched(
  { schema }: StreamScan,
  flashes: FlashTrain,
  log: ClockEvents,
  { kernel }: FlashEvidenceOptions,
): SeriesEvidence[] {
  if (schema.clock.id === log.clock.id) return [];
  const logged: EventTrain = { timesNs: BigInt64Array.from(log.events, ({ time }) => time!.ns) };
  for (const seen of [only(flashes, "rise"), flashes]) {
    if (seen.timesNs.length < FEWEST) continue;
    const typical = Math.max(...seen.sigmasNs, LOG_SIGMA_NS);
    const train = { timesNs: seen.timesNs };
    const match = matchEvents(kernel, train, logged, { jitterNs: typical });
    const series = eventSeries(match, train, logged, {
      kind: "flash",
      from: schema.clock,
      to: log.clock,
      source: `flashes in ${schema.id} logged by ${log.host}`,
    });
    if (series === undefined) continue;
    const sigmasNs = Float64Array.from(
      match.first,
      (index) => Math.max(seen.sigmasNs[index]!, LOG_SIGMA_NS),
    );
    return [{ ...series, sigmasNs, commonSigmaNs: LOG_DELAY_SIGMA_NS }];
  }
  return [];
}

function only(flashes: FlashTrain, label: string): FlashTrain {
  const kept = Array.from(flashes.timesNs.keys()).filter((index) =>
    flashes.labels[index] === label
  );
  return {
    timesNs: BigInt64Array.from(kept, (index) => flashes.timesNs[index]!),
    labels: kept.map((index) => flashes.labels[index]!),
    sigmasNs: Float64Array.from(kept, (index) => flashes.sigmasNs[index]!),
    sizes: Float64Array.from(kept, (index) => flashes.sizes[index]!),
  };
}
