/** Where one recording may lie in the other, as one window of it says. Seconds from common origins. */
export interface LagPoint {
  /** Which window. */
  readonly window: number;
  readonly at: number;
  readonly lag: number;
  /** How much it counts. */
  readonly weight: number;
}

/** A lag that runs evenly. */
export interface LagLine {
  readonly at: number;
  readonly lag: number;
  /** Change of the lag per time. */
  readonly slope: number;
}

/** A line with what speaks for it. */
export interface SupportedLine {
  readonly line: LagLine;
  readonly support: number;
  /** The best point of each window that lies on it. */
  readonly points: readonly LagPoint[];
}

/** How far points may lie off a line, seconds: clocks wander. */
const TOLERANCE = 0.05;
/** Lags of different lines differ by more, seconds. */
const APART = 0.2;
/** Uncertainty of a point over that of a drift that is not known: how strongly slopes are held at zero, seconds. */
const SLOPE_SECONDS = 100;

/** Lag of a line at a time. */
export function lagAt({ at, lag, slope }: LagLine, time: number): number {
  return lag + slope * (time - at);
}

/** The line through most points, and the best one that is somewhere else. */
export function findLines(
  points: readonly LagPoint[],
  largestDrift: number,
): { best: SupportedLine; rival: SupportedLine | undefined } | undefined {
  const found: SupportedLine[] = [];
  for (const [index, first] of points.entries()) {
    found.push(supported({ at: first.at, lag: first.lag, slope: 0 }, points));
    for (const second of points.slice(index + 1)) {
      const slope = (second.lag - first.lag) / (second.at - first.at);
      if (second.window === first.window || !(Math.abs(slope) <= largestDrift)) continue;
      found.push(supported({ at: first.at, lag: first.lag, slope }, points));
    }
  }
  found.sort((a, b) => b.support - a.support);
  const [best] = found;
  if (best === undefined) return undefined;
  const middle =
    (Math.min(...points.map(({ at }) => at)) + Math.max(...points.map(({ at }) => at))) / 2;
  const lag = lagAt(best.line, middle);
  const rival = found.find(({ line }) => Math.abs(lagAt(line, middle) - lag) > APART);
  return { best: { ...best, line: fitLine(best.points, largestDrift) }, rival };
}

function supported(line: LagLine, points: readonly LagPoint[]): SupportedLine {
  const best = new Map<number, LagPoint>();
  for (const point of points) {
    if (Math.abs(lagAt(line, point.at) - point.lag) > TOLERANCE) continue;
    const known = best.get(point.window);
    if (known === undefined || point.weight > known.weight) best.set(point.window, point);
  }
  const chosen = [...best.values()];
  return { line, support: chosen.reduce((sum, { weight }) => sum + weight, 0), points: chosen };
}

/** Least squares, with the slope held near zero while the points are close to each other. */
export function fitLine(points: readonly LagPoint[], largestDrift: number): LagLine {
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (value: (point: LagPoint) => number) =>
    points.reduce((sum, point) => sum + point.weight * value(point), 0) / total;
  const at = mean((point) => point.at);
  const lag = mean((point) => point.lag);
  const spread = mean((point) => (point.at - at) * (point.at - at));
  const product = mean((point) => (point.at - at) * (point.lag - lag));
  const slope = product / (spread + (SLOPE_SECONDS * SLOPE_SECONDS) / points.length);
  return { at, lag, slope: Math.max(-largestDrift, Math.min(largestDrift, slope)) };
}
