import { median, quantile, rootSumSquares, secondsSince, type TimeNs } from "../base/mod.ts";
import {
  cutText,
  element,
  Panel,
  type PlotPoint,
  SERIES_COLOURS,
  svgDocument,
  textElement,
  textWidth,
} from "./plot/mod.ts";

const WIDTH = 960;
const LEFT = 84;
const RIGHT = 24;
const TOP = 92;
const PANEL_HEIGHT = 210;
/** Room below each panel: numbers, label, and the heading of the next. */
const BETWEEN = 76;
/** Peaks beyond this share of the values may leave the picture. */
const SHOWN_SHARE = 0.9995;

/** What one sensor measured, on the time axis that all share. */
export interface OverlayTrace {
  readonly name: string;
  /** Times on the common clock in ns, increasing. */
  readonly timesNs: BigInt64Array;
  /** One value for each time; NaN where there is none. */
  readonly values: Float64Array;
}

/** A stretch of the common time axis that is drawn. */
export interface OverlayStretch {
  /** Such as `Start`. */
  readonly title: string;
  readonly fromNs: TimeNs;
  readonly toNs: TimeNs;
}

/** What is drawn besides the traces. */
export interface OverlayOptions {
  readonly title: string;
  /** A line below the title. @default {none} */
  readonly note?: string;
  /** What the values are, with their unit. */
  readonly yLabel: string;
  /** What the times are. @default {Time (s)} */
  readonly xLabel?: string;
  /** Zero of the time axis. */
  readonly originNs: TimeNs;
  readonly stretches: readonly OverlayStretch[];
}

/**
 * Draws what several sensors measured over each other on the common time axis, one panel for each stretch: whether
 * clocks are aligned shows in whether the same movements lie on the same places.
 *
 * The picture is SVG 1.1 text of bounded size, the same bytes for the same data.
 *
 * @example
 * ```ts
 * import { plotOverlay } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const timesNs = BigInt64Array.of(0n, 500_000_000n, 1_000_000_000n);
 * const svg = plotOverlay(
 *   [
 *     { name: "wrist", timesNs, values: Float64Array.of(1, 3, 1) },
 *     { name: "chest", timesNs, values: Float64Array.of(1, 2.8, 1) },
 *   ],
 *   {
 *     title: "Wrist and chest",
 *     yLabel: "Acceleration (g)",
 *     originNs: 0n,
 *     stretches: [{ title: "Start", fromNs: 0n, toNs: 1_000_000_000n }],
 *   },
 * );
 * assert.match(svg, /wrist.*chest.*Start/s);
 * ```
 */
export function plotOverlay(traces: readonly OverlayTrace[], options: OverlayOptions): string {
  const { title, note, stretches } = options;
  const height = TOP + stretches.length * (PANEL_HEIGHT + BETWEEN);
  const width = WIDTH - LEFT - RIGHT;
  return svgDocument({ width: WIDTH, height, title }, [
    textElement(cutText(title, width, 16), { class: "title", x: LEFT, y: 28 }),
    ...(note === undefined ? [] : [textElement(cutText(note, width), { x: LEFT, y: 48 })]),
    legend(traces),
    ...stretches.map((stretch, index) =>
      panelOf(stretch, traces, options, TOP + index * (PANEL_HEIGHT + BETWEEN))
    ),
  ]);
}

function legend(traces: readonly OverlayTrace[]): string {
  let x = LEFT;
  return traces.map(({ name }, index) => {
    const at = x;
    x += 44 + textWidth(name);
    return element("line", { class: lineClass(index), x1: at, y1: 62, x2: at + 22, y2: 62 }) +
      textElement(name, { x: at + 28, y: 66 });
  }).join("\n");
}

function lineClass(index: number): string {
  return `line c${index % SERIES_COLOURS}`;
}

function panelOf(
  stretch: OverlayStretch,
  traces: readonly OverlayTrace[],
  { yLabel, xLabel = "Time (s)", originNs }: OverlayOptions,
  top: number,
): string {
  const lines = traces.map((trace) => pointsOf(trace, stretch, originNs));
  const values = lines.flatMap((points) => points.map(({ y }) => y)).filter(Number.isFinite);
  const panel = new Panel({
    box: [LEFT, top, WIDTH - LEFT - RIGHT, PANEL_HEIGHT],
    xDomain: [secondsSince(stretch.fromNs, originNs), secondsSince(stretch.toNs, originNs)],
    yDomain: rangeOf(values),
    yLabel,
    xLabel,
  });
  return [
    textElement(stretch.title, { x: LEFT, y: top - 6 }),
    panel.frame(),
    ...lines.map((points, index) => panel.line(points, lineClass(index))),
    ...(values.length === 0 ? [panel.note("Nothing was measured here")] : []),
  ].filter((part) => part !== "").join("\n");
}

function pointsOf(
  { timesNs, values }: OverlayTrace,
  { fromNs, toNs }: OverlayStretch,
  originNs: TimeNs,
): PlotPoint[] {
  const points: PlotPoint[] = [];
  for (const [index, time] of timesNs.entries()) {
    // Samples without a value lie between those of other channels: they do not break the line.
    const y = values[index] ?? NaN;
    if (time < fromNs || time > toNs || Number.isNaN(y)) continue;
    points.push({ x: secondsSince(time, originNs), y });
  }
  return points;
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 1];
  const [low, high] = [quantile(values, 1 - SHOWN_SHARE), quantile(values, SHOWN_SHARE)];
  const margin = 0.06 * (high - low) || 0.5;
  return [low - margin, high + margin];
}

/**
 * Lengths of vectors, such as accelerations whatever the mounting of a sensor, in units of their median: 1 is gravity
 * alone for a sensor that mostly rests.
 *
 * @example
 * ```ts
 * import { relativeLengths } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const [x, y, z] = [Float64Array.of(0, 3, 0), Float64Array.of(0, 4, 0), Float64Array.of(2, 0, 2)];
 * assert.deepEqual([...relativeLengths([x, y, z])], [1, 2.5, 1]);
 * ```
 */
export function relativeLengths(
  [x, y, z]: readonly [Float64Array, Float64Array, Float64Array],
): Float64Array {
  const lengths = x.map((value, index) => rootSumSquares(value, y[index] ?? NaN, z[index] ?? NaN));
  const rest = median(lengths.filter((length) => length > 0));
  return lengths.map((length) => length / rest);
}
