import { quantile, secondsSince } from "../../base/mod.ts";
import type { ClockModel } from "../../clock/mod.ts";
import {
  cutText,
  element,
  type Marker,
  Panel,
  type PlotPoint,
  SERIES_COLOURS,
  svgDocument,
  textElement,
  textWidth,
  timeScale,
} from "../plot/mod.ts";
import type { ClockSession, ReportedClock } from "./facts.ts";
import {
  gapsOf,
  type Series,
  seriesOf,
  type Stretch,
  stretchesOf,
  timeDomain,
} from "./plot_data.ts";
import { type ClockSummary, stepsOf, summariseClock } from "./summary.ts";
import { signedText, type TimeUnit, unitOf } from "./units.ts";
import { driftText, evidenceText, widthText } from "./words.ts";

const WIDTH = 960;
const HEIGHT = 600;
const LEFT = 84;
const RIGHT = 24;
const TOP = 96;
const RESIDUALS_HEIGHT = 270;
const BETWEEN = 30;
const DRIFT_HEIGHT = 150;
/** So few readings are drawn larger. */
const FEW_DOTS = 200;

/**
 * Draws how a clock runs: residuals of its evidence with the 95 % band of the model above, its drift below, steps as
 * vertical lines, gaps of its streams in grey.
 *
 * The picture is SVG 1.1 text of bounded size, the same bytes for the same clock.
 *
 * @example
 * ```ts
 * import { fitGraph, Kernel, plotClock } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const [from, to] = [{ id: "phone/utc", kind: "utc" }, { id: "pc/utc", kind: "utc" }] as const;
 * const { models: [model] } = fitGraph(new Kernel(), {
 *   clocks: [from],
 *   reference: to,
 *   evidence: [{ kind: "event", from, to, fromNs: 0n, toNs: 5n, sigmaNs: 1e6, source: "tap" }],
 * });
 * const clock = { model: model!, streams: [], ties: [to], excluded: [], issues: [] };
 * const svg = plotClock(clock, { models: new Map(), originNs: 0n });
 * assert.match(svg, /<svg xmlns=.*phone\/utc: good/s);
 * ```
 */
export function plotClock(clock: ReportedClock, session: ClockSession): string {
  const summary = summariseClock(clock);
  const { originNs } = session;
  const series = seriesOf(clock.model, originNs);
  const stretches = stretchesOf(clock, originNs);
  const gaps = gapsOf(clock, originNs);
  const domain = timeDomain(series, stretches);
  const scale = timeScale(domain[1] - domain[0]);
  const toScale = 1 / scale.seconds;
  const xDomain: readonly [number, number] = [domain[0] * toScale, domain[1] * toScale];
  const inScale = {
    series: series.map((one) => ({
      ...one,
      used: one.used.map(({ x, y }) => ({ x: x * toScale, y })),
      rejected: one.rejected.map(({ x, y }) => ({ x: x * toScale, y })),
    })),
    stretches: stretches.map(({ points, drift }) => ({
      points: points.map((point) => ({ ...point, x: point.x * toScale })),
      drift: drift.map((point) => ({ ...point, x: point.x * toScale })),
    })),
    gaps: gaps.map(([from, to]) => [from * toScale, to * toScale] as const),
    markers: stepsOf(clock.model).flatMap(({ referenceNs, changeNs }): Marker[] =>
      referenceNs === undefined ? [] : [{
        x: secondsSince(referenceNs, originNs) * toScale,
        label: signedText(changeNs),
      }]
    ),
  };
  const range = residualRange(series, stretches);
  const xLabel = `Time since session start (${scale.unit})`;
  return svgDocument(
    { width: WIDTH, height: HEIGHT, title: `${summary.id}: ${summary.verdict}` },
    [
      ...heading(summary, clock),
      legend(inScale, range),
      residualPanel(inScale, { xDomain, range, summary }),
      driftPanel(inScale, xDomain, xLabel),
    ].filter((part) => part !== ""),
  );
}

type Drawn = {
  readonly series: readonly Series[];
  readonly stretches: readonly Stretch[];
  readonly gaps: readonly (readonly [number, number])[];
  readonly markers: readonly Marker[];
};

/** A picture is as wide whatever names it holds. */
const TEXT_WIDTH = WIDTH - LEFT - RIGHT;

function heading(summary: ClockSummary, clock: ReportedClock): string[] {
  const { id, verdict, reference, via, method } = summary;
  const through = via === undefined || via === reference ? "" : ` through ${via}`;
  const facts = method === "none" ? [`not placed on ${reference}`] : [
    `on ${reference}${through}`,
    `drift ${driftText(summary)}`,
    uncertaintyText(summary),
    evidenceText(summary.evidence),
  ].map((fact) => fact.replaceAll("+-", "\u00b1").replace(/ us\b/g, " \u00b5s"));
  return [
    textElement(`${cutText(id, TEXT_WIDTH - textWidth(verdict, 16), 16)}: ${verdict}`, {
      class: "title",
      x: LEFT,
      y: 28,
    }),
    textElement(cutText(facts.join("  \u00b7  "), TEXT_WIDTH), { x: LEFT, y: 50 }),
    textElement(cutText(remark(summary, clock.model), TEXT_WIDTH), { x: LEFT, y: 68 }),
  ];
}

function uncertaintyText({ halfWidthNs, clockHalfWidthNs }: ClockSummary): string {
  const [samples, clock] = [widthText(halfWidthNs), widthText(clockHalfWidthNs)];
  return `95 % within ${samples}${clock === samples ? "" : `, the clock ${clock}`}`;
}

/** Why a clock is not good, or how well it foretold readings that the fit did not see. */
function remark({ verdict, reasons }: ClockSummary, { holdOut }: ClockModel): string {
  if (verdict !== "good") return reasons.join("; ");
  if (holdOut === undefined) return "";
  const share = (100 * holdOut.coverage).toFixed(1);
  return `${share} % of ${holdOut.count} readings held out lie in their 95 % interval`;
}

/** One line that says what each mark means, of the marks that are there. */
function legend({ series, stretches, gaps, markers }: Drawn, { low, high }: Range): string {
  const entries: (readonly [mark: (x: number, y: number) => string, label: string])[] = [];
  const circle = (className: string) => (x: number, y: number) =>
    element("circle", { class: className, cx: x, cy: y, r: 3 });
  const box = (className: string) => (x: number, y: number) =>
    element("rect", { class: className, x: x - 7, y: y - 5, width: 14, height: 10 });
  for (const [index, { kind, used }] of series.entries()) {
    if (used.length > 0) entries.push([circle(fillOf(index)), `${kind}, used`]);
  }
  if (series.some(({ rejected }) => rejected.length > 0)) {
    const cross = (x: number, y: number) =>
      element("path", {
        class: "crosses",
        d: `M${x - 3} ${y - 3}l6 6m0 -6l-6 6`,
      });
    entries.push([cross, "rejected"]);
  }
  const all = series.flatMap(({ used, rejected }) => [...used, ...rejected]);
  if (all.some(({ y }) => y < low || y > high)) {
    const triangle = (x: number, y: number) =>
      element("path", { class: "crosses", d: `M${x} ${y - 4}l4 7h-8Z` });
    entries.push([triangle, "beyond the axis"]);
  }
  if (stretches.length > 0) entries.push([box("band f0"), "95 % of the clock"]);
  if (markers.length > 0) {
    const line = (x: number, y: number) =>
      element("line", { class: "step", x1: x, y1: y - 6, x2: x, y2: y + 6 });
    entries.push([line, "step"]);
  }
  if (gaps.length > 0) entries.push([box("gap"), "gap"]);
  let x = LEFT + 8;
  return entries.map(([mark, label]) => {
    const at = x;
    x += 34 + textWidth(label);
    return mark(at, 84) + textElement(label, { x: at + 12, y: 88 });
  }).join("\n");
}

function fillOf(index: number): string {
  return `f${index % SERIES_COLOURS}`;
}

function residualPanel(
  { series, stretches, gaps, markers }: Drawn,
  { xDomain, range, summary: { verdict, reasons } }: {
    readonly xDomain: readonly [number, number];
    readonly range: Range;
    readonly summary: ClockSummary;
  },
): string {
  const { unit } = range;
  const yDomain = [range.low / unit.ns, range.high / unit.ns] as const;
  const panel = new Panel({
    box: [LEFT, TOP, WIDTH - LEFT - RIGHT, RESIDUALS_HEIGHT],
    xDomain,
    yDomain,
    yLabel: `Reading minus model (${unit.name === "us" ? "\u00b5s" : unit.name})`,
  });
  const { bands, edges } = intervals(panel, stretches, unit.ns);
  const empty = series.length > 0 ? "" : panel.note(
    verdict === "unaligned" ? reasons.join("; ") : "No series of readings: see the evidence above",
  );
  return [
    panel.frame(),
    panel.spans(gaps, "gap"),
    ...bands,
    ...readingMarks(panel, series, unit.ns),
    // On top of the readings, which can hide the band.
    ...(series.length > 0 ? edges : []),
    panel.markers(markers, true),
    empty,
  ].filter((part) => part !== "").join("\n");
}

/** The 95 % interval of a clock about zero, and its edges; `unitNs` is one unit of the axis. */
function intervals(
  panel: Panel,
  stretches: Drawn["stretches"],
  unitNs: number,
): { readonly bands: string[]; readonly edges: string[] } {
  const edge = (side: -1 | 1, { points }: Drawn["stretches"][number]) =>
    panel.line(
      points.map(({ x, halfWidthNs }) => ({ x, y: side * halfWidthNs / unitNs })),
      "edge",
    );
  const bands = stretches.map(({ points }) =>
    panel.band(
      points.map(({ x, halfWidthNs }) => ({
        x,
        low: -halfWidthNs / unitNs,
        high: halfWidthNs / unitNs,
      })),
      "band f0",
    )
  );
  return { bands, edges: stretches.flatMap((stretch) => [edge(-1, stretch), edge(1, stretch)]) };
}

/** Rejected readings as crosses, and above them those that were used as dots. */
function readingMarks(panel: Panel, series: Drawn["series"], unitNs: number): string[] {
  const inUnit = (points: readonly PlotPoint[]) => points.map(({ x, y }) => ({ x, y: y / unitNs }));
  const total = series.reduce((sum, { used }) => sum + used.length, 0);
  const size = total <= FEW_DOTS ? " few" : "";
  const rejections = series.flatMap(({ rejected }) => [
    panel.crosses(inUnit(rejected), "crosses"),
    panel.outside(inUnit(rejected), "crosses"),
  ]);
  const marks = series.flatMap(({ used }, index) => [
    panel.dots(inUnit(used), `dots c${index % SERIES_COLOURS}${size}`),
    panel.outside(inUnit(used), fillOf(index)),
  ]);
  return [...rejections, ...marks];
}

/** What the axis of the residuals spans, in ns, and the unit in which it is labelled. */
interface Range {
  readonly low: number;
  readonly high: number;
  readonly unit: TimeUnit;
}

/**
 * The range of the readings and of the band. A few that lie far off are marked at the edge instead of pressing all
 * others flat.
 */
function residualRange(series: readonly Series[], stretches: readonly Stretch[]): Range {
  const used = series.flatMap(({ used }) => used.map(({ y }) => y));
  const others = series.flatMap(({ rejected }) => rejected.map(({ y }) => y));
  const width = quantile(
    stretches.flatMap(({ points }) => points.map(({ halfWidthNs }) => halfWidthNs)),
    0.95,
  );
  const band = Number.isFinite(width) ? width : 0;
  const high = Math.max(band, farEnd(used), nearShare(others, used));
  const low = Math.max(band, farEnd(negated(used)), nearShare(negated(others), negated(used)));
  const [top, bottom] = high + low > 0 ? [high, low] : [1e3, 1e3];
  const margin = 0.06 * (top + bottom);
  return { low: -bottom - margin, high: top + margin, unit: unitOf(Math.max(top, bottom)) };
}

function negated(values: readonly number[]): number[] {
  return values.map((value) => -value);
}

/** The greatest value, unless it lies far beyond nearly all others. */
function farEnd(values: readonly number[]): number {
  const greatest = quantile(values, 1);
  const nearly = quantile(values, 0.98);
  if (!Number.isFinite(greatest)) return 0;
  return greatest > 3 * Math.abs(nearly) && values.length > 50 ? 1.5 * Math.abs(nearly) : greatest;
}

/** Rejected readings are shown as far as they do not press the used ones together. */
function nearShare(rejected: readonly number[], used: readonly number[]): number {
  const limit = 3 * Math.max(Math.abs(farEnd(used)), Math.abs(farEnd(negated(used))));
  const near = rejected.filter((value) => value <= limit || used.length === 0);
  return near.reduce((high, value) => Math.max(high, value), 0);
}

function driftPanel(
  { stretches, gaps, markers }: Drawn,
  xDomain: readonly [number, number],
  xLabel: string,
): string {
  const panel = new Panel({
    box: [LEFT, TOP + RESIDUALS_HEIGHT + BETWEEN, WIDTH - LEFT - RIGHT, DRIFT_HEIGHT],
    xDomain,
    yDomain: driftDomain(stretches),
    yLabel: "Drift (ppm)",
    xLabel,
  });
  const curves = stretches.map(({ drift }) =>
    panel.band(
      drift.map(({ x, ppm, halfWidthPpm }) => ({
        x,
        low: ppm - halfWidthPpm,
        high: ppm + halfWidthPpm,
      })),
      "band f1",
    ) + panel.line(drift.map(({ x, ppm }) => ({ x, y: ppm })), "line c1")
  );
  const empty = stretches.length === 0 ? panel.note("Not placed: no drift is known") : "";
  return [panel.frame(), panel.spans(gaps, "gap"), ...curves, panel.markers(markers, false), empty]
    .filter((part) => part !== "").join("\n");
}

/** The range of the drift, with as much of its band as leaves the curve to be seen. */
function driftDomain(stretches: readonly Stretch[]): readonly [number, number] {
  const ppm = stretches.flatMap(({ drift }) => drift.map(({ ppm }) => ppm)).filter(Number.isFinite);
  const widths = stretches.flatMap(({ drift }) => drift.map(({ halfWidthPpm }) => halfWidthPpm));
  if (ppm.length === 0) return [-1, 1];
  const low = ppm.reduce((least, value) => Math.min(least, value));
  const high = ppm.reduce((most, value) => Math.max(most, value));
  const typical = quantile(widths, 0.5);
  const wide = typical > 0 && Number.isFinite(typical) ? 1.15 * typical : 0;
  const range = high - low;
  const margin = range > 0.05 * wide && range > 0 ? Math.min(wide, 3 * range) : wide;
  const least = Math.max(0.1 * range, Math.abs(high) * 1e-6, 1e-3);
  return [low - Math.max(margin, least), high + Math.max(margin, least)];
}
