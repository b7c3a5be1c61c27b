import assert from "node:assert/strict";
import { formatUtc, formatWall, nsFromSeconds, secondsSince } from "./time.ts";

Deno.test("differences in seconds are exact to the nanosecond over months", () => {
  const origin = 1_753_965_022_123_456_789n;
  assert.equal(secondsSince(origin + 1n, origin), 1e-9);
  assert.equal(secondsSince(origin - 1_500_000_000n, origin), -1.5);
  const months = 8_000_000n * 1_000_000_000n + 123_456_789n;
  assert.equal(nsFromSeconds(secondsSince(origin + months, origin)), months);
});

Deno.test("seconds that are no number are refused", () => {
  assert.throws(() => nsFromSeconds(NaN), RangeError);
  assert.throws(() => nsFromSeconds(Infinity), RangeError);
});

Deno.test("times are written as ISO 8601, also before 1970 and to the nanosecond", () => {
  assert.equal(formatUtc(0n), "1970-01-01T00:00:00.000Z");
  assert.equal(formatUtc(-1n), "1969-12-31T23:59:59.999999999Z");
  assert.equal(formatWall(1_753_965_022_100_200_000n), "2025-07-31T12:30:22.1002");
  assert.equal(formatUtc(2n ** 63n - 1n), "2262-04-11T23:47:16.854775807Z");
});

Deno.test("a time that no calendar holds is written as a number", () => {
  assert.equal(formatWall(10n ** 25n), `${10n ** 25n} ns`);
});
