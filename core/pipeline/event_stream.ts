import {
  type ClockRef,
  type ColumnBatch,
  type ColumnData,
  type ColumnSpec,
  groupBy,
  MISSING_NS,
  type StreamReader,
  throwIfCancelled,
} from "../base/mod.ts";
import type { Session, SessionEvent, Stream } from "../session/mod.ts";

const COLUMNS: readonly ColumnSpec[] = [
  { name: "event", kind: "text" },
  { name: "label", kind: "text" },
  { name: "device", kind: "text" },
  { name: "details", kind: "text" },
  { name: "source", kind: "text" },
];

/** Device of events that no device recorded for itself. */
const SESSION = "session";
/** Name of every stream of events. */
const EVENTS = "events";

/** A stream of events for each device that logged some, and one for the session as a whole. */
export function eventStreams(session: Session): Stream[] {
  const devices = new Map<string, string>();
  for (const event of session.events) {
    const device = deviceOf(session, event);
    if (!devices.has(device)) devices.set(device, event.path);
  }
  return [...devices].map(([device, path]) => ({
    id: `${device}/${EVENTS}`,
    device,
    name: EVENTS,
    kind: "events",
    format: "events",
    path,
    host: device === SESSION ? "pc" : device,
    anchors: [],
  }));
}

function deviceOf({ files }: Session, { path }: SessionEvent): string {
  return files.find((file) => file.path === path)?.device ?? SESSION;
}

/** The events of a stream, apart by the clock that stamped them. */
export function eventReaders(stream: Stream, session: Session): StreamReader[] {
  const unknown: ClockRef = { id: `${stream.host}/local`, kind: "local" };
  const events = session.events.filter((event) => deviceOf(session, event) === stream.device);
  const byClock = groupBy(events, ({ time }) => time?.clock.id ?? unknown.id);
  return [...byClock.values()].map((group, index) => {
    const clock = group[0]?.time?.clock ?? unknown;
    const name = index === 0 ? stream.name : `${stream.name}_${clock.kind}`;
    return eventReader(stream, name, clock, group);
  });
}

function eventReader(
  stream: Stream,
  name: string,
  clock: ClockRef,
  events: readonly SessionEvent[],
): StreamReader {
  return {
    schema: {
      id: `${stream.device}/${name}`,
      device: stream.device,
      name,
      columns: COLUMNS,
      clock,
      resolutionNs: 1e6,
    },
    async *batches({ batchRows = 16384, signal } = {}) {
      for (let firstRow = 0; firstRow < events.length; firstRow += batchRows) {
        throwIfCancelled(signal);
        yield await Promise.resolve(
          batchOf(events.slice(firstRow, firstRow + batchRows), firstRow),
        );
      }
    },
    close: () => Promise.resolve(),
  };
}

function batchOf(events: readonly SessionEvent[], firstRow: number): ColumnBatch {
  const columns: ColumnData[] = [
    events.map(({ type }) => type),
    events.map(({ label }) => label ?? ""),
    events.map(({ device }) => device ?? ""),
    events.map(({ details }) => Object.keys(details).length === 0 ? "" : JSON.stringify(details)),
    events.map(({ path }) => path),
  ];
  // A damaged log can hold a time that no clock of 64 bits shows.
  const times = BigInt64Array.from(events, ({ time }) => {
    const ns = time?.ns ?? MISSING_NS;
    return BigInt.asIntN(64, ns) === ns ? ns : MISSING_NS;
  });
  return { firstRow, length: events.length, times, columns };
}
