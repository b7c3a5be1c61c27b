import assert from "node:assert/strict";
import {
  epochUnitOf,
  parseAnyTime,
  parseDateTime,
  parseEpoch,
  parseJacksonTime,
  parseTimeOfDay,
} from "./date_times.ts";

Deno.test("date and time texts agree with the platform", () => {
  const texts = [
    "1970-01-01T00:00:00",
    "2024-02-29T23:59:59.999",
    "2025-07-31T14:30:22.123",
    "2099-12-31T00:00:00.5",
    "1969-12-31T23:59:59.25",
    "0001-01-01T00:00:00",
  ];
  for (const text of texts) {
    const expected = BigInt(Date.parse(`${text}Z`)) * 1_000_000n;
    assert.equal(parseDateTime(text)?.ns, expected, text);
    assert.equal(parseDateTime(text)?.kind, "local");
    assert.equal(parseDateTime(`${text}Z`)?.ns, expected, text);
    assert.equal(parseDateTime(`${text}Z`)?.kind, "utc");
    const zoned = BigInt(Date.parse(`${text}+05:30`)) * 1_000_000n;
    assert.equal(parseDateTime(`${text}+05:30`)?.ns, zoned, text);
    assert.equal(parseDateTime(`${text}+0530`)?.zoneSeconds, 19_800);
  }
});

Deno.test("fractions are exact to the nanosecond", () => {
  assert.equal(parseDateTime("1970-01-01 00:00:00.123456789")?.ns, 123_456_789n);
  assert.equal(parseDateTime("1970-01-01 00:00:00.1234567899")?.ns, 123_456_789n);
  assert.equal(parseDateTime("1970-01-01 00:00:00,5")?.ns, 500_000_000n);
  assert.equal(parseDateTime("1970-01-01T00:00:00.000001")?.resolutionNs, 1000);
  assert.equal(parseDateTime("1970-01-01")?.resolutionNs, 86_400e9);
});

Deno.test("what is no date is refused", () => {
  const texts = ["", "2025-02-29", "2025-13-01", "2025-07-31T25:00:00", "14:30", "1753965022", "x"];
  for (const text of texts) assert.equal(parseDateTime(text), undefined, text);
});

Deno.test("Java dates keep their zone only where it is not ambiguous", () => {
  const local = parseDateTime("Thu Jul 31 14:30:22 CEST 2025");
  assert.deepEqual([local?.kind, local?.ns], [
    "local",
    BigInt(Date.UTC(2025, 6, 31, 14, 30, 22)) * 1_000_000n,
  ]);
  const zoned = parseDateTime("Thu Jul 31 14:30:22 GMT+02:00 2025");
  assert.deepEqual([zoned?.kind, zoned?.ns], [
    "utc",
    BigInt(Date.UTC(2025, 6, 31, 12, 30, 22)) * 1_000_000n,
  ]);
  assert.equal(parseDateTime("Thu Jul 31 14:30:22 UTC 2025")?.kind, "utc");
});

Deno.test("epoch numbers are read in the unit that their size tells, exactly", () => {
  const ns = 1_753_965_022_123_456_789n;
  assert.equal(parseEpoch("1753965022.123456789")?.ns, ns);
  assert.equal(parseEpoch("1753965022123.456789")?.ns, ns);
  assert.equal(parseEpoch("1753965022123456.789")?.ns, ns);
  assert.equal(parseEpoch(ns)?.ns, ns);
  assert.equal(parseEpoch(1753965022.5)?.ns, 1_753_965_022_500_000_000n);
  assert.deepEqual([1e7, 1.7e9, 1.7e12, 1.7e15, 1.7e18].map(epochUnitOf), [
    undefined,
    "s",
    "ms",
    "us",
    "ns",
  ]);
  assert.equal(parseEpoch(12.5), undefined);
  assert.deepEqual([parseEpoch(12.5, "s")?.kind, parseEpoch(12.5, "s")?.ns], [
    "monotonic",
    12_500_000_000n,
  ]);
  for (const value of [NaN, Infinity, -1, "", "1e5", "abc", true, null]) {
    assert.equal(parseEpoch(value), undefined, String(value));
  }
});

Deno.test("keys give the unit, lists of numbers are dates", () => {
  assert.equal(parseAnyTime(754_669_601_255_291n, "timestamp_ns")?.kind, "monotonic");
  assert.equal(parseAnyTime(1753965022123, "timestamp_ms")?.ns, 1_753_965_022_123_000_000n);
  assert.equal(
    parseJacksonTime([2025, 8, 24, 23, 40, 6, 899228334])?.ns,
    BigInt(Date.UTC(2025, 7, 24, 23, 40, 6)) * 1_000_000n + 899_228_334n,
  );
  for (const list of [[], [2025], [2025, 13, 1], [2025, 1, "x"], [2025, 1, 1, 0, 0, 0, 0, 0]]) {
    assert.equal(parseJacksonTime(list), undefined);
  }
});

Deno.test("times of day", () => {
  assert.equal(parseTimeOfDay("14:30:22.123"), 52_222_123_000_000n);
  assert.equal(parseTimeOfDay("00:45.333"), undefined);
  assert.equal(parseTimeOfDay("25:00:00"), undefined);
});
