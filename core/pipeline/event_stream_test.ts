import assert from "node:assert/strict";
import { CancelledError, memoryFolder, MISSING_NS } from "../base/mod.ts";
import { discoverSession, type Session, type SessionEvent } from "../session/mod.ts";
import { eventReaders, eventStreams } from "./event_stream.ts";

const LOG = "pilot_20250731_143022_log.json";
const PHONE_FILE = "devices/phone_1/sensor_data/phone_1_gsr_20250731_143022.csv";

function event(type: string, path: string, ns?: bigint, kind: "utc" | "local" = "local") {
  const stamped = ns === undefined
    ? {}
    : { time: { ns, clock: { id: `pc/${kind}`, kind }, sigmaNs: 1, source: path } };
  return { type, path, details: {}, ...stamped } satisfies SessionEvent;
}

async function sessionOf(events: readonly SessionEvent[]): Promise<Session> {
  const folder = memoryFolder("pilot_20250731_143022", { [LOG]: "{}", [PHONE_FILE]: "" });
  return { ...await discoverSession(folder), events };
}

Deno.test("events stand on the device whose file holds them, others on the session", async () => {
  const session = await sessionOf([event("start", LOG, 5n), event("tap", PHONE_FILE, 6n)]);
  const streams = eventStreams(session);
  assert.deepEqual(streams.map(({ id, host, path }) => [id, host, path]), [
    ["session/events", "pc", LOG],
    ["phone_1/events", "phone_1", PHONE_FILE],
  ]);
});

Deno.test("events of two clocks are two streams, and a time that no clock shows is missing", async () => {
  const session = await sessionOf([
    event("a", LOG, 5n),
    event("b", LOG, 1n << 70n),
    event("c", LOG, 7n, "utc"),
    { ...event("d", LOG), label: "late", details: { score: "3" } },
  ]);
  const [stream] = eventStreams(session);
  const readers = eventReaders(stream!, session);
  assert.deepEqual(readers.map(({ schema }) => [schema.id, schema.clock.id]), [
    ["session/events", "pc/local"],
    ["session/events_utc", "pc/utc"],
  ]);
  const batches = await Array.fromAsync(readers[0]!.batches({ batchRows: 2 }));
  assert.deepEqual(batches.map(({ firstRow, length }) => [firstRow, length]), [[0, 2], [2, 1]]);
  assert.deepEqual([...batches[0]!.times], [5n, MISSING_NS]);
  assert.deepEqual([...batches[1]!.times], [MISSING_NS]);
  assert.deepEqual(batches[1]!.columns, [["d"], ["late"], [""], ['{"score":"3"}'], [LOG]]);
});

Deno.test("reading events can be cancelled", async () => {
  const session = await sessionOf([event("a", LOG, 5n)]);
  const [reader] = eventReaders(eventStreams(session)[0]!, session);
  const batches = reader!.batches({ signal: AbortSignal.abort() });
  await assert.rejects(Array.fromAsync(batches), CancelledError);
});
