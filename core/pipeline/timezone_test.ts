import assert from "node:assert/strict";
import { memoryFolder } from "../base/mod.ts";
import { discoverSession } from "../session/mod.ts";
import type { ClockUse } from "./reference.ts";
import { inferZone, parseZone } from "./timezone.ts";

const HOUR = 3_600_000_000_000n;

Deno.test("a zone is an offset or an IANA name", () => {
  const july = BigInt(Date.UTC(2025, 6, 1, 12)) * 1_000_000n;
  const january = BigInt(Date.UTC(2025, 0, 1, 12)) * 1_000_000n;
  assert.equal(parseZone("+02:00", july), 2n * HOUR);
  assert.equal(parseZone("-0330", july), -(3n * HOUR + HOUR / 2n));
  assert.equal(parseZone("UTC", july), 0n);
  assert.equal(parseZone("Europe/London", july), HOUR);
  assert.equal(parseZone("Europe/London", january), 0n);
  assert.equal(parseZone("Asia/Kathmandu", january), 5n * HOUR + (HOUR * 3n) / 4n);
});

Deno.test("the offset is that of the local time, across a daylight-saving change", () => {
  // Clocks in Berlin went from 02:00 to 03:00 on 2025-03-30, at 01:00 UTC.
  const before = BigInt(Date.UTC(2025, 2, 30, 1, 59)) * 1_000_000n;
  const after = BigInt(Date.UTC(2025, 2, 30, 3, 1)) * 1_000_000n;
  assert.equal(parseZone("Europe/Berlin", before), HOUR);
  assert.equal(parseZone("Europe/Berlin", after), 2n * HOUR);
});

Deno.test("an unknown zone is refused", () => {
  assert.throws(() => parseZone("Mars/Olympus", 0n), RangeError);
});

/** A clock that was read from an hour of 2025-07-31 to ten minutes later. */
function use(kind: "utc" | "local", hour: number, minute = 0): [string, ClockUse] {
  const startNs = BigInt(Date.UTC(2025, 6, 31, hour) + minute * 60_000) * 1_000_000n;
  const span = { startNs, endNs: startNs + HOUR / 6n };
  const id = `pc/${kind}`;
  return [id, { clock: { id, kind }, samples: 1, span, shownNs: startNs }];
}

Deno.test("the offset of wall times is stated, told by a file, seen, or assumed, in this order", async () => {
  const session = await discoverSession(memoryFolder("pilot_20250731_143022", {}));
  const told = { ...session, localOffset: { seconds: -12_600, source: "a marker" } };
  const coincident = new Map([use("local", 14, 33), use("utc", 12, 30)]);
  const apart = new Map([use("local", 14, 37.25), use("utc", 12, 30)]);
  const labels = [
    inferZone(coincident, told, HOUR),
    inferZone(coincident, told, undefined),
    inferZone(coincident, session, undefined),
    inferZone(apart, session, undefined),
    inferZone(new Map([use("local", 14)]), session, undefined),
  ].map((zone) => [zone?.label, zone?.source, zone?.stated]);
  assert.deepEqual(labels, [
    ["+01:00", "the user", true],
    ["-03:30", "a marker", true],
    ["+02:00", "recordings that coincide", false],
    ["+00:00", "an assumption", false],
    ["+00:00", "an assumption", false],
  ]);
});

Deno.test("no zone is sought where no time is naive, nor found where none is civil", async () => {
  const session = await discoverSession(memoryFolder("pilot_20250731_143022", {}));
  assert.equal(inferZone(new Map([use("utc", 12)]), session, undefined), undefined);
  const far = new Map([use("local", 23), use("utc", 3)]);
  assert.equal(inferZone(far, session, undefined)?.source, "an assumption");
});
