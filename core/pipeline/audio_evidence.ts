import {
  type AudioSource,
  createIssue,
  type FolderSource,
  type MediaDecoder,
  type ReportIssue,
  throwIfCancelled,
} from "../base/mod.ts";
import { audioSeries, matchAudio, type SeriesEvidence } from "../clock/mod.ts";
import { openWav } from "../readers/mod.ts";
import type { Stream } from "../session/mod.ts";
import type { SharedEvidenceOptions } from "./event_evidence.ts";
import type { StepMemory } from "./memory.ts";
import { rememberFound } from "./remember_found.ts";
import type { StreamScan } from "./scan.ts";

/** What {@linkcode audioEvidence} needs. */
export interface AudioEvidenceOptions extends SharedEvidenceOptions {
  readonly folder: FolderSource;
  readonly scans: readonly StreamScan[];
  /** Decodes the sound of videos; without it only WAV files are heard. */
  readonly decoder?: MediaDecoder | undefined;
  /** Receives what is wrong with the data. */
  readonly report?: ReportIssue | undefined;
  /** Results of an earlier run. @default {NO_MEMORY} */
  readonly memory?: StepMemory;
}

/** Rate at which sound of videos is decoded: half of it holds what speech tells. */
const DECODED_RATE_HZ = 16_000;

/** A recording with sound, and how to close what was opened for it. */
interface Heard {
  readonly scan: StreamScan;
  readonly audio: AudioSource;
  close(): Promise<void>;
}

/**
 * Compares the sound of the recordings of different devices: each with the longest, and those that it does not tie
 * with the next longest.
 */
export async function audioEvidence(options: AudioEvidenceOptions): Promise<SeriesEvidence[]> {
  const found: SeriesEvidence[] = [];
  let loose = candidates(options);
  while (loose.length > 1) {
    const [hub, ...rest] = loose;
    const left: StreamScan[] = [];
    for (const other of rest) {
      throwIfCancelled(options.signal);
      const series = hub!.stream.device === other.stream.device
        ? undefined
        : await compare(hub!, other, options);
      if (series === undefined) left.push(other);
      else found.push(series);
    }
    loose = left;
  }
  return found;
}

/** Recordings that may have sound, the longest first. */
function candidates({ scans, decoder }: AudioEvidenceOptions): StreamScan[] {
  const length = ({ sampling: { minNs = 0n, maxNs = 0n } }: StreamScan) => Number(maxNs - minNs);
  return scans
    .filter(({ stream, index }) => index === 0 && mayHaveSound(stream, decoder))
    .sort((x, y) => length(y) - length(x));
}

function mayHaveSound({ format }: Stream, decoder: MediaDecoder | undefined): boolean {
  return format === "wav" || (format === "mp4" && decoder !== undefined);
}

async function compare(
  first: StreamScan,
  second: StreamScan,
  options: AudioEvidenceOptions,
): Promise<SeriesEvidence | undefined> {
  const step = `sound ${first.stream.path} ${second.stream.path} ${options.decoder?.name ?? ""}`;
  const { path } = second.stream;
  const [series] = await rememberFound(
    step,
    async () => {
      const found = await listen(first, second, options);
      return found === undefined ? [] : [found];
    },
    (reason) => createIssue("AUDIO_UNREADABLE", { reason }, { path }),
    options,
  );
  return series;
}

async function listen(
  first: StreamScan,
  second: StreamScan,
  options: AudioEvidenceOptions,
): Promise<SeriesEvidence | undefined> {
  const opened: Heard[] = [];
  try {
    for (const scan of [first, second]) {
      const heard = await open(scan, options);
      if (heard === undefined) return undefined;
      opened.push(heard);
    }
    const [a, b] = opened as [Heard, Heard];
    const { signal, progress } = options;
    const match = await matchAudio(options.kernel, a, b, { signal, progress });
    return audioSeries(match, {
      from: first.schema.clock,
      to: second.schema.clock,
      source: `sound of ${first.schema.id} and ${second.schema.id}`,
    });
  } finally {
    for (const heard of opened) await heard.close();
  }
}

async function open(
  scan: StreamScan,
  { folder, decoder }: AudioEvidenceOptions,
): Promise<Heard | undefined> {
  const { path, device, name, format } = scan.stream;
  if (format !== "wav") {
    const audio = await decoder?.openAudio(path, DECODED_RATE_HZ);
    return audio && { scan, audio, close: () => Promise.resolve() };
  }
  const [wav] = await openWav(await folder.open(path), { path, device, name });
  return wav && { scan, audio: wav.audio, close: () => wav.close() };
}
