import assert from "node:assert/strict";
import type { ClockModel, EvidenceAudit } from "../../clock/mod.ts";
import { type ClockChanges, clockOf, PC, segment, SENSOR, statistics } from "./_models.ts";
import { type ClockExplanation, explainClock, readingRuns } from "./explanation.ts";

const SECOND = 1_000_000_000n;
const PHONE = { id: "phone/utc", kind: "utc" } as const;

function explained(
  changes: ClockChanges,
  others: readonly ClockModel[] = [],
): ClockExplanation {
  const clock = clockOf(changes);
  const models = new Map([clock.model, ...others].map((model) => [model.clock.id, model]));
  return explainClock(clock, { models, originNs: 0n });
}

/** Readings at whole seconds of a clock that is set back by four seconds after ten. */
const AUDIT: EvidenceAudit = {
  kind: "two-way",
  source: "probes",
  against: PC.id,
  deviceNs: BigInt64Array.of(1n, 2n, 999n, 9n, 7n, 8n).map((seconds) => seconds * SECOND),
  residualsNs: Float64Array.of(1e5, -3e5, 9e17, 5e6, 2e5, -8e5),
  sigmasNs: new Float64Array(6).fill(1e5),
  verdicts: ["used", "used", "garbage", "late", "used", "outlier"],
};
const SET_BACK: ClockChanges = {
  segments: [
    segment(0n, 10n * SECOND),
    segment(6n * SECOND, 16n * SECOND, {
      offsets: [4n * SECOND, 4n * SECOND],
      firstRows: { "sensor/ppg": 0, "sensor/gsr": 1280 },
    }),
  ],
  steps: [{ atNs: 6n * SECOND, changeNs: 4e9, inHost: false }],
  audit: [AUDIT],
};

Deno.test("every reading is told with its place, residual, verdict and reason", () => {
  const { readings } = explained(SET_BACK);
  assert.deepEqual(
    readings.map(({ referenceNs, verdict }) => [referenceNs && referenceNs / SECOND, verdict]),
    [
      [1n, "used"],
      [2n, "used"],
      [undefined, "garbage"],
      [9n, "late"],
      // The clock went back: what it shows as 7 and 8 is 11 and 12 on the reference.
      [11n, "used"],
      [12n, "outlier"],
    ],
  );
  assert.deepEqual(readings.map(({ reason }) => reason), [
    "agrees with the others",
    "agrees with the others",
    "no plausible reading of a clock",
    "held up on its way: a quicker one nearby tells more",
    "agrees with the others",
    "at odds with those around it by 8 sigma",
  ]);
  assert.deepEqual(readings.map(({ residualNs }) => residualNs), [...AUDIT.residualsNs]);
});

Deno.test("neighbours with one verdict make one run", () => {
  const runs = readingRuns(explained(SET_BACK).readings);
  assert.deepEqual(runs.map(({ verdict, count }) => `${count} ${verdict}`), [
    "2 used",
    "1 garbage",
    "1 late",
    "1 used",
    "1 outlier",
  ]);
  const [first] = runs;
  assert.deepEqual([first?.fromNs, first?.toNs], [SECOND, 2n * SECOND]);
  assert.deepEqual([first?.leastResidualNs, first?.greatestResidualNs], [-3e5, 1e5]);
  const twice = explained({ ...SET_BACK, audit: [AUDIT, { ...AUDIT, source: "other" }] });
  assert.equal(readingRuns(twice.readings).length, 10);
});

Deno.test("a step says which clock was set and before which sample", () => {
  const placed = (changes: ClockChanges) =>
    explained({ ...SET_BACK, ...changes }).explainedSteps.map(({ placedBy }) => placedBy);
  assert.deepEqual(placed({}), ["the clock was set before sample 1281 of sensor/gsr"]);
  const inHost = [{ atNs: 6n * SECOND, changeNs: 4e9, inHost: true }];
  assert.deepEqual(placed({ steps: inHost }), [
    "the other clock was set before sample 1281 of sensor/gsr",
  ]);
  const segments = SET_BACK.segments!.map((one) => ({ ...one, firstRows: {} }));
  assert.deepEqual(placed({ segments }), ["the clock was set between the readings around it"]);
});

Deno.test("the way to the reference is told clock by clock", () => {
  const phone = clockOf({ clock: PHONE }).model;
  assert.deepEqual(explained({}).path, [SENSOR.id, PC.id]);
  assert.deepEqual(explained({ via: PHONE.id }, [phone]).path, [SENSOR.id, PHONE.id, PC.id]);
  assert.deepEqual(explained({ method: "none", segments: [] }).path, [SENSOR.id]);
  assert.deepEqual(explained({ method: "reference", clock: PC }).path, [PC.id]);
  // A record that was damaged must not lead round for ever.
  const loop = clockOf({ clock: PHONE, via: SENSOR.id }).model;
  assert.deepEqual(explained({ via: PHONE.id }, [loop]).path, [SENSOR.id, PHONE.id, PC.id]);
});

Deno.test("gaps, checks and loops are passed on", () => {
  const gap = { row: 3, fromNs: SECOND, toNs: 2n * SECOND, missing: 7 };
  const sampling = statistics(0n, 10n * SECOND, {
    count: 90,
    missingTimes: 10,
    gaps: 1,
    missingSamples: 7,
    longestGapNs: 1e9,
    firstGaps: [gap],
  });
  const holdOut = { count: 9, coverage: 1, runsScore: 0.5, widened: 1 };
  const loops = [{ clocks: ["a", "b", "a"], residualNs: 5, sigmaNs: 9 }];
  const found = explained({
    streams: [{ id: "sensor/gsr", sampling, stampSigmaNs: 0 }],
    holdOut,
    loops,
  });
  assert.deepEqual(found.gaps, [{
    id: "sensor/gsr",
    samples: 100,
    gaps: 1,
    missingSamples: 7,
    longestGapNs: 1e9,
    duplicates: 0,
    backwards: 0,
    firstGaps: [{ ...gap, referenceFromNs: SECOND, referenceToNs: 2n * SECOND }],
  }]);
  assert.deepEqual([found.holdOut, found.loops], [holdOut, loops]);
  assert.deepEqual([found.readings, explained({}).readings], [[], []]);
});
