import assert from "node:assert/strict";
import { parseZone } from "./timezone.ts";

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
