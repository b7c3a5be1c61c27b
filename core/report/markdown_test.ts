import assert from "node:assert/strict";
import { createIssue, memoryFolder } from "../base/mod.ts";
import type { ClockModel } from "../clock/mod.ts";
import { discoverSession } from "../session/mod.ts";
import { sessionReport } from "./mod.ts";

const ORIGIN_NS = 1_753_965_022_000_000_000n;
const CLOCK = { id: "phone_1/utc", kind: "utc" } as const;

const MODEL: ClockModel = {
  clock: { id: "phone_1/gsr/device", kind: "device" },
  reference: CLOCK,
  method: "one-way",
  segments: [
    { fromNs: 0n, toNs: 9n, firstRows: {}, knots: [knot(2e6), knot(12e6)] },
    { fromNs: 10n, toNs: 19n, firstRows: {}, knots: [knot(3e6)] },
  ],
  driftPpm: -30.9612,
  driftSigmaPpm: 1,
  residualRmsNs: 1,
  evidence: [{ kind: "one-way", source: "gsr.csv", used: 40, rejected: 2 }],
};

function knot(sigmaNs: number) {
  return { deviceNs: 0n, offsetNs: 0n, skew: 0, sigmaNs };
}

async function report(changes: Partial<Parameters<typeof sessionReport>[0]> = {}): Promise<string> {
  const session = await discoverSession(memoryFolder("pilot_20250731_143022", {}));
  return sessionReport({
    session,
    reference: CLOCK.id,
    originNs: ORIGIN_NS,
    streams: [],
    models: [],
    verdicts: new Map(),
    issues: [],
    version: "1.2.3",
    ...changes,
  });
}

/** The cells of the row that begins with a text. */
function row(markdown: string, first: string): string[] {
  const line = markdown.split("\n").find((line) => line.startsWith(`| ${first} |`));
  return line?.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()) ?? [];
}

Deno.test("a report names the session, its start and what nobody found", async () => {
  const text = await report();
  assert.match(text, /^# pilot_20250731_143022\n/);
  assert.match(text, /Start 2025-07-31T12:30:22[^ ]* on phone_1\/utc\. .* 1\.2\.3\./);
  assert.match(text, /Nothing was found\./);
});

Deno.test("a stream is shown with its span in seconds, or without when it has no place", async () => {
  const gsr = {
    id: "phone_1/gsr",
    path: "gsr.csv",
    samples: 3062,
    rateHz: 51.2,
    startNs: ORIGIN_NS + 250_000_000n,
    endNs: ORIGIN_NS + 60_000_000_000n,
    missingSamples: 4,
    clock: "phone_1/gsr/device",
  };
  const { startNs: _start, endNs: _end, ...unplaced } = gsr;
  const text = await report({ streams: [gsr, { ...unplaced, id: "phone_1/ppg", rateHz: NaN }] });
  assert.deepEqual(row(text, "phone_1/gsr").slice(1, 6), [
    "3062",
    "51.200",
    "0.250",
    "60.000",
    "4",
  ]);
  assert.deepEqual(row(text, "phone_1/ppg").slice(1, 5), ["3062", "", "", ""]);
});

Deno.test("a clock is shown with its worst uncertainty, its steps and its verdict", async () => {
  const text = await report({
    models: [MODEL, { ...MODEL, clock: CLOCK, segments: [] }],
    verdicts: new Map([
      [MODEL.clock.id, { verdict: "fair", reasons: ["uncertain by 24 ms", "a doubt"] }],
      [CLOCK.id, { verdict: "good", reasons: ["the reference"] }],
    ]),
  });
  assert.deepEqual(row(text, "phone_1/gsr/device").slice(1), [
    "one-way",
    "",
    "-30.961",
    "12.0",
    "1",
    "gsr.csv (40)",
    "fair: uncertain by 24 ms; a doubt",
  ]);
  assert.equal(row(text, "phone_1/utc").at(-1), "good");
  assert.deepEqual(row(text, "phone_1/utc").slice(1, 6), [
    "reference",
    "",
    "-30.961",
    "unknown",
    "0",
  ]);
});

Deno.test("recorded text cannot become markup or another cell", async () => {
  const stream = {
    id: "a|b",
    path: "<img src=x>\n# Title",
    samples: 1,
    rateHz: 1,
    missingSamples: 0,
    clock: "[link](x)",
  };
  const issue = createIssue("FILE_EMPTY", {}, { path: "`<b>`.csv" });
  const text = await report({ streams: [stream], issues: [issue] });
  assert.deepEqual(row(text, "a\\|b").length, 8);
  assert.doesNotMatch(text, /(?<!\\)<|\n# Title|(?<!\\)\[link/);
  assert.match(text, /\\`\\<b\\>\\`\.csv/);
});
