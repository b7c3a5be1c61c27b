import {
  CoarseSearch,
  type Kernel,
  measureMotion,
  type MotionActivity,
  WINDOW_MARGIN_SECONDS,
  type WindowReading,
} from "../../../wasm/mod.ts";
import { type GatedWindow, gateWindows, isProven, verdictOf } from "./gate.ts";
import { findLines, lagAt, type LagLine, type LagPoint } from "./lines.ts";
import type { ResolvedMotionOptions } from "./options.ts";
import { MotionRecording } from "./recording.ts";
import type { MotionCorrelation, MotionOutcome, MotionWindow } from "./result.ts";
import { type MotionQuantity, nsOf, type Stretch } from "./signal.ts";
import { chooseWindows } from "./windows.ts";

/** Windows that are looked for in the whole other recording, and places tried for each. */
const SEARCHED = { count: 16, parts: 8, places: 5 };
/** A window of coarse activity has at least as many bins, so that its shape says something. */
const LEAST_BINS = 100;
/** Parts of a recording that get windows of their own. */
const PARTS = 64;
/** Largest lag to either side of what is expected, seconds: more than the period of walking. */
const RANGE = 1;
/** Movements that correlate less are not taken for the same. */
const CANDIDATE_CORRELATION = 0.35;
/** A line with as large a share of the support of the best makes both doubtful. */
const RIVAL_SUPPORT = 0.8;

/**
 * By how much uncertainties are widened beyond what windows show by themselves. At one point of a rigid body
 * accelerations need no more than rotation rates: of the same simulated shakes both scatter alike. Elsewhere on a body
 * that turns they differ, by an error that windows share. This margin keeps simulated intervals at 95 %; it does not
 * cover sensors that sit centimetres apart.
 */
const SIGMA_FACTORS: Readonly<Record<MotionQuantity, number>> = { accel: 1.15, gyro: 1 };

/** Products of a window in which nothing was measured. */
const NOTHING = new Float64Array(9);
/** Mirrored axes must explain so many windows, and leave so much less of each unexplained than a rotation. */
const MIRROR = { windows: 2, gain: 1.5 };

/** Lines of a quantity, the best and its rival. */
type QuantityLines = NonNullable<ReturnType<typeof findLines>> & {
  readonly quantity: MotionQuantity;
};

/** A window of the first recording and the lag at which it may lie in the second. */
interface Candidate {
  readonly quantity: MotionQuantity;
  readonly window: number;
  readonly startNs: bigint;
  readonly seconds: number;
  readonly lagNs: bigint;
}

/** A window that was measured, of which there may be several variants. */
interface Measured extends GatedWindow {
  readonly index: number;
}

/** Compares two recordings that are both read three times: their activity, candidate windows, final windows. */
export class MotionCorrelator {
  /** How often both recordings must be read. */
  static readonly READINGS = 3;

  readonly #kernel: Kernel;
  readonly #options: ResolvedMotionOptions;
  readonly #a: MotionRecording;
  readonly #b: MotionRecording;
  /** Start of both recordings: lags are seconds beyond their difference. */
  #origins = { a: 0n, b: 0n };
  #candidates: readonly Candidate[] = [];
  #final: readonly Candidate[] = [];
  #outcome: MotionOutcome = "no motion";
  /** One of the sensors has left-handed axes. */
  #mirrored = false;

  constructor(kernel: Kernel, options: ResolvedMotionOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#a = new MotionRecording(kernel);
    this.#b = new MotionRecording(kernel);
  }

  /** The recordings, to which samples are added. */
  get recordings(): readonly [MotionRecording, MotionRecording] {
    return [this.#a, this.#b];
  }

  /** Ends a reading, the `index`-th from 0. Returns whether another is needed. */
  next(index: number): boolean {
    if (index === 0) this.#candidates = this.#search();
    if (index === 1) this.#final = this.#settle();
    const wanted = [this.#candidates, this.#final][index] ?? [];
    if (index >= 2) return false;
    this.#a.restart(wanted.map((candidate) => this.#stretch(candidate, 0n)));
    this.#b.restart(wanted.map((candidate) => this.#stretch(candidate, candidate.lagNs)));
    return wanted.length > 0;
  }

  /** The outcome, after the last reading. */
  result(): MotionCorrelation {
    const measured = this.#final.flatMap((candidate) => this.#best(candidate));
    const windows = this.#bestPerWindow(measured);
    const gated = gateWindows(windows, this.#options);
    if (this.#outcome !== "aligned") return { outcome: this.#outcome, windows: gated };
    return { outcome: isProven(gated) ? "aligned" : "nothing in common", windows: gated };
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#a.dispose();
    this.#b.dispose();
  }

  /** Looks for the liveliest windows of the first recording in all of the second. */
  #search(): Candidate[] {
    const quantities = this.#a.quantities().filter((quantity) =>
      this.#b.quantities().includes(quantity)
    );
    const [first] = quantities;
    if (first === undefined) return [];
    this.#origins = {
      a: this.#a.activity(first).originNs,
      b: this.#b.activity(first).originNs,
    };
    const found = quantities.flatMap((quantity) => this.#searchQuantity(quantity));
    if (found.length > 0) this.#outcome = "nothing in common";
    return found;
  }

  #searchQuantity(quantity: MotionQuantity): Candidate[] {
    const coarser = this.#a.activity(quantity).binNs;
    const b = this.#b.activity(quantity, coarser);
    const a = this.#a.activity(quantity, b.binNs);
    if (a.values.length === 0 || b.values.length === 0) return [];
    const binSeconds = Number(a.binNs) / 1e9;
    const seconds = Math.max(this.#options.windowSeconds, LEAST_BINS * binSeconds);
    const length = Math.min(Math.ceil(seconds / binSeconds), a.values.length);
    const apart = Math.ceil(RANGE / binSeconds);
    const search = new CoarseSearch(this.#kernel, b.values, length);
    try {
      return chooseWindows(a, { length, ...SEARCHED }).flatMap((bin, window) => {
        const stretch = a.values.subarray(bin, bin + length);
        const startNs = a.originNs + BigInt(bin) * a.binNs;
        return search.find(stretch, SEARCHED.places, apart).map((place) => ({
          quantity,
          window,
          startNs,
          seconds: Math.min(seconds, length * binSeconds),
          lagNs: b.originNs + BigInt(place.bin) * b.binNs - startNs,
        }));
      });
    } finally {
      search.dispose();
    }
  }

  /** Compares the movements themselves at the places that were found, and follows the line on which they lie. */
  #settle(): Candidate[] {
    const right = this.#lines(false);
    const left = this.#lines(true);
    this.#mirrored = left !== undefined && isClearlyBetter(left, right);
    const chosen = this.#mirrored ? left : right;
    if (chosen === undefined) return [];
    const { best, rival } = chosen;
    this.#outcome = rival !== undefined && rival.support >= RIVAL_SUPPORT * best.support
      ? "ambiguous"
      : "aligned";
    const shared = this.#a.quantities().filter((q) => this.#b.quantities().includes(q));
    return this.#along(best.line, chosen.quantity).flatMap((candidate) =>
      shared.map((quantity) => ({ ...candidate, quantity }))
    );
  }

  /** The best line of the quantity that tells most. */
  #lines(mirrored: boolean): QuantityLines | undefined {
    this.#mirrored = mirrored;
    const found = this.#a.quantities().flatMap((quantity) => {
      const points = this.#candidates.filter((candidate) => candidate.quantity === quantity)
        .flatMap((candidate) => this.#point(candidate));
      const lines = findLines(points, this.#options.maximumDrift);
      return lines === undefined ? [] : [{ quantity, ...lines }];
    });
    return found.sort((a, b) => b.best.support - a.best.support)[0];
  }

  #point(candidate: Candidate): LagPoint[] {
    const reading = this.#measure(candidate, false);
    if (reading === undefined || !(reading.correlation >= CANDIDATE_CORRELATION)) return [];
    const at = this.#secondsOf(candidate.startNs) + candidate.seconds / 2;
    const lag = this.#relative(candidate.lagNs) + reading.lag;
    const weight = reading.correlation * reading.correlation;
    return [{ window: candidate.window, at, lag, weight }];
  }

  /** Windows of the final measurement, at the lags that a line lets expect. */
  #along(line: LagLine, quantity: MotionQuantity): Candidate[] {
    const activity = this.#a.activity(quantity);
    const binSeconds = Number(activity.binNs) / 1e9;
    const seconds = Math.max(this.#options.windowSeconds, 4 * binSeconds);
    const length = Math.min(Math.ceil(seconds / binSeconds), activity.values.length);
    const choice = { length, count: this.#options.maximumWindows, parts: PARTS };
    const values = this.#common(line, activity, this.#b.activity(quantity, activity.binNs));
    return chooseWindows({ values }, choice).map((bin, window) => {
      const startNs = activity.originNs + BigInt(bin) * activity.binNs;
      const lag = lagAt(line, this.#secondsOf(startNs) + seconds / 2);
      const lagNs = this.#origins.b - this.#origins.a + nsOf(lag);
      return { quantity, window, startNs, seconds, lagNs };
    });
  }

  /** Where both sensors moved: the product of their activities. */
  #common(line: LagLine, a: MotionActivity, b: MotionActivity): Float64Array {
    const binSeconds = Number(a.binNs) / 1e9;
    const offset = this.#secondsOf(a.originNs);
    const start = Number(b.originNs - this.#origins.b) / 1e9;
    return a.values.map((value, bin) => {
      const at = offset + (bin + 0.5) * binSeconds;
      return value * (b.values[Math.floor((at + lagAt(line, at) - start) / binSeconds)] ?? NaN);
    });
  }

  /** A window, or a half of it when the whole cannot be used: what both felt may be short. */
  #best(candidate: Candidate): Measured[] {
    const whole = this.#window(candidate);
    const { verdict, correlation } = whole.window;
    if (verdict === "used" || !(correlation >= CANDIDATE_CORRELATION)) return [whole];
    const seconds = candidate.seconds / 2;
    const halves = [0, 0.5, 1].map((place) =>
      this.#window({ ...candidate, startNs: candidate.startNs + nsOf(place * seconds), seconds })
    );
    return [whole, ...halves];
  }

  #window(candidate: Candidate): Measured {
    const { quantity, startNs, lagNs, window: index } = candidate;
    const reading = this.#measure(candidate, true);
    const centre = reading !== undefined && reading.centre === reading.centre
      ? reading.centre
      : candidate.seconds / 2;
    const atNs = startNs + nsOf(centre);
    const beyondNs = lagNs + nsOf(reading?.lag ?? 0);
    const fromNs = this.#a.stampAt(atNs, this.#stretch(candidate, 0n));
    const toNs = this.#b.stampAt(atNs + beyondNs, this.#stretch(candidate, lagNs));
    const measured = {
      fromNs: fromNs ?? atNs,
      toNs: toNs ?? atNs + beyondNs,
      sigmaNs: (reading?.sigma ?? NaN) * 1e9 * SIGMA_FACTORS[quantity],
      quantity,
      correlation: reading?.correlation ?? 0,
      rivalCorrelation: reading?.rivalCorrelation ?? 0,
      rivalScore: reading?.rivalScore ?? NaN,
      rivalEvidence: reading?.rivalEvidence ?? NaN,
      rotation: this.#handed(reading?.rotation ?? NOTHING.map(() => NaN)),
      row: this.#a.rowAt(atNs),
    };
    const set = fromNs === undefined || toNs === undefined;
    const verdict = reading === undefined
      ? "no overlap"
      : set
      ? "clock set"
      : verdictOf(measured, this.#options);
    const window: MotionWindow = { ...measured, verdict };
    const place = { at: this.#secondsOf(atNs), lag: this.#relative(beyondNs) };
    return { window, index, ...place, products: reading?.products ?? NOTHING };
  }

  /** Of the quantities and the parts in which a window was measured what tells most. */
  #bestPerWindow(measured: readonly Measured[]): GatedWindow[] {
    const best = new Map<number, GatedWindow>();
    for (const item of measured) {
      const known = best.get(item.index);
      if (known === undefined || isBetter(item.window, known.window)) best.set(item.index, item);
    }
    return [...best.values()];
  }

  #measure(candidate: Candidate, refine: boolean): WindowReading | undefined {
    const { quantity, startNs, seconds, lagNs } = candidate;
    const a = this.#a.samples(quantity, this.#stretch(candidate, 0n), startNs);
    const { times, axes } = this.#b.samples(
      quantity,
      this.#stretch(candidate, lagNs),
      startNs + lagNs,
    );
    const [x, y, z] = axes;
    const b = { times, axes: [this.#handed(x), this.#handed(y), this.#handed(z)] as const };
    return measureMotion(this.#kernel, a, b, { window: seconds, range: RANGE, refine });
  }

  /** Reversing all three axes makes left-handed ones right-handed. */
  #handed(values: Float64Array): Float64Array {
    return this.#mirrored ? values.map((value) => -value) : values;
  }

  #stretch({ startNs, seconds }: Candidate, lagNs: bigint): Stretch {
    const margin = nsOf(RANGE + WINDOW_MARGIN_SECONDS);
    const from = startNs + lagNs;
    return { startNs: from - margin, endNs: from + nsOf(seconds) + margin };
  }

  #secondsOf(timeNs: bigint): number {
    return Number(timeNs - this.#origins.a) / 1e9;
  }

  #relative(lagNs: bigint): number {
    return Number(lagNs - (this.#origins.b - this.#origins.a)) / 1e9;
  }
}

/** Whether axes are mirrored: that must explain all windows clearly better, and several. */
function isClearlyBetter(
  { best, quantity }: QuantityLines,
  than: QuantityLines | undefined,
): boolean {
  if (best.points.length < MIRROR.windows) return false;
  if (than === undefined) return true;
  if (than.quantity !== quantity) return best.support > MIRROR.gain * than.best.support;
  const others = new Map(than.best.points.map((point) => [point.window, point.weight]));
  // Weights are squared correlations: shares that are explained.
  return best.points.every(({ window, weight }) =>
    1 - (others.get(window) ?? 0) >= MIRROR.gain * (1 - weight)
  );
}

function isBetter(window: MotionWindow, than: MotionWindow): boolean {
  if ((window.verdict === "used") !== (than.verdict === "used")) return window.verdict === "used";
  return window.sigmaNs < than.sigmaNs || !(than.sigmaNs === than.sigmaNs);
}
