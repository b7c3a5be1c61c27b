import { median, square } from "../../base/mod.ts";
import { fitLine, lagAt } from "./lines.ts";
import type { ResolvedMotionOptions } from "./options.ts";
import type { MotionVerdict, MotionWindow } from "./result.ts";
import { commonRotation, explained } from "./rotation.ts";

/** How clearly a lag must be better than any other. */
interface Clarity {
  /** By how many standard errors it explains more, when the other leaves at least `gain` times as much. */
  readonly lead: number;
  readonly gain: number;
  /** Or how many times more the other leaves unexplained: in few jerks there is little to average over. */
  readonly ratio: number;
}

const CLEAR: Clarity = { lead: 3, gain: 1.25, ratio: 4 };
/** A single window is evidence only when it is beyond doubt. */
const ALONE = { correlation: 0.8, lead: 5, gain: 1.5, ratio: 8 };
/** Logarithm of how much more likely a lag must be than any other, as many independent errors as there may be. */
const LEAST_EVIDENCE = 12;
/** Windows agree when they are no further apart than this, seconds: clocks wander between them. */
const AGREEMENT = 0.01;
/** The same for windows that follow each other at once: what is left of it is drift. */
const NEAR_AGREEMENT = 0.001;
/** Seconds between windows of one shake, in which nobody mounts a sensor anew; between shakes they do. */
const ONE_MOUNTING = 15;
/** Least share of what its own rotation explains in a window that the one in common must explain. */
const SAME_ROTATION = 0.7;
/** ... and than this many standard errors. */
const AGREEMENT_SIGMAS = 4;
/** Ambiguous windows must agree more closely, in standard errors. */
const SETTLED_SIGMAS = 1.5;
/** Windows on either side that a window is held against. */
const NEIGHBOURS = 3;

/** What tells whether a lag is the only one. */
type Rivalry = Pick<
  MotionWindow,
  "correlation" | "rivalCorrelation" | "rivalScore" | "rivalEvidence"
>;

function isClear(window: Rivalry, { lead, gain, ratio }: Clarity): boolean {
  if (!(window.rivalEvidence >= LEAST_EVIDENCE)) return false;
  const unexplained = 1 - square(window.correlation);
  const least = window.rivalScore >= lead ? gain : ratio;
  return 1 - square(window.rivalCorrelation) >= least * unexplained;
}

/** What a measured window is worth by itself. */
export function verdictOf(
  window: Rivalry & Pick<MotionWindow, "sigmaNs">,
  options: ResolvedMotionOptions,
): MotionVerdict {
  if (!(window.correlation >= options.minimumCorrelation)) return "weak";
  if (!isClear(window, CLEAR)) return "ambiguous";
  if (!(window.sigmaNs <= options.maximumSigmaNs)) return "uncertain";
  return "used";
}

/** When a window lies and what lag it gives, seconds from common origins. */
interface Place {
  readonly at: number;
  readonly lag: number;
}

/** A window with its place. */
export interface GatedWindow extends Place {
  readonly window: MotionWindow;
  /** Products of the axes, as shares: of which rotations explain how much. */
  readonly products: Float64Array;
}

/** Refuses windows that disagree with those about them, and lets agreement settle ambiguous ones. */
export function gateWindows(
  windows: readonly GatedWindow[],
  { maximumDrift, maximumSigmaNs }: ResolvedMotionOptions,
): MotionWindow[] {
  const used = windows.filter(({ window }) => window.verdict === "used");
  const line = fitLine(
    used.map(({ at, lag }, window) => ({ window, at, lag, weight: 1 })),
    maximumDrift,
  );
  const residual = ({ at, lag }: Place) => lag - lagAt(line, at);
  return windows.map((item) => {
    const { window, at } = item;
    const ambiguous = window.verdict === "ambiguous" && window.sigmaNs <= maximumSigmaNs;
    if (window.verdict !== "used" && !ambiguous) return window;
    const others = neighbours(item, used);
    if (others.length < (ambiguous ? 2 : 1)) return window;
    const sigmas = ((ambiguous ? SETTLED_SIGMAS : AGREEMENT_SIGMAS) * window.sigmaNs) / 1e9;
    const apart = median(others.map((other) => Math.abs(other.at - at)));
    const wander = Math.min(AGREEMENT, NEAR_AGREEMENT + maximumDrift * apart);
    const off = Math.abs(residual(item) - median(others.map(residual)));
    if (off <= Math.max(wander, sigmas) && isTurnedAlike(item, others)) {
      return { ...window, verdict: "used" };
    }
    return ambiguous ? window : { ...window, verdict: "outlier" };
  });
}

/** Whether the rotation of the windows soon before and after explains this one. */
function isTurnedAlike(item: GatedWindow, others: readonly GatedWindow[]): boolean {
  const near = others.filter(({ at }) => Math.abs(at - item.at) <= ONE_MOUNTING);
  if (near.length === 0) return true;
  const rotation = commonRotation([item, ...near].map(({ products }) => products));
  return explained(rotation, item.products) >= SAME_ROTATION * item.window.correlation;
}

function neighbours(item: Place, used: readonly GatedWindow[]): readonly GatedWindow[] {
  const before = used.filter(({ at }) => at < item.at).slice(-NEIGHBOURS);
  const after = used.filter(({ at }) => at > item.at).slice(0, NEIGHBOURS);
  return [...before, ...after];
}

/** Whether the windows that are left prove that the recordings share movement. */
export function isProven(windows: readonly MotionWindow[]): boolean {
  const used = windows.filter(({ verdict }) => verdict === "used");
  if (used.length !== 1) return used.length > 1;
  const [only] = used as [MotionWindow];
  return only.correlation >= ALONE.correlation && isClear(only, ALONE);
}
