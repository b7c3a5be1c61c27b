import assert from "node:assert/strict";
import { memoryFolder, UsageError } from "../base/mod.ts";
import { EVIDENCE_KINDS } from "../clock/mod.ts";
import { discoverSession } from "../session/mod.ts";
import { resolveSettings } from "./settings.ts";

const HOUR_NS = 3_600_000_000_000n;
const CLOCK_DEFAULTS = {
  reference: undefined,
  evidenceKinds: EVIDENCE_KINDS,
  anchors: [],
  wallClockSigmaNs: 0.5e9,
  dejitter: true,
};
const session = await discoverSession(memoryFolder("pilot_20250731_143022", {}));

Deno.test("what the user says beats the file beside the recordings, which beats the defaults", () => {
  const config = {
    timezone: "+05:00",
    export: { formats: ["combined", "mat"], gridRateHz: 25, streams: ["phone_*/gsr"] },
  } as const;
  assert.deepEqual(resolveSettings({}, {}, session), {
    formats: ["csv", "combined", "mat"],
    gridRateHz: 10,
    compressMat: false,
    streams: ["**"],
    zoneOffsetNs: undefined,
    ...CLOCK_DEFAULTS,
  });
  assert.deepEqual(resolveSettings({}, config, session), {
    formats: ["combined", "mat"],
    gridRateHz: 25,
    compressMat: false,
    streams: ["phone_*/gsr"],
    zoneOffsetNs: 5n * HOUR_NS,
    ...CLOCK_DEFAULTS,
  });
  const chosen = {
    formats: ["csv"],
    gridRateHz: 2,
    streams: ["**/ppg"],
    timezone: "-01:00",
  } as const;
  assert.deepEqual(resolveSettings({ ...chosen, compressMat: true }, config, session), {
    formats: ["csv"],
    gridRateHz: 2,
    compressMat: true,
    streams: ["**/ppg"],
    zoneOffsetNs: -HOUR_NS,
    ...CLOCK_DEFAULTS,
  });
});

Deno.test("a name of a zone means its offset on the day of the session", () => {
  const { zoneOffsetNs } = resolveSettings({ timezone: "Europe/London" }, {}, session);
  assert.equal(zoneOffsetNs, HOUR_NS);
});

Deno.test("a zone that does not exist is a misuse that says what to give", () => {
  for (const timezone of ["Mars/Olympus", "+99:99", "+02:75"]) {
    assert.throws(
      () => resolveSettings({ timezone }, {}, session),
      (error) => error instanceof UsageError && error.remedy.includes("+02:00"),
      timezone,
    );
  }
});

Deno.test("clock options beat those of the file beside the recordings", () => {
  const clocks = {
    reference: "pc/utc",
    evidence: ["one-way", "events", "anchor"],
    without: ["anchor"],
    anchors: ["phone_1=12.5"],
    trustWallClocks: "none",
  } as const;
  const configured = resolveSettings({}, { clocks }, session);
  assert.equal(configured.reference, "pc/utc");
  assert.deepEqual(configured.evidenceKinds, ["one-way", "events"]);
  assert.deepEqual(configured.anchors.map(({ name, time }) => [name, time.ns]), [
    ["phone_1", 12_500_000_000n],
  ]);
  assert.equal(configured.wallClockSigmaNs, Infinity);
  const chosen = { reference: "b", evidence: ["motion"], without: [], trustWallClocks: "0.02" };
  const stated = resolveSettings(chosen, { clocks }, session);
  assert.equal(stated.reference, "b");
  assert.deepEqual(stated.evidenceKinds, ["motion"]);
  assert.equal(stated.wallClockSigmaNs, 2e7);
});

Deno.test("kinds and levels that do not exist are misuse, with the nearest name", () => {
  assert.throws(() => resolveSettings({ without: ["one-wy"] }, {}, session), {
    name: "UsageError",
    message: 'Unknown kind of evidence "one-wy"; did you mean one-way?',
  });
  for (const trustWallClocks of ["", "0", "-1", "yes", "Infinity"]) {
    const resolve = () => resolveSettings({ trustWallClocks }, {}, session);
    assert.throws(resolve, UsageError, trustWallClocks);
  }
});
