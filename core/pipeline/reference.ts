import {
  type ClockRef,
  MISSING_NS,
  type StreamSchema,
  type TimeNs,
  type TimeSpan,
} from "../base/mod.ts";
import type { Session } from "../session/mod.ts";
import { unknownClock } from "./anchors.ts";
import { isPlausible } from "./plausible.ts";
import type { StreamScan } from "./scan.ts";
import { stampedSpan } from "./stamped_span.ts";
import { isRecorderClock } from "./xdf_evidence.ts";

/** UTC as the recording computer shows it; its wall clock implies it even where nothing was stamped with it. */
export const PC_UTC: ClockRef = { id: "pc/utc", kind: "utc" };

/** A clock of the session with the span of times that were read from it. */
export interface ClockUse {
  readonly clock: ClockRef;
  /** Samples that it stamps, directly or as the host of another clock. */
  readonly samples: number;
  /** First and last time that was read from it; undefined when there is none. */
  readonly span: TimeSpan | undefined;
  /** Some time that it showed; also known of clocks that are read only in names and stored pairs. */
  readonly shownNs: TimeNs | undefined;
}

/** All clocks of a session by id, in the order in which they are met. */
export function clockUses(session: Session, scans: readonly StreamScan[]): Map<string, ClockUse> {
  const uses = new Map<string, ClockUse>();
  for (const { schema, sampling, evidence, series = [], points = [] } of scans) {
    const { count } = sampling;
    const samples = isEvents(schema) ? 0 : count;
    meet(uses, schema.clock, samples, stampedSpan(sampling));
    for (const { to, toNs } of series) meet(uses, to, 0, evidenceSpan(toNs));
    for (const { to, toNs } of points) meet(uses, to, 0, undefined, toNs);
    if (schema.hostClock === undefined) continue;
    meet(uses, schema.hostClock, count, evidenceSpan(evidence?.toNs));
  }
  for (const time of [session.start, session.end]) {
    if (time !== undefined) meet(uses, time.clock, 0, { startNs: time.ns, endNs: time.ns });
  }
  for (const { time } of session.events) {
    if (time !== undefined) meet(uses, time.clock, 0, { startNs: time.ns, endNs: time.ns });
  }
  for (const { from, fromNs, to, toNs } of session.clockPairs) {
    meet(uses, from, 0, undefined, fromNs);
    meet(uses, to, 0, undefined, toNs);
  }
  for (const { anchors } of session.streams) {
    for (const { time } of anchors) meet(uses, time.clock, 0, undefined, time.ns);
  }
  return uses;
}

/** Events are too few to choose a reference clock by. */
function isEvents({ columns }: StreamSchema): boolean {
  return columns[0]?.name === "event";
}

function meet(
  uses: Map<string, ClockUse>,
  clock: ClockRef,
  samples: number,
  span: TimeSpan | undefined,
  shownNs: TimeNs | undefined = span?.startNs,
): void {
  const known = uses.get(clock.id);
  uses.set(clock.id, {
    clock,
    samples: (known?.samples ?? 0) + samples,
    span: union(known?.span, span),
    shownNs: known?.shownNs ?? shownNs,
  });
}

function evidenceSpan(times: BigInt64Array | undefined): TimeSpan | undefined {
  const first = times?.find((time) => time !== MISSING_NS);
  const last = times?.findLast((time) => time !== MISSING_NS);
  return first === undefined || last === undefined ? undefined : { startNs: first, endNs: last };
}

/** The span that covers both. */
export function union(a: TimeSpan | undefined, b: TimeSpan | undefined): TimeSpan | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    startNs: a.startNs < b.startNs ? a.startNs : b.startNs,
    endNs: a.endNs > b.endNs ? a.endNs : b.endNs,
  };
}

/**
 * Chooses the clock that all times are put on: the recording computer's when it stamped samples, else the UTC
 * clock that stamped most, else that of the computer that recorded an XDF file, else UTC as the computer's wall
 * clock implies it if that shows a date that can be, else the busiest clock there is.
 *
 * @param wanted Id of the clock that the user chooses. Throws `UsageError` when the session does not have it.
 */
export function chooseReference(
  uses: ReadonlyMap<string, ClockUse>,
  wanted?: string | undefined,
): ClockRef {
  if (wanted !== undefined) return wantedReference(uses, wanted);
  const all = [...uses.values()].sort((a, b) => b.samples - a.samples);
  const utc = all.filter(({ clock, samples }) => clock.kind === "utc" && samples > 0);
  const computer = utc.find(({ clock }) => clock.id === PC_UTC.id);
  if (computer !== undefined) return computer.clock;
  if (utc[0] !== undefined) return utc[0].clock;
  const isStamping = all.some(({ clock, samples }) => clock.kind === "local" && samples > 0);
  const recorder = all.find(({ clock }) => isRecorderClock(clock));
  if (recorder !== undefined && !isStamping) return recorder.clock;
  // A computer that was never set tells no date; its session is placed on the clock of a device.
  const isDated = all.some(({ clock, span }) =>
    clock.kind === "local" && span !== undefined && isPlausible(span)
  );
  if (isDated || isStamping) return PC_UTC;
  return all[0]?.clock ?? PC_UTC;
}

function wantedReference(uses: ReadonlyMap<string, ClockUse>, wanted: string): ClockRef {
  const use = uses.get(wanted);
  if (use !== undefined) return use.clock;
  if (wanted === PC_UTC.id) return PC_UTC;
  throw unknownClock(wanted, [...uses.keys()]);
}
