import assert from "node:assert/strict";
import { memoryFolder, UsageError } from "../base/mod.ts";
import { discoverSession } from "../session/mod.ts";
import { resolveSettings } from "./settings.ts";

const HOUR_NS = 3_600_000_000_000n;
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
  });
  assert.deepEqual(resolveSettings({}, config, session), {
    formats: ["combined", "mat"],
    gridRateHz: 25,
    compressMat: false,
    streams: ["phone_*/gsr"],
    zoneOffsetNs: 5n * HOUR_NS,
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
