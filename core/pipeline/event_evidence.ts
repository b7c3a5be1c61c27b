import { type ClockRef, groupBy, rootSumSquares, type WorkOptions } from "../base/mod.ts";
import { eventSeries, type EventTrain, matchEvents, type SeriesEvidence } from "../clock/mod.ts";
import type { Session, SessionEvent } from "../session/mod.ts";
import { ClockGroups } from "./clock_groups.ts";
import { LOG_DELAY_SIGMA_NS } from "./log_delay.ts";
import type { StreamScan } from "./scan.ts";
import type { Kernel } from "../../wasm/mod.ts";

/** What the finders of shared evidence work with. */
export interface SharedEvidenceOptions extends WorkOptions {
  readonly session: Session;
  readonly kernel: Kernel;
}

/** What {@linkcode eventEvidence} works with. */
interface EventEvidenceOptions extends SharedEvidenceOptions {
  /** Recordings that may show events. @default {[]} */
  readonly scans?: readonly StreamScan[];
}

/** Events that one clock stamped. */
export interface ClockEvents {
  readonly clock: ClockRef;
  /** The host that the clock belongs to. */
  readonly host: string;
  readonly events: readonly SessionEvent[];
}

/** How far clocks that both claim UTC may be apart: wider than computers are that ever asked a time server. */
const UTC_BOUND_NS = 10e9;
/** Logs stamp in milliseconds. */
const LOG_STEP_NS = 1e6;
/** With fewer events nothing can be told from chance. */
const FEWEST = 3;
/** Words by which logs call the same thing. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/flash/, "flash"],
  [/beep|tone|clap/, "beep"],
  [/screen|stimul/, "stimulus"],
  [/sync|marker|trigger|ttl|pulse/, "marker"],
];

/** Events from a log or from a column of a recording. */
interface EventSource extends ClockEvents {
  readonly name: string;
  /** How coarse its times are, ns. */
  readonly coarsenessNs: number;
  /** When it is stamped depends on programs that are busy with other things. */
  readonly bySoftware: boolean;
  readonly isLog: boolean;
}

/**
 * Finds events that several hosts logged or recorded, each by its own clock, and pairs them.
 *
 * Two logs are compared by the full names of their events, by their labels alone and by kinds such as flash and marker;
 * only names that both use count. Where an offset cannot be told, as of periodic events, and both clocks claim UTC, it
 * is looked for within 10 s. The times of a log may have a delay in common. Markers and lines in recordings are compared
 * only where no pairs of stamps tie their clocks, lines first.
 */
export function eventEvidence(options: EventEvidenceOptions): SeriesEvidence[] {
  const { session, kernel, scans = [] } = options;
  const ties = new ClockGroups();
  for (const { evidence, series = [] } of scans) {
    for (const { from, to } of evidence ? [evidence, ...series] : series) ties.tie(from.id, to.id);
  }
  const sources = [...clockEvents(session).map(logSource), ...scans.flatMap(recordedSources)];
  const late = (pair: readonly EventSource[]) => pair.filter((one) => one.bySoftware).length;
  const pairs = sources
    .flatMap((first, index) => sources.slice(index + 1).map((second) => [first, second] as const))
    .sort((x, y) => late(x) - late(y));
  return pairs.flatMap(([first, second]) => {
    const ofLogs = first.isLog && second.isLog;
    const [a, b] = [first.clock.id, second.clock.id];
    if (ofLogs ? first.host === second.host : a === b || ties.areTied(a, b)) return [];
    const found = evidenceOf(kernel, first, second);
    if (!ofLogs && found.length > 0) ties.tie(a, b);
    return found;
  });
}

function logSource(log: ClockEvents): EventSource {
  const name = `the log of ${log.host}`;
  return { ...log, name, coarsenessNs: LOG_STEP_NS, bySoftware: true, isLog: true };
}

/** The columns of a recording that show enough events. */
function recordedSources({ schema, stream, events = [] }: StreamScan): EventSource[] {
  const { clock } = schema;
  return events.filter(({ timesNs }) => timesNs.length >= FEWEST).map((recorded) => ({
    clock,
    host: hostOf(clock),
    name: `${schema.id} ${recorded.column}`,
    coarsenessNs: Math.max(recorded.coarsenessNs, schema.resolutionNs),
    bySoftware: recorded.bySoftware,
    isLog: false,
    events: Array.from(recorded.timesNs, (ns, index): SessionEvent => {
      const label = recorded.labels[index];
      const time = { ns, clock, sigmaNs: recorded.coarsenessNs, source: recorded.column };
      // A marker is called what it says, the edge of a line what the line is called.
      const type = recorded.bySoftware ? label ?? recorded.column : recorded.column;
      const named = recorded.bySoftware || label === undefined ? {} : { label };
      return { type, time, ...named, details: {}, path: stream.path };
    }),
  }));
}

function hostOf({ id }: ClockRef): string {
  return id.slice(0, id.lastIndexOf("/"));
}

/** Events with a time by the clock that stamped them, those with most first. */
export function clockEvents({ events }: Pick<Session, "events">): ClockEvents[] {
  const byClock = groupBy(
    events.filter(({ time }) => time !== undefined),
    ({ time }) => time!.clock.id,
  );
  return [...byClock.values()]
    .filter((group) => group.length >= FEWEST)
    .map((group) => {
      const { clock } = group[0]!.time!;
      return { clock, host: hostOf(clock), events: group };
    })
    .sort((x, y) => y.events.length - x.events.length || (x.clock.id < y.clock.id ? -1 : 1));
}

function evidenceOf(
  kernel: Kernel,
  first: EventSource,
  second: EventSource,
): SeriesEvidence[] {
  for (const nameOf of [fullName, labelOf, kindOf]) {
    const [a, b] = sharedTrains(first, second, nameOf);
    if (a === undefined || b === undefined) continue;
    const bothUtc = first.clock.kind === "utc" && second.clock.kind === "utc";
    const bounds = bothUtc ? [undefined, { aboutNs: 0n, withinNs: UTC_BOUND_NS }] : [undefined];
    for (const offset of bounds) {
      const match = matchEvents(kernel, a, b, {
        resolutionNs: rootSumSquares(first.coarsenessNs, second.coarsenessNs),
        ...(offset === undefined ? {} : { offset }),
      });
      const source = sourceText(first, second) +
        (offset === undefined ? "" : ", whose clocks both claim UTC");
      const series = eventSeries(match, a, b, { from: first.clock, to: second.clock, source });
      if (series === undefined) continue;
      const isLate = first.bySoftware || second.bySoftware;
      return [isLate ? { ...series, commonSigmaNs: LOG_DELAY_SIGMA_NS } : series];
    }
  }
  return [];
}

function sourceText(first: EventSource, second: EventSource): string {
  return first.isLog && second.isLog
    ? `events logged by ${first.host} and ${second.host}`
    : `events of ${first.name} and ${second.name}`;
}

/** The events whose names both sides use, as trains. */
function sharedTrains(
  first: ClockEvents,
  second: ClockEvents,
  nameOf: (event: SessionEvent) => string | undefined,
): readonly [EventTrain | undefined, EventTrain | undefined] {
  const names = ({ events }: ClockEvents) => events.flatMap((event) => nameOf(event) ?? []);
  const others = new Set(names(second));
  const common = new Set<string | undefined>(names(first).filter((name) => others.has(name)));
  const train = (events: readonly SessionEvent[]): EventTrain | undefined => {
    const some = events.filter((event) => common.has(nameOf(event)));
    if (some.length < FEWEST) return undefined;
    return {
      timesNs: BigInt64Array.from(some, ({ time }) => time!.ns),
      labels: some.map((event) => nameOf(event)!),
    };
  };
  return [train(first.events), train(second.events)];
}

function fullName({ type, label = "" }: Pick<SessionEvent, "type" | "label">): string {
  return `${type} ${label}`.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
}

/** What an event says, whatever sort of event the log calls it. */
function labelOf({ type, label }: SessionEvent): string {
  return fullName({ type: label ?? type });
}

/** What kind of marker an event is; undefined for all that no other device would see. */
export function kindOf({ type, label = "" }: SessionEvent): string | undefined {
  const name = `${type} ${label}`.toLowerCase();
  return KINDS.find(([words]) => words.test(name))?.[1];
}
