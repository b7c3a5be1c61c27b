import {
  type ClockKind,
  formatUtc,
  formatWall,
  NS_PER_SECOND,
  nsFromSeconds,
  type TimeNs,
  type TimeSpan,
} from "../base/mod.ts";
import type { StampedTime } from "../session/mod.ts";
import type { CheckContext, ValidationInput } from "./check.ts";
import type { StreamReport } from "./report.ts";

/** The two scales on which an absolute time can be given. */
export type WallKind = "utc" | "local";

/** When the session ran, on the scale of its own start. The end is open when nothing says it. */
export interface SessionWindow {
  readonly kind: WallKind;
  readonly startNs: TimeNs;
  readonly endNs: TimeNs | undefined;
}

/** When the session ran, or undefined when its start is not known. */
export function sessionWindow({ session, ...input }: CheckContext): SessionWindow | undefined {
  const { start, end, durationSeconds } = session;
  if (start === undefined || !isWall(start.clock.kind)) return undefined;
  const kind = start.clock.kind;
  const stated = end === undefined ? undefined : placeOn(kind, end, input.utcOffset);
  const counted = durationSeconds === undefined || !Number.isFinite(durationSeconds)
    ? undefined
    : start.ns + nsFromSeconds(durationSeconds);
  const endNs = stated ?? counted;
  return {
    kind,
    startNs: start.ns,
    endNs: endNs !== undefined && endNs < start.ns ? undefined : endNs,
  };
}

/** A time on the scale of a window; undefined when that would need a UTC offset that is not known. */
export function placeTime(
  window: SessionWindow,
  time: StampedTime,
  context: CheckContext,
): TimeNs | undefined {
  return placeOn(window.kind, time, context.utcOffset);
}

/** The span of a stream on the scale of a window; undefined when its clock could not be placed. */
export function placeStream(
  window: SessionWindow,
  report: StreamReport,
  context: CheckContext,
): TimeSpan | undefined {
  const { spanUtc, sampling, schema } = report;
  const place = (ns: TimeNs, kind: ClockKind) => shift(window.kind, ns, kind, context.utcOffset);
  const [from, to, kind] = spanUtc === undefined
    ? [sampling.minNs, sampling.maxNs, schema.clock.kind] as const
    : [spanUtc.startNs, spanUtc.endNs, "utc"] as const;
  if (from === undefined || to === undefined) return undefined;
  const [startNs, endNs] = [place(from, kind), place(to, kind)];
  return startNs === undefined || endNs === undefined ? undefined : { startNs, endNs };
}

/** Seconds that a span lies away from a window; 0 when they touch. */
export function distanceSeconds(window: SessionWindow, span: TimeSpan): number {
  if (span.endNs < window.startNs) return seconds(window.startNs - span.endNs);
  if (window.endNs !== undefined && span.startNs > window.endNs) {
    return seconds(span.startNs - window.endNs);
  }
  return 0;
}

/** A time as a person reads it on its own scale. */
export function formatTime(ns: TimeNs, kind: ClockKind): string {
  return kind === "utc" ? formatUtc(ns) : formatWall(ns);
}

/** Nanoseconds as seconds, to the nanosecond for spans below 100 days. */
export function seconds(ns: TimeNs): number {
  return Number(ns / NS_PER_SECOND) + Number(ns % NS_PER_SECOND) / 1e9;
}

/** A number as a person reads it: four significant digits, no exponent for usual sizes. */
export function rounded(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}

/** The span between the first start and the last stop of recording, else the session; in seconds. */
export function recordingSeconds(context: CheckContext): number | undefined {
  const times = (type: string) =>
    context.session.events.flatMap((event) =>
      event.type === type && event.time !== undefined ? [event.time] : []
    );
  const [from, to] = [times("start_record")[0], times("stop_record").at(-1)];
  if (from !== undefined && to !== undefined && from.clock.kind === to.clock.kind) {
    if (to.ns > from.ns) return seconds(to.ns - from.ns);
  }
  const window = sessionWindow(context);
  return window?.endNs === undefined ? undefined : seconds(window.endNs - window.startNs);
}

function placeOn(
  kind: WallKind,
  { ns, clock }: StampedTime,
  offset: ValidationInput["utcOffset"],
): TimeNs | undefined {
  return shift(kind, ns, clock.kind, offset);
}

function shift(
  wanted: WallKind,
  ns: TimeNs,
  kind: ClockKind,
  offset: ValidationInput["utcOffset"],
): TimeNs | undefined {
  if (!isWall(kind)) return undefined;
  if (kind === wanted) return ns;
  if (offset === undefined) return undefined;
  return wanted === "utc" ? ns - offset.offsetNs : ns + offset.offsetNs;
}

function isWall(kind: ClockKind): kind is WallKind {
  return kind === "utc" || kind === "local";
}
