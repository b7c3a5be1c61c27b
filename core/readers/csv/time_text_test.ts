import assert from "node:assert/strict";
import { parseDateTime } from "./time_text.ts";

/** What the platform reads of the same text. */
function platformNs(text: string): bigint {
  return BigInt(Date.parse(text)) * 1_000_000n;
}

Deno.test("dates with a zone are the instants that the platform reads", () => {
  for (
    const text of [
      "2025-07-31T14:30:22.125Z",
      "2025-07-31T14:30:22+02:00",
      "2024-02-29T23:59:59.999-09:30",
      "1970-01-01T00:00:00Z",
      "0099-12-31T23:00:00Z",
    ]
  ) {
    const time = parseDateTime(text);
    assert.equal(time?.ns, platformNs(text), text);
    assert.equal(time?.zoned, true);
  }
});

Deno.test("a wall time without a zone counts as if the wall stood in Greenwich", () => {
  const expected = platformNs("2025-07-31T14:30:22.120Z");
  for (const text of ["2025-07-31 14:30:22.12", "2025/07/31 14:30:22,1200"]) {
    assert.deepEqual(parseDateTime(text), { ns: expected, zoned: false, digits: 2 });
  }
  assert.equal(parseDateTime("2025-07-31 14:30")?.ns, platformNs("2025-07-31T14:30:00Z"));
});

Deno.test("a leap second is the first instant of the next minute", () => {
  const time = parseDateTime("2016-12-31T23:59:60Z");
  assert.equal(time?.ns, platformNs("2017-01-01T00:00:00Z"));
});

Deno.test("what is no date and time is not read", () => {
  for (
    const text of [
      "2025-02-30 10:00:00",
      "2025-13-01 10:00:00",
      "2025-07-31 24:00:00",
      "2025-07/31 10:00:00",
      "2025-07-31",
      "10:00:00",
      "",
    ]
  ) {
    assert.equal(parseDateTime(text), undefined, text);
  }
});
