import assert from "node:assert/strict";
import { parseConfig } from "./config.ts";
import { CONFIG_SCHEMA } from "./config_schema.ts";

const COMPLETE = {
  $schema: "session-process.schema.json",
  rules: [{ code: "CSV_*", path: "**/*.csv", severity: "off" }],
  timezone: "+05:30",
  expectedRates: [{ stream: "shimmer_*/gsr", hz: 51.2, tolerance: 0.01 }],
  ranges: [{ stream: "**", column: "gsr_*", low: 0, high: 40 }],
  thermalDivisor: 16,
  timeColumns: [{ path: "**/gsr.csv", column: "t", unit: "ms", clock: "monotonic" }],
  columnUnits: [{ path: "**/gsr.csv", column: "accel_x", unit: "m/s^2" }],
  clocks: {
    reference: "pc/utc",
    evidence: ["one-way", "events"],
    without: ["anchor"],
    anchors: ["phone_1=2025-07-31T14:30:22Z"],
    trustWallClocks: "0.05",
    dejitter: false,
  },
  export: { formats: ["csv", "combined", "mat"], gridRateHz: 100, streams: ["*/gsr"] },
};

function reasonsOf(value: unknown): string[] {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return parseConfig(text).issues.map(({ params }) => String(params["reason"]));
}

Deno.test("a complete configuration is taken as it is", () => {
  const { config, issues } = parseConfig(JSON.stringify(COMPLETE));
  assert.deepEqual(issues, []);
  assert.deepEqual(config, COMPLETE);
});

Deno.test("a byte order mark is no error", () => {
  assert.deepEqual(reasonsOf("\uFEFF{}"), []);
});

const FAULTS: readonly (readonly [value: unknown, reason: RegExp, kept: unknown])[] = [
  ["{", /^Not readable as JSON/, {}],
  [[], /^The file must be an object, but is array$/, {}],
  [null, /but is null$/, {}],
  [{ colour: "red", thermalDivisor: 64 }, /^colour is not a known key$/, { thermalDivisor: 64 }],
  ['{"__proto__": {"thermalDivisor": 1}}', /^__proto__ is not a known key$/, {}],
  [{ thermalDivisor: "64" }, /^thermalDivisor must be a number, but is string$/, {}],
  [{ thermalDivisor: 0 }, /^thermalDivisor must be above 0, but is 0$/, {}],
  [{ timezone: "5 o'clock" }, /^timezone must be an IANA time zone/, {}],
  [{ timezone: "Mars/Phobos" }, /^timezone "Mars\/Phobos" is not known$/, {}],
  [{ rules: [{ code: "TYPO_*", severity: "off" }] }, /^No issue code matches "TYPO_\*"$/, {
    rules: [{ code: "TYPO_*", severity: "off" }],
  }],
  [
    { rules: [{ code: "CSV_*", severity: "fatal" }, { code: "MP4_*", severity: "info" }] },
    /^rules\[0\].severity must be one of error, warning, info, off, but is "fatal"$/,
    { rules: [{ code: "MP4_*", severity: "info" }] },
  ],
  [{ rules: [{ code: "CSV_*" }] }, /^rules\[0\].severity is missing$/, { rules: [] }],
  [
    { expectedRates: [{ stream: "a/b", hz: 1, tolerance: 2 }] },
    /^expectedRates\[0\].tolerance must be at most 1, but is 2$/,
    { expectedRates: [{ stream: "a/b", hz: 1 }] },
  ],
  [{ export: { streams: [""] } }, /^export.streams\[0\] must be a text that is not empty/, {
    export: { streams: [] },
  }],
];

for (const [value, reason, kept] of FAULTS) {
  Deno.test(`the fault ${JSON.stringify(value)} is reported and the rest kept`, () => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const { config, issues } = parseConfig(text, "a/session-process.json");
    assert.equal(issues.length, 1);
    assert.equal(issues[0]!.code, "CONFIG_INVALID");
    assert.equal(issues[0]!.where.path, "a/session-process.json");
    assert.match(String(issues[0]!.params["reason"]), reason);
    assert.deepEqual(config, kept);
  });
}

Deno.test("the published schema is the one that is applied", async () => {
  const url = new URL("../../docs/schemas/session-process.schema.json", import.meta.url);
  assert.deepEqual(JSON.parse(await Deno.readTextFile(url)), CONFIG_SCHEMA);
});
