import type { Kernel } from "../../wasm/mod.ts";
import { throwIfCancelled, type TimeNs } from "../base/mod.ts";
import {
  applyClock,
  type ClockModel,
  isSeries,
  type MotionQuantity,
  type SeriesEvidence,
} from "../clock/mod.ts";
import {
  type OverlayStretch,
  type OverlayTrace,
  plotOverlay,
  relativeLengths,
} from "../report/mod.ts";
import type { SessionFit } from "./fit.ts";
import { type MotionEvidenceOptions, movingStreams } from "./motion_evidence.ts";
import { motionColumns, motionSource } from "./motion_streams.ts";
import type { StreamScan } from "./scan.ts";

/** What is drawn to either side of a reading. */
const HALF_WIDTH_NS = 4_000_000_000n;
/** Pictures of dense recordings stay small: later samples of a stretch are left out. */
const MOST_SAMPLES = 200_000;

/** What {@linkcode motionOverlays} needs. */
export interface MotionOverlayOptions extends MotionEvidenceOptions {
  readonly fit: Pick<SessionFit, "models" | "evidence" | "originNs">;
}

/** What is drawn of a stream. */
interface Drawn {
  readonly stretches: readonly OverlayStretch[];
  readonly quantity: MotionQuantity;
}

/** A reading at an end of the recordings, on the reference clock. */
interface OverlayEnd {
  readonly timeNs: TimeNs;
  /** How much later the second sensor shows the movement once both are placed. */
  readonly lagNs: number;
  /** One sigma of the measured lag. */
  readonly sigmaNs: number;
}

/** A picture of two movements over each other. */
export interface MotionOverlay {
  /** Ids of the streams. */
  readonly streams: readonly [string, string];
  readonly svg: string;
}

/**
 * Draws for every two clocks that movement ties what both sensors measured about the first and about the last
 * reading, each placed on the reference clock by its own model. Above each stretch stands the lag that was
 * measured there and that the models leave.
 *
 * @example
 * ```ts
 * import { faultySession, IssueLog, Kernel, motionOverlays, openSession, scanSession } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const { folder } = await faultySession("clean");
 * const opened = await openSession(folder);
 * const kernel = new Kernel();
 * const scans = await scanSession({ ...opened, kernel, issues: new IssueLog() });
 * const fit = { models: new Map(), evidence: [], originNs: 0n };
 * assert.deepEqual(await motionOverlays({ ...opened, kernel, scans, fit }), []);
 * ```
 */
export async function motionOverlays(options: MotionOverlayOptions): Promise<MotionOverlay[]> {
  const { fit, scans } = options;
  const found: MotionOverlay[] = [];
  for (const series of fit.evidence) {
    if (series.kind !== "motion" || !isSeries(series)) continue;
    const moving = movingStreams(scans);
    const streams = [series.from.id, series.to.id].map((id) =>
      moving.find(({ schema }) => schema.clock.id === id)
    );
    const [a, b] = streams;
    if (a === undefined || b === undefined) continue;
    const svg = await overlayOf([a, b], series, options);
    if (svg !== undefined) found.push({ streams: [a.schema.id, b.schema.id], svg });
  }
  return found;
}

async function overlayOf(
  scans: readonly [StreamScan, StreamScan],
  series: SeriesEvidence,
  options: MotionOverlayOptions,
): Promise<string | undefined> {
  const { kernel, fit: { models, originNs } } = options;
  const ends = endsOf(kernel, models, series);
  const reference = [...models.values()].find(({ method }) => method === "reference");
  if (ends === undefined || reference === undefined) return undefined;
  const stretches = stretchesAbout(ends);
  const quantity = sharedQuantity(scans);
  const traces: OverlayTrace[] = [];
  for (const scan of scans) {
    const placed = models.get(scan.schema.clock.id);
    if (placed === undefined) return undefined;
    traces.push(await traceOf(scan, placed, { stretches, quantity }, options));
  }
  const readings = series.fromNs.length;
  return plotOverlay(traces, {
    title: `Movement of ${scans.map(({ schema }) => schema.device).join(" and ")}, aligned`,
    note: `Length of the ${quantity === "accel" ? "acceleration" : "angular velocity"}, each ` +
      `placed by its own clock model; ${readings} ${
        readings === 1 ? "reading ties" : "readings tie"
      } them`,
    yLabel: quantity === "accel" ? "Acceleration (\u00d7 rest)" : "Rotation (\u00d7 median)",
    xLabel: `Time since the session began, on ${reference.clock.id} (s)`,
    originNs,
    stretches,
  });
}

/** First and last reading; undefined when a clock has no model. */
function endsOf(
  kernel: Kernel,
  models: SessionFit["models"],
  { from, to, fromNs, toNs, sigmasNs }: SeriesEvidence,
): readonly OverlayEnd[] | undefined {
  const [first, second] = [models.get(from.id), models.get(to.id)];
  if (first === undefined || second === undefined || fromNs.length === 0) return undefined;
  return [0, fromNs.length - 1].map((index) => {
    const place = (model: ClockModel, time: TimeNs) =>
      applyClock(kernel, model, BigInt64Array.of(time)).referenceTimes[0]!;
    const timeNs = place(first, fromNs[index]!);
    const lagNs = Number(place(second, toNs[index]!) - timeNs);
    return { timeNs, lagNs, sigmaNs: sigmasNs?.[index] ?? NaN };
  });
}

/** Start and end; one stretch where they are one. */
function stretchesAbout([first, last]: readonly OverlayEnd[]): OverlayStretch[] {
  if (first === undefined || last === undefined) return [];
  const about = (title: string, end: OverlayEnd) => ({
    title: `${title}: residual lag ${lagText(end)}`,
    fromNs: end.timeNs - HALF_WIDTH_NS,
    toNs: end.timeNs + HALF_WIDTH_NS,
  });
  if (last.timeNs - first.timeNs < HALF_WIDTH_NS) return [about("Movement in common", first)];
  return [about("First movement in common", first), about("Last movement in common", last)];
}

/** What the models leave of a measured lag, with the standard deviation of the measurement. */
function lagText({ lagNs, sigmaNs }: OverlayEnd): string {
  const milliseconds = (value: number) => (value / 1e6).toFixed(2);
  const sign = lagNs < 0 ? "\u2212" : "+";
  return `${sign}${milliseconds(Math.abs(lagNs))} ms (standard deviation ${
    milliseconds(sigmaNs)
  } ms)`;
}

/** What both measured, accelerations first: they show rest. */
function sharedQuantity(scans: readonly StreamScan[]): MotionQuantity {
  return scans.every(({ schema }) => motionColumns(schema).accel !== undefined) ? "accel" : "gyro";
}

async function traceOf(
  scan: StreamScan,
  model: ClockModel,
  { stretches, quantity }: Drawn,
  options: MotionOverlayOptions,
): Promise<OverlayTrace> {
  const { kernel, signal } = options;
  const times: bigint[] = [];
  const axes: [number[], number[], number[]] = [[], [], []];
  const isDrawn = (time: bigint) =>
    stretches.some(({ fromNs, toNs }) => time >= fromNs && time <= toNs);
  let firstRow = 0;
  for await (const chunk of motionSource(scan, options).chunks()) {
    throwIfCancelled(signal);
    const columns = chunk[quantity];
    const streamId = scan.schema.id;
    const { referenceTimes } = applyClock(kernel, model, chunk.timesNs, { firstRow, streamId });
    firstRow += chunk.timesNs.length;
    for (const [index, time] of referenceTimes.entries()) {
      if (columns === undefined || times.length >= MOST_SAMPLES || !isDrawn(time)) continue;
      times.push(time);
      columns.forEach((column, axis) => axes[axis]!.push(column[index]!));
    }
  }
  const [x, y, z] = axes;
  const values = relativeLengths([
    Float64Array.from(x),
    Float64Array.from(y),
    Float64Array.from(z),
  ]);
  return { name: scan.schema.id, timesNs: BigInt64Array.from(times), values };
}
