import assert from "node:assert/strict";
import { createIssue } from "../../base/mod.ts";
import { type ClockChanges, PC, segment, SENSOR, statistics, summaryOf } from "./_models.ts";

const STREAM = {
  id: "sensor/gsr",
  sampling: statistics(0n, 10_000_000_000n),
  stampSigmaNs: 0,
};

function wide(sigmaNs: number): ClockChanges {
  return { segments: [segment(0n, 10_000_000_000n, { sigmas: [sigmaNs, sigmaNs] })] };
}

Deno.test("a verdict follows the half width of the 95 % interval", () => {
  // One frame of 30 per second is 33.3 ms wide, which is 17.0 ms of sigma; 250 ms is 127.6 ms.
  assert.equal(summaryOf(wide(16.9e6)).verdict, "good");
  assert.equal(summaryOf(wide(17.1e6)).verdict, "fair");
  assert.equal(summaryOf(wide(127e6)).verdict, "fair");
  assert.equal(summaryOf(wide(128e6)).verdict, "poor");
  assert.equal(summaryOf(wide(Infinity)).verdict, "poor");
});

Deno.test("a clock whose samples were stamped badly is not to blame, and says so", () => {
  const streams = [{ ...STREAM, stampSigmaNs: 40e6 }];
  const { verdict, reasons, advice } = summaryOf({ ...wide(1e4), streams });
  assert.equal(verdict, "fair");
  assert.deepEqual(reasons, [
    "uncertain by 78.4 ms through the scatter of its stamps, the clock itself by 19.6 us",
  ]);
  assert.match(advice.join(), /own counter/);
});

Deno.test("whatever casts doubt on a clock keeps it from being good, and says so", () => {
  const conflict = createIssue("CLOCK_EVIDENCE_CONFLICT", {
    clock: SENSOR.id,
    first: "marks",
    second: "file name",
    difference: "3600.000",
  });
  const anchor = { kind: "anchor", source: "file name", used: 1, rejected: 0 } as const;
  const loop = { clocks: ["a", "b", "a"], residualNs: -4e6, sigmaNs: 1e6 };
  const doubts: readonly (readonly [verdict: string, reason: RegExp, changes: ClockChanges])[] = [
    ["fair", /nothing checks its anchor \(file name\)/, { method: "anchor", evidence: [anchor] }],
    ["fair", /marks and file name contradict each other by 60 min/, { issues: [conflict] }],
    ["poor", /drifts by 900 ppm, which no crystal does/, { driftPpm: 900 }],
    [
      "fair",
      /only 71 % of 40 readings held out lay in their interval, which was widened by 2.3/,
      { holdOut: { count: 40, coverage: 0.71, runsScore: -5, widened: 2.31 } },
    ],
    ["fair", /the way round by a > b > a misses by -4 ms/, { loops: [loop] }],
    [
      "fair",
      /40 of 100 readings were rejected/,
      { evidence: [{ kind: "two-way", source: "probes", used: 60, rejected: 40 }] },
    ],
  ];
  for (const [verdict, reason, changes] of doubts) {
    const found = summaryOf(changes);
    assert.equal(found.verdict, verdict, String(reason));
    assert.match(found.reasons.join("; "), reason);
    assert.ok(found.advice.length > 0, String(reason));
  }
});

Deno.test("what is in order is no doubt", () => {
  const harmless: readonly ClockChanges[] = [
    { driftPpm: 30_000, clock: { id: "cam/media", kind: "media" } },
    { holdOut: { count: 40, coverage: 0.93, runsScore: 0, widened: 1.1 } },
    { loops: [{ clocks: ["a", "b", "a"], residualNs: 2.9e6, sigmaNs: 1e6 }] },
    // What something better made needless was not found wrong.
    {
      evidence: [
        { kind: "two-way", source: "probes", used: 60, rejected: 2 },
        { kind: "anchor", source: "file name", used: 0, rejected: 90 },
      ],
    },
  ];
  for (const changes of harmless) {
    const { verdict, reasons, advice } = summaryOf(changes);
    assert.deepEqual([verdict, advice], ["good", []], reasons.join());
  }
  const { verdict, reasons } = summaryOf({ method: "reference", clock: PC });
  assert.deepEqual([verdict, reasons], ["good", ["the reference"]]);
});

Deno.test("a clock that is not placed says why, and what to do about it", () => {
  const none = { method: "none", segments: [], evidence: [] } as const;
  const cases: readonly (readonly [ClockChanges, reason: string, advice: RegExp])[] = [
    [{ streams: [STREAM] }, "nothing ties it to pc/utc", /--anchor.*\n.*a shake/],
    [
      { streams: [{ ...STREAM, sampling: statistics(0n, 1n, { count: 0 }) }] },
      "its samples have no readable time",
      /time column/,
    ],
    [
      { ties: [{ id: "phone/utc", kind: "utc" }] },
      "tied to phone/utc alone, which nothing ties to pc/utc",
      /place phone\/utc or this clock: .*--anchor/,
    ],
    [
      { excluded: ["anchor", "stored"] },
      "nothing ties it to pc/utc when anchor, stored may not be used",
      /allow anchor, stored evidence/,
    ],
  ];
  for (const [changes, reason, advice] of cases) {
    const found = summaryOf({ ...none, ...changes });
    assert.equal(found.verdict, "unaligned");
    assert.deepEqual(found.reasons, [reason]);
    assert.match(found.advice.join("\n"), advice);
  }
});
