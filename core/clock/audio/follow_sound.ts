import { type Kernel, SoundComparer, type SoundDelay, type SoundPiece } from "../../../wasm/mod.ts";
import { type AudioSource, throwIfCancelled, type WorkOptions } from "../../base/mod.ts";
import { WindowReader } from "./window_reader.ts";

/** What a window came to; times in seconds from the first sample of each recording. */
export interface FollowedWindow {
  readonly from: number;
  readonly to: number;
  readonly sigma: number;
  readonly height: number;
  readonly ratio: number;
  readonly verdict: "used" | "silent" | "unclear" | "outlier";
}

/** A straight relation of two recordings, in seconds: by how much the second is ahead. */
export interface LagLine {
  readonly seconds: number;
  /** Time of the first recording at which it holds. */
  readonly at: number;
  readonly drift: number;
}

/** What {@linkcode followSound} needs. */
export interface FollowSoundOptions extends WorkOptions {
  readonly lag: LagLine;
  readonly maxDrift: number;
  /** Lengths of both recordings in seconds. */
  readonly durations: readonly [number, number];
  readonly everySeconds?: number;
}

/** Highest rate at which sounds are compared: above half of it there is little of speech. */
const HIGHEST_RATE_HZ = 16_000;
/** Samples of a window: a second at 16 kHz, two at 8 kHz. */
const WINDOW = 16_384;
/** Most and usual number of windows. */
const MOST_WINDOWS = 2000;
const USUAL_WINDOWS = 40;
const USUAL_SPACING = 10;
/** How far off the relation may be before and after it was found, seconds. */
const WIDE_SEARCH = 0.15;
const NEAR_SEARCH = 0.02;
/** A peak that stands out less is none. Unrelated sounds reach 6 and 1.5. */
const LEAST_HEIGHT = 9;
const LEAST_RATIO = 1.3;
/** Windows that tell the relation for the next. */
const MEMORY = 12;
/** Windows through which one line is laid at most. */
const MOST_POINTS = 60;
/** Windows further from their neighbours are at odds with them: sigmas, and seconds. */
const OFF_SIGMAS = 6;
const OFF_SECONDS = 2e-4;
/** Samples that interpolation needs on either side of a piece, at the rate of the window. */
const MARGIN = 20;

/** Compares two sounds in windows along a relation that is roughly known, and follows it as the clocks drift. */
export async function followSound(
  kernel: Kernel,
  [first, second]: readonly [AudioSource, AudioSource],
  options: FollowSoundOptions,
): Promise<FollowedWindow[]> {
  const rateHz = Math.min(HIGHEST_RATE_HZ, first.rateHz, second.rateHz);
  const comparer = new SoundComparer(kernel, WINDOW, rateHz);
  const readers = [first, second].map((audio) => new WindowReader(audio, options.signal));
  const found: FollowedWindow[] = [];
  const [a, b] = readers as [WindowReader, WindowReader];
  const length = WINDOW / rateHz;
  try {
    const starts = startsOf(options, length);
    let line = options.lag;
    for (const [index, start] of starts.entries()) {
      throwIfCancelled(options.signal);
      options.progress?.({
        task: "Compare sound",
        done: index,
        total: starts.length,
        unit: "steps",
      });
      const known = recent(found);
      line = known.length < 4 ? line : lineThrough(known, options.maxDrift);
      const step = (1 + line.drift) / rateHz;
      const search = (known.length < 4 ? WIDE_SEARCH : NEAR_SEARCH) * rateHz;
      const delay = comparer.compare(
        await pieceOf(a, first, start, 1 / rateHz),
        await pieceOf(b, second, start + lagAt(line, start), step),
        search,
      );
      const from = start + length / 2;
      const to = from + lagAt(line, from) + delay.delay * step;
      const { sigma, height, ratio } = delay;
      const verdict = verdictOf(delay, search);
      found.push({ from, to, sigma: sigma / rateHz, height, ratio, verdict });
    }
  } finally {
    comparer.dispose();
    await a.close();
    await b.close();
  }
  return withoutOutliers(found, options.maxDrift);
}

/** What a delay is worth that was searched for as far as `search`, both in samples. */
function verdictOf(delay: SoundDelay, search: number): FollowedWindow["verdict"] {
  if (delay.quiet) return "silent";
  const stands = delay.height >= LEAST_HEIGHT && delay.ratio >= LEAST_RATIO;
  return stands && Math.abs(delay.delay) < search - 1 ? "used" : "unclear";
}

/** Beginnings of the windows in which both recordings have sound, in seconds of the first. */
function startsOf({ lag, durations, everySeconds }: FollowSoundOptions, length: number): number[] {
  const begin = Math.max(0, -lagAt(lag, 0));
  const end = Math.min(durations[0], durations[1] - lagAt(lag, durations[0])) - length;
  const span = end - begin;
  if (!(span >= 0)) return [];
  const usual = Math.min(USUAL_SPACING, Math.max(span / USUAL_WINDOWS, length / 2));
  const spacing = Math.max(everySeconds ?? usual, span / MOST_WINDOWS, 1e-3);
  return Array.from(
    { length: Math.floor(span / spacing) + 1 },
    (_, index) => begin + index * spacing,
  );
}

/** The samples of a window whose own samples are `step` seconds apart. */
async function pieceOf(
  reader: WindowReader,
  { rateHz }: AudioSource,
  start: number,
  step: number,
): Promise<SoundPiece> {
  const [at, stride] = [start * rateHz, step * rateHz];
  const margin = Math.ceil(MARGIN * Math.max(1, stride));
  const from = Math.floor(at) - margin;
  const samples = await reader.piece(from, Math.ceil(WINDOW * stride) + 2 * margin + 2);
  return { samples, from: at - from, step: stride };
}

function lagAt({ seconds, at, drift }: LagLine, time: number): number {
  return seconds + drift * (time - at);
}

function recent(found: readonly FollowedWindow[]): FollowedWindow[] {
  return found.filter(({ verdict }) => verdict === "used").slice(-MEMORY);
}

/** A line through windows that a minority of wrong ones does not move (Sen 1968). */
function lineThrough(windows: readonly FollowedWindow[], maxDrift: number): LagLine {
  const slopes = windows.flatMap((one, index) =>
    windows.slice(index + 1).map((two) =>
      (two.to - two.from - one.to + one.from) / (two.from - one.from)
    )
  );
  const drift = Math.max(-maxDrift, Math.min(maxDrift, median(slopes)));
  const at = windows.at(-1)!.from;
  const seconds = median(windows.map(({ from, to }) => to - from - drift * (from - at)));
  return { seconds, at, drift };
}

/** The relation that most windows tell; undefined when too few were used. */
export function relationOf(
  windows: readonly FollowedWindow[],
  maxDrift: number,
): LagLine | undefined {
  const used = windows.filter(({ verdict }) => verdict === "used");
  const step = Math.ceil(used.length / MOST_POINTS);
  const some = used.filter((_, index) => index % step === 0);
  return some.length < 4 ? undefined : lineThrough(some, maxDrift);
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Marks windows that are at odds with those around them. */
function withoutOutliers(windows: readonly FollowedWindow[], maxDrift: number): FollowedWindow[] {
  const used = windows.filter(({ verdict }) => verdict === "used");
  const place = new Map(used.map((window, index) => [window, index]));
  return windows.map((window) => {
    const index = place.get(window);
    if (index === undefined) return window;
    const from = Math.max(0, Math.min(index - 5, used.length - 11));
    const around = used.slice(from, from + 11).filter((other) => other !== window);
    if (around.length < 2) return { ...window, verdict: "outlier" };
    const off = window.to - window.from - lagAt(lineThrough(around, maxDrift), window.from);
    const allowed = Math.max(OFF_SIGMAS * window.sigma, OFF_SECONDS);
    return Math.abs(off) <= allowed ? window : { ...window, verdict: "outlier" };
  });
}
