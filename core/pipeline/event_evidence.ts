import { type ClockRef, groupBy, type WorkOptions } from "../base/mod.ts";
import { eventSeries, type EventTrain, matchEvents, type SeriesEvidence } from "../clock/mod.ts";
import type { Session, SessionEvent } from "../session/mod.ts";
import { LOG_DELAY_SIGMA_NS } from "./log_delay.ts";
import type { Kernel } from "../../wasm/mod.ts";

/** What the finders of shared evidence work with. */
export interface SharedEvidenceOptions extends WorkOptions {
  readonly session: Session;
  readonly kernel: Kernel;
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
/** Logs stamp in milliseconds: two of them. */
const RESOLUTION_NS = Math.SQRT2 * 1e6;
/** With fewer events nothing can be told from chance. */
const FEWEST = 3;
/** Words by which logs call the same thing. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/flash/, "flash"],
  [/beep|tone|clap/, "beep"],
  [/screen|stimul/, "stimulus"],
  [/sync|marker|trigger|ttl|pulse/, "marker"],
];

/**
 * Finds events that several hosts logged, each by its own clock, and pairs them.
 *
 * Two logs are compared by the full names of their events and then by kinds such as flash and marker; only names that
 * both use count. Where an offset cannot be told, as of periodic events, and both clocks claim UTC, it is looked for
 * within 10 s. Their uncertainty is widened by the delay that the times of a log may have in common.
 */
export function eventEvidence(options: SharedEvidenceOptions): SeriesEvidence[] {
  const clocks = clockEvents(options.session);
  return clocks.flatMap((first, index) =>
    clocks.slice(index + 1).flatMap((second) => evidenceOf(options.kernel, first, second))
  );
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
      return { clock, host: clock.id.slice(0, clock.id.lastIndexOf("/")), events: group };
    })
    .sort((x, y) => y.events.length - x.events.length || (x.clock.id < y.clock.id ? -1 : 1));
}

function evidenceOf(kernel: Kernel, first: ClockEvents, second: ClockEvents): SeriesEvidence[] {
  if (first.host === second.host) return [];
  for (const nameOf of [fullName, kindOf]) {
    const [a, b] = sharedTrains(first, second, nameOf);
    if (a === undefined || b === undefined) continue;
    const bothUtc = first.clock.kind === "utc" && second.clock.kind === "utc";
    const bounds = bothUtc ? [undefined, { aboutNs: 0n, withinNs: UTC_BOUND_NS }] : [undefined];
    for (const offset of bounds) {
      const match = matchEvents(kernel, a, b, {
        resolutionNs: RESOLUTION_NS,
        ...(offset === undefined ? {} : { offset }),
      });
      const source = `events logged by ${first.host} and ${second.host}` +
        (offset === undefined ? "" : ", whose clocks both claim UTC");
      const series = eventSeries(match, a, b, { from: first.clock, to: second.clock, source });
      if (series !== undefined) return [{ ...series, commonSigmaNs: LOG_DELAY_SIGMA_NS }];
    }
  }
  return [];
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

function fullName({ type, label = "" }: SessionEvent): string {
  return `${type} ${label}`.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
}

/** What kind of marker an event is; undefined for all that no other device would see. */
export function kindOf({ type, label = "" }: SessionEvent): string | undefined {
  const name = `${type} ${label}`.toLowerCase();
  return KINDS.find(([words]) => words.test(name))?.[1];
}
