import {
  type Kernel,
  LoudnessAccumulator,
  type LoudnessLine,
  loudnessLines,
} from "../../../wasm/mod.ts";
import {
  type AudioSource,
  type ClockRef,
  nsFromSeconds,
  throwIfCancelled,
  type TimeNs,
  type WorkOptions,
} from "../../base/mod.ts";
import type { SeriesEvidence } from "../model.ts";
import { type FollowedWindow, followSound, relationOf } from "./follow_sound.ts";

/** A sound with the time of its first sample. */
export interface AudioRecording {
  readonly audio: AudioSource;
  /** Time of the first sample in ns on the clock of the recorder. @default {0n} */
  readonly startNs?: TimeNs;
}

/** Options of {@linkcode matchAudio}. */
export interface AudioMatchOptions extends WorkOptions {
  /** Largest drift of one clock against the other. @default {500} */
  readonly maxDriftPpm?: number;
  /** Seconds from one window to the next. @default {10, less in short recordings} */
  readonly everySeconds?: number;
}

/** A window of about a second in which two sounds were compared. */
export interface AudioWindow {
  /** Middle of the window on the first clock. */
  readonly fromNs: TimeNs;
  /** The same instant of the sound on the second clock, as far as it was found. */
  readonly toNs: TimeNs;
  /** One sigma of the difference in ns; NaN in silence. */
  readonly sigmaNs: number;
  /** Height of the correlation peak over the scatter beside it. */
  readonly height: number;
  /** Height of the peak over that of the next highest. */
  readonly ratio: number;
  /** `silent`: nothing to hear; `unclear`: no peak stands out; `outlier`: at odds with its neighbours. */
  readonly verdict: "used" | "silent" | "unclear" | "outlier";
}

/** How two sounds lie against each other. */
export interface AudioMatch {
  /** `matched`: the same sound is on both. `unrelated`: no relation explains them. `too-short`: under a second. */
  readonly verdict: "matched" | "unrelated" | "too-short";
  readonly windows: readonly AudioWindow[];
}

/** Frames per second in which loudness is compared. */
const FRAMES_HZ = 100;
/** Relations that are tried. */
const MOST_LINES = 3;
/** Drift that moves the sound by a third of a sample within a window. */
const SMEARING = 2e-5;
/** Fewer windows that agree may do so by chance. */
const FEWEST_WINDOWS = 3;

/**
 * Compares the sound of two recorders window by window, so that the drift of their clocks is seen.
 *
 * Where the recordings agree is found by their loudness, for any offset and in bounded memory (400 bytes for each
 * second of sound); then windows of about a second are compared by their generalised cross-correlation with phase
 * transform (Knapp and Carter 1976), which echoes and other gains do not move, to a part of a sample. Sound takes
 * 3 ms for each metre: what the distances of the microphones differ by remains.
 *
 * @example
 * ```ts
 * import { audioSeries, Kernel, matchAudio } from "session-process";
 * import assert from "node:assert/strict";
 *
 * // A sound of 20 s, which the second recorder began to record 0.25 s later.
 * let state = 1;
 * const noise = Float32Array.from({ length: 20 * 8000 }, (_, n) => {
 *   state = (state * 48271) % 2147483647;
 *   return (state / 2147483647 - 0.5) * (Math.floor(n / 1000) % 3 === 0 ? 0.5 : 0.02);
 * });
 * const audio = (samples: Float32Array) => ({
 *   rateHz: 8000,
 *   seekable: true,
 *   async *samples({ from = 0 } = {}) {
 *     yield await Promise.resolve(samples.subarray(from));
 *   },
 * });
 * const match = await matchAudio(
 *   new Kernel(),
 *   { audio: audio(noise) },
 *   { audio: audio(noise.subarray(2000)) },
 * );
 * assert.equal(match.verdict, "matched");
 * const series = audioSeries(match, {
 *   from: { id: "phone/audio/media", kind: "media" },
 *   to: { id: "camera/audio/media", kind: "media" },
 *   source: "sound of phone and camera",
 * });
 * const difference = Number(series!.toNs[0]! - series!.fromNs[0]!);
 * assert.ok(Math.abs(difference + 250e6) < 1e4);
 * ```
 */
export async function matchAudio(
  kernel: Kernel,
  first: AudioRecording,
  second: AudioRecording,
  options: AudioMatchOptions = {},
): Promise<AudioMatch> {
  const { maxDriftPpm = 500, signal } = options;
  const { lines, durations } = await roughly(kernel, [first, second], options);
  if (Math.min(...durations) < 1) return { verdict: "too-short", windows: [] };
  let best: readonly FollowedWindow[] = [];
  for (const line of lines) {
    throwIfCancelled(signal);
    const lag = { seconds: line.lag / FRAMES_HZ, at: line.at / FRAMES_HZ, drift: line.drift };
    const maxDrift = maxDriftPpm * 1e-6;
    const known = { ...options, maxDrift, durations };
    const audio = [first.audio, second.audio] as const;
    let windows = await followSound(kernel, audio, { ...known, lag });
    const found = relationOf(windows, maxDrift);
    // A drift that was not known smears the sound of the first windows.
    if (
      found !== undefined && isConvincing(windows) && Math.abs(found.drift - lag.drift) > SMEARING
    ) {
      windows = await followSound(kernel, audio, { ...known, lag: found });
    }
    if (countUsed(windows) > countUsed(best) || best.length === 0) best = windows;
    if (isConvincing(windows)) return matchOf("matched", windows, first, second);
  }
  return matchOf("unrelated", best, first, second);
}

/** How the recordings may lie against each other by their loudness, and their lengths in seconds. */
async function roughly(
  kernel: Kernel,
  [first, second]: readonly [AudioRecording, AudioRecording],
  options: AudioMatchOptions,
): Promise<{ lines: LoudnessLine[]; durations: readonly [number, number] }> {
  const a = await loudnessOf(kernel, first, options, 0);
  try {
    const b = await loudnessOf(kernel, second, options, 1);
    try {
      const drift = (options.maxDriftPpm ?? 500) * 1e-6;
      const lines = loudnessLines(kernel, a, b, drift, MOST_LINES);
      return { lines, durations: [a.frames / FRAMES_HZ, b.frames / FRAMES_HZ] };
    } finally {
      b.dispose();
    }
  } finally {
    a.dispose();
  }
}

async function loudnessOf(
  kernel: Kernel,
  { audio }: AudioRecording,
  { signal, progress }: AudioMatchOptions,
  index: number,
): Promise<LoudnessAccumulator> {
  const loudness = new LoudnessAccumulator(kernel, audio.rateHz, audio.rateHz / FRAMES_HZ);
  try {
    for await (const block of audio.samples({ signal })) {
      throwIfCancelled(signal);
      loudness.add(block);
      progress?.({
        task: `Listen to recording ${index + 1}`,
        done: loudness.frames,
        unit: "frames",
      });
    }
    return loudness;
  } catch (error) {
    loudness.dispose();
    throw error;
  }
}

function countUsed(windows: readonly FollowedWindow[]): number {
  return windows.filter(({ verdict }) => verdict === "used").length;
}

/** Windows that heard something must mostly agree. */
function isConvincing(windows: readonly FollowedWindow[]): boolean {
  const used = countUsed(windows);
  const heard = windows.filter(({ verdict }) => verdict !== "silent").length;
  return used >= FEWEST_WINDOWS && used >= heard / 4;
}

function matchOf(
  verdict: AudioMatch["verdict"],
  windows: readonly FollowedWindow[],
  first: AudioRecording,
  second: AudioRecording,
): AudioMatch {
  return {
    verdict,
    windows: windows.map(({ from, to, sigma, height, ratio, verdict }) => ({
      fromNs: (first.startNs ?? 0n) + nsFromSeconds(from),
      toNs: (second.startNs ?? 0n) + nsFromSeconds(to),
      sigmaNs: sigma * 1e9,
      height,
      ratio,
      verdict,
    })),
  };
}

/** What the evidence of {@linkcode audioSeries} is about. */
export interface AudioSeriesOptions {
  /** Clock of the first recording. */
  readonly from: ClockRef;
  /** Clock of the second recording. */
  readonly to: ClockRef;
  /** What the evidence is called in reports. */
  readonly source: string;
}

/** The windows of a match that were used as clock evidence; undefined unless it is `matched`. */
export function audioSeries(
  { verdict, windows }: AudioMatch,
  { from, to, source }: AudioSeriesOptions,
): SeriesEvidence | undefined {
  if (verdict !== "matched") return undefined;
  const used = windows.filter(({ verdict }) => verdict === "used");
  return {
    kind: "audio",
    from,
    to,
    fromNs: BigInt64Array.from(used, ({ fromNs }) => fromNs),
    toNs: BigInt64Array.from(used, ({ toNs }) => toNs),
    sigmasNs: Float64Array.from(used, ({ sigmaNs }) => sigmaNs),
    source,
  };
}
