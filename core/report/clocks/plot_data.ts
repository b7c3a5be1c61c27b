import { secondsSince, type TimeNs } from "../../base/mod.ts";
import { type ClockModel, type EvidenceKind, evidenceKindOf } from "../../clock/mod.ts";
import type { PlotPoint } from "../plot/mod.ts";
import { ModelWalk, readAlong, spreadTimes } from "./along.ts";
import type { ReportedClock } from "./facts.ts";
import { filledNs, greater, lesser, SIGMAS_95 } from "./uncertainty.ts";

/** Places at which the model is drawn, over the whole picture. */
const PLACES = 480;

/** Readings of one kind, in seconds since the session start and ns. */
export interface Series {
  readonly kind: EvidenceKind;
  readonly used: readonly PlotPoint[];
  readonly rejected: readonly PlotPoint[];
}

/** The uncertainty and pace of a stretch along the time of the session. */
export interface Stretch {
  readonly points: readonly {
    readonly x: number;
    readonly halfWidthNs: number;
  }[];
  readonly drift: readonly {
    readonly x: number;
    readonly ppm: number;
    readonly halfWidthPpm: number;
  }[];
}

/** The readings of each kind on the time axis of the session. */
export function seriesOf(model: ClockModel, originNs: TimeNs): Series[] {
  const found = new Map<EvidenceKind, { used: PlotPoint[]; rejected: PlotPoint[] }>();
  for (const { kind: given, deviceNs, residualsNs, verdicts } of model.audit ?? []) {
    const kind = evidenceKindOf(given);
    const points = found.get(kind) ?? { used: [], rejected: [] };
    const walk = new ModelWalk(model);
    for (const [index, verdict] of verdicts.entries()) {
      // What is no reading has no place on the axis.
      if (verdict === "garbage") continue;
      const placed = walk.place(deviceNs[index]!);
      if (placed === undefined) continue;
      const point = { x: secondsSince(placed, originNs), y: residualsNs[index]! };
      (verdict === "used" ? points.used : points.rejected).push(point);
    }
    found.set(kind, points);
  }
  return [...found].map(([kind, { used, rejected }]) => ({
    kind,
    used: ordered(used),
    rejected: ordered(rejected),
  }));
}

/** Points are thinned column by column, for which they must come from left to right. */
function ordered(points: readonly PlotPoint[]): PlotPoint[] {
  return points.toSorted((a, b) => a.x - b.x);
}

/** Uncertainty and pace of each stretch of a model. */
export function stretchesOf({ model, streams }: ReportedClock, originNs: TimeNs): Stretch[] {
  const segments = widest(nearKnots(model.segments, streams));
  const whole = segments.reduce((sum, { fromNs, toNs }) => sum + Number(toNs - fromNs), 0);
  return segments.map((segment) => {
    const { fromNs, toNs, knots } = segment;
    const share = whole > 0 ? Number(toNs - fromNs) / whole : 1;
    const times = [
      fromNs,
      ...spreadTimes(fromNs, toNs, Math.max(2, Math.round(share * PLACES))),
      toNs,
    ];
    const seconds = (reading: { readonly deviceNs: TimeNs; readonly offsetNs: TimeNs }) =>
      secondsSince(reading.deviceNs + reading.offsetNs, originNs);
    const inside = knots.filter(({ deviceNs }) => deviceNs >= fromNs && deviceNs <= toNs);
    const ends = [knots[0], knots.at(-1)].flatMap((knot) => knot ?? []);
    const [start, end] = readAlong(segment, [fromNs, toNs]);
    const bent = [
      ...(start && ends[0] ? [{ ...ends[0], ...start, skew: ends[0].skew }] : []),
      ...inside,
      ...(end && ends[1] ? [{ ...ends[1], ...end, skew: ends[1].skew }] : []),
    ];
    return {
      points: readAlong(segment, times).map((reading) => ({
        x: seconds(reading),
        halfWidthNs: SIGMAS_95 * reading.sigmaNs,
      })),
      drift: bent.map((knot) => ({
        x: seconds(knot),
        ppm: knot.skew * 1e6,
        halfWidthPpm: SIGMAS_95 * (knot.skewSigma ?? 0) * 1e6,
      })),
    };
  });
}

/** Gaps of the streams, in seconds since the session start. */
export function gapsOf({ model, streams }: ReportedClock, originNs: TimeNs): [number, number][] {
  return streams.flatMap(({ sampling }) => {
    const walk = new ModelWalk(model);
    return sampling.firstGaps.flatMap(({ fromNs, toNs }): [number, number][] => {
      const [from, to] = [walk.place(fromNs), walk.place(toNs)];
      if (from === undefined || to === undefined) return [];
      return [[secondsSince(from, originNs), secondsSince(to, originNs)]];
    });
  });
}

/** From the first to the last thing that is drawn, with a margin. */
export function timeDomain(
  series: readonly Series[],
  stretches: readonly Stretch[],
): readonly [number, number] {
  const drawn = [
    ...stretches.flatMap(({ points }) => points),
    ...series.flatMap(({ used, rejected }) => [...used, ...rejected]),
  ].map(({ x }) => x).filter(Number.isFinite);
  if (drawn.length === 0) return [0, 1];
  const low = drawn.reduce((least, value) => Math.min(least, value));
  const high = drawn.reduce((most, value) => Math.max(most, value));
  const margin = Math.max(0.02 * (high - low), 0.5);
  return [low - margin, high + margin];
}

/** Stretches no further from their knots than samples can reach: one damaged stamp would be all that is seen. */
function nearKnots(
  segments: ClockModel["segments"],
  streams: ReportedClock["streams"],
): ClockModel["segments"] {
  const [fullest] = streams.toSorted((a, b) => b.sampling.count - a.sampling.count);
  const { minNs, maxNs } = fullest?.sampling ?? {};
  const filled = fullest === undefined ? NaN : filledNs(fullest.sampling);
  if (minNs === undefined || maxNs === undefined || !Number.isFinite(filled)) return segments;
  const reach = BigInt(Math.ceil(filled));
  return segments.map((segment) => {
    const [first, last] = [segment.knots[0], segment.knots.at(-1)];
    if (first === undefined || last === undefined) return segment;
    return {
      ...segment,
      fromNs: greater(segment.fromNs, lesser(first.deviceNs, maxNs) - reach),
      toNs: lesser(segment.toNs, greater(last.deviceNs, minNs) + reach),
    };
  });
}

/** Stretches that are drawn: more are no longer told apart. */
const MOST_STRETCHES = 400;

/** The longest stretches in their order, when there are too many. */
function widest(segments: ClockModel["segments"]): ClockModel["segments"] {
  if (segments.length <= MOST_STRETCHES) return segments;
  const length = ({ fromNs, toNs }: (typeof segments)[number]) => toNs - fromNs;
  const longest = segments.toSorted((a, b) => length(a) < length(b) ? 1 : -1);
  const kept = new Set(longest.slice(0, MOST_STRETCHES));
  return segments.filter((segment) => kept.has(segment));
}
