import {
  type ColumnBatch,
  type ColumnData,
  type ColumnSpec,
  MISSING_NS,
  type StreamReader,
  throwIfCancelled,
} from "../base/mod.ts";
import type { ClockRef } from "../base/mod.ts";
import type { SessionEvent, Stream } from "../session/mod.ts";

const COLUMNS: readonly ColumnSpec[] = [
  { name: "event", kind: "text" },
  { name: "label", kind: "text" },
  { name: "device", kind: "text" },
  { name: "details", kind: "text" },
];

/** The events of one file as streams, one for each clock that the file stamps them with. */
export function eventReaders(stream: Stream, events: readonly SessionEvent[]): StreamReader[] {
  const clocks = new Map<string, { clock: ClockRef; events: SessionEvent[] }>();
  const unknown: ClockRef = { id: "pc/local", kind: "local" };
  for (const event of events) {
    if (event.path !== stream.path) continue;
    const clock = event.time?.clock ?? unknown;
    const group = clocks.get(clock.id) ?? { clock, events: [] };
    group.events.push(event);
    clocks.set(clock.id, group);
  }
  return [...clocks.values()].map(({ clock, events }, index) => {
    const name = index === 0 ? stream.name : `${stream.name}_${index + 1}`;
    return eventReader(stream, name, clock, events);
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
  ];
  const times = BigInt64Array.from(events, ({ time }) => time?.ns ?? MISSING_NS);
  return { firstRow, length: events.length, times, columns };
}
