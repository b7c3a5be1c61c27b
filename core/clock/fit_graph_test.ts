import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { type ClockRef, MISSING_NS } from "../base/mod.ts";
import { ClockApplier } from "./apply.ts";
import { fitGraph } from "./fit_graph.ts";
import type { ClockModel, OneWayEvidence, PointEvidence } from "./model.ts";

const PHONE: ClockRef = { id: "phone/utc", kind: "utc" };
const PC: ClockRef = { id: "pc/utc", kind: "utc" };
const SENSOR: ClockRef = { id: "sensor/device", kind: "device" };
const SECOND = 1_000_000_000n;
const START = 1_700_000_000n * SECOND;

function point(
  from: ClockRef,
  to: ClockRef,
  fromNs: bigint,
  offsetNs: bigint,
  more: Partial<PointEvidence> = {},
): PointEvidence {
  const toNs = fromNs + offsetNs;
  return { kind: "event", from, to, fromNs, toNs, sigmaNs: 1e6, source: "flash", ...more };
}

function placed(model: ClockModel, time: bigint): { time: bigint; sigma: number } {
  const applier = new ClockApplier(new Kernel(), model, { id: "x", resolutionNs: 0 });
  const { referenceTimes, sigmas } = applier.apply(BigInt64Array.of(time), 0);
  return { time: referenceTimes[0]!, sigma: sigmas[0]! };
}

Deno.test("t_ref = t_dev + offset, whichever way round evidence is given", () => {
  const forward = fitGraph(new Kernel(), {
    clocks: [PHONE, PC],
    reference: PC,
    evidence: [point(PHONE, PC, START, 3n * SECOND)],
  });
  const backward = fitGraph(new Kernel(), {
    clocks: [PHONE, PC],
    reference: PC,
    evidence: [point(PC, PHONE, START + 3n * SECOND, -3n * SECOND)],
  });
  for (const { models, issues } of [forward, backward]) {
    assert.equal(placed(models[0]!, START).time, START + 3n * SECOND);
    assert.equal(models[0]!.method, "events");
    assert.equal(placed(models[1]!, START).time, START);
    assert.equal(models[1]!.method, "reference");
    assert.deepEqual(issues, []);
  }
});

Deno.test("two precise events far apart show the drift, one leaves that of a crystal open", () => {
  const hour = 3600n * SECOND;
  const offset = (seconds: bigint) => 20_000n * seconds;
  const two = fitGraph(new Kernel(), {
    clocks: [PHONE],
    reference: PC,
    evidence: [point(PHONE, PC, START, 0n), point(PHONE, PC, START + hour, offset(3600n))],
  }).models[0]!;
  // Weighted by the prior, 72 ms in an hour against sigmas of 1 ms: shrunk by about 6e-5.
  assert.ok(Math.abs(two.driftPpm - 20) < 0.01);
  assert.ok(Math.abs(two.driftSigmaPpm - Math.SQRT2 / 3.6) < 0.001);
  const one = fitGraph(new Kernel(), {
    clocks: [PHONE],
    reference: PC,
    evidence: [point(PHONE, PC, START, 0n)],
  }).models[0]!;
  assert.equal(one.driftSigmaPpm, 50);
  const later = placed(one, START + hour);
  assert.ok(Math.abs(later.sigma - Math.hypot(1e6, 180e6)) < 1e3);
});

Deno.test("an event that disagrees with the others is left out", () => {
  const events = [0n, 100n, 200n, 300n, 400n].map((at) =>
    point(PHONE, PC, START + at * SECOND, at === 200n ? 900_000_000n : 5_000_000n)
  );
  const { models, issues } = fitGraph(new Kernel(), {
    clocks: [PHONE],
    reference: PC,
    evidence: events,
  });
  assert.deepEqual(issues.map(({ code }) => code), ["CLOCK_EVIDENCE_REJECTED"]);
  assert.deepEqual(models[0]!.evidence, [{ kind: "event", source: "flash", used: 4, rejected: 1 }]);
  const [audit] = models[0]!.audit!;
  assert.deepEqual(audit!.verdicts, ["used", "used", "outlier", "used", "used"]);
  assert.ok(Math.abs(audit!.residualsNs[2]! - 895e6) < 1);
  const { time } = placed(models[0]!, START + 200n * SECOND);
  assert.ok(Math.abs(Number(time - START - 200n * SECOND) - 5e6) < 10);
});

Deno.test("events add up, stored pairs share their error", () => {
  const many = (kind: "event" | "stored") => {
    const evidence = Array.from(
      { length: 100 },
      (_, index) => point(PHONE, PC, START + BigInt(index) * SECOND, 5n, { kind, sigmaNs: 50e6 }),
    );
    const { models } = fitGraph(new Kernel(), { clocks: [PHONE], reference: PC, evidence });
    return placed(models[0]!, START + 50n * SECOND).sigma;
  };
  // The mean of 100 independent readings is ten times as good as one.
  assert.ok(Math.abs(many("event") / 5e6 - 1) < 0.01);
  assert.ok(Math.abs(many("stored") / 50e6 - 1) < 0.01);
});

Deno.test("thousands of events are fitted at once, and all wrong ones left out", () => {
  const evidence = Array.from(
    { length: 4000 },
    (_, index) =>
      point(
        PHONE,
        PC,
        START + BigInt(index) * SECOND,
        index % 100 === 7 ? SECOND : 20_000n * BigInt(index),
      ),
  );
  const { models } = fitGraph(new Kernel(), { clocks: [PHONE], reference: PC, evidence });
  assert.equal(models[0]!.evidence[0]!.rejected, 40);
  assert.ok(Math.abs(models[0]!.driftPpm - 20) < 0.01);
});

Deno.test("the most precise anchor wins and a contradiction widens it", () => {
  const anchor = (offsetNs: bigint, sigmaNs: number, source: string) =>
    point(SENSOR, PC, 0n, offsetNs, { kind: "anchor", sigmaNs, source });
  const agree = fitGraph(new Kernel(), {
    clocks: [SENSOR],
    reference: PC,
    evidence: [anchor(START, 1e9, "file name"), anchor(START + SECOND / 10n, 3e8, "metadata")],
  });
  assert.deepEqual(agree.issues.map(({ code }) => code), ["CLOCK_ANCHOR_ONLY"]);
  assert.equal(agree.issues[0]!.params["rule"], "metadata");
  assert.equal(placed(agree.models[0]!, 0n).time, START + SECOND / 10n);
  assert.equal(placed(agree.models[0]!, 0n).sigma, 3e8);
  const conflict = fitGraph(new Kernel(), {
    clocks: [SENSOR],
    reference: PC,
    evidence: [anchor(START, 1e9, "file name"), anchor(START + 60n * SECOND, 1e9, "metadata")],
  });
  assert.deepEqual(conflict.issues.map(({ code }) => code), [
    "CLOCK_EVIDENCE_CONFLICT",
    "CLOCK_ANCHOR_ONLY",
  ]);
  assert.ok(placed(conflict.models[0]!, 0n).sigma > 40e9);
});

Deno.test("the best anchors of both ends tell the pace of a camera", () => {
  // A camera that ran at half the rate its file claims: 100 s of media in 200 s.
  const camera = { id: "webcam/webcam_video/media", kind: "media" } as const;
  const anchor = (at: bigint, to: bigint, sigmaNs: number, source: string) =>
    ({
      ...point(camera, PC, at, to - at),
      kind: "anchor",
      sigmaNs,
      source,
      skewSigma: 0.5,
    }) as const;
  const end = 100n * SECOND;
  const evidence = [
    anchor(0n, START, 3e8, "file name"),
    anchor(0n, START + SECOND, 2e9, "start_record"),
    anchor(end, START + 200n * SECOND, 1e9, "stop_record"),
  ];

  const { models, issues } = fitGraph(new Kernel(), { clocks: [camera], reference: PC, evidence });
  assert.deepEqual(issues.map(({ code, params }) => [code, params["rule"]]), [
    ["CLOCK_ANCHOR_ONLY", "file name, stop_record"],
  ]);
  // Weighted least squares with a prior of 0 +- 0.5 on the slope, solved by hand: the ends are 100 s apart.
  const slopeVariance = 1 / (1 / 0.5 ** 2 + 100 ** 2 / (0.3 ** 2 + 1));
  const slope = slopeVariance * 100 * 100 / (0.3 ** 2 + 1);
  assert.ok(Math.abs(models[0]!.driftPpm / 1e6 - slope) < 1e-6);
  const last = placed(models[0]!, end);
  assert.ok(Math.abs(Number(last.time - START - 200n * SECOND)) < 0.2e9);
  assert.ok(last.sigma > 0.9e9 && last.sigma < 1.1e9);
  const wrong = [...evidence.slice(0, 1), anchor(end, START + 9000n * SECOND, 1e9, "stop_record")];
  const conflict = fitGraph(new Kernel(), { clocks: [camera], reference: PC, evidence: wrong });
  assert.equal(conflict.issues[0]!.code, "CLOCK_EVIDENCE_CONFLICT");
});

Deno.test("a clock without evidence is not placed", () => {
  const unusable = [
    point(SENSOR, PC, 0n, 0n, { sigmaNs: NaN }),
    { ...point(SENSOR, PC, 0n, 0n), toNs: MISSING_NS },
    point(SENSOR, SENSOR, 0n, 0n),
  ];
  const { models, issues } = fitGraph(new Kernel(), {
    clocks: [SENSOR],
    reference: PC,
    evidence: unusable,
  });
  assert.equal(models[0]!.method, "none");
  assert.deepEqual(issues.map(({ code }) => code), ["CLOCK_NO_EVIDENCE"]);
});

Deno.test("an impossible drift is reported", () => {
  const evidence = [point(PHONE, PC, START, 0n, { sigmaNs: 1 })];
  evidence.push(point(PHONE, PC, START + 100n * SECOND, SECOND, { sigmaNs: 1 }));
  const { issues } = fitGraph(new Kernel(), { clocks: [PHONE], reference: PC, evidence });
  assert.deepEqual(issues.map(({ code }) => code), ["CLOCK_DRIFT_IMPLAUSIBLE"]);
});

/** Pairs of a device that runs 10 ppm slow against the phone and takes 2 ms to it. */
function pairsTo(to: ClockRef): OneWayEvidence {
  const seconds = Array.from({ length: 200 }, (_, index) => index * 10);
  return {
    kind: "one-way",
    from: SENSOR,
    to,
    fromNs: BigInt64Array.from(seconds, (s) => BigInt(s) * SECOND),
    toNs: BigInt64Array.from(seconds, (s) => START + BigInt(s) * (SECOND + 10_000n) + 2_000_000n),
    counts: new Uint32Array(200).fill(100),
    rows: Float64Array.from(seconds, (s) => s * 100),
    resolutionNs: 1,
    source: "sensor/gsr",
  };
}

Deno.test("a device is placed through its phone", () => {
  const { models, issues } = fitGraph(new Kernel(), {
    clocks: [SENSOR, PHONE, PC],
    reference: PC,
    evidence: [pairsTo(PHONE), point(PHONE, PC, START, -7n * SECOND, { kind: "stored" })],
    spans: new Map([[PHONE.id, { startNs: START, endNs: START + 2000n * SECOND }]]),
  });
  const [sensor] = models;
  assert.deepEqual(issues, []);
  assert.equal(sensor!.via, PHONE.id);
  assert.equal(sensor!.method, "one-way");
  const { time, sigma } = placed(sensor!, 1000n * SECOND);
  const truth = START + 1000n * (SECOND + 10_000n) + 2_000_000n - 7n * SECOND;
  assert.ok(Math.abs(Number(time - truth)) < 10, `${time - truth}`);
  // Unknown smallest delay of 0 to 20 ms, 1 ms of the stored pair, and 50 ppm over the 1000 s since. Between
  // knots sigma is linear, a little above the root of squares.
  assert.ok(sigma > Math.hypot(11.5e6, 50e6) && sigma < 57e6, `${sigma}`);
});

Deno.test("every path has the same result when clocks are given in another order", () => {
  const evidence = [pairsTo(PHONE), point(PHONE, PC, START, 5n)];
  const one = fitGraph(new Kernel(), { clocks: [SENSOR, PHONE], reference: PC, evidence });
  const two = fitGraph(new Kernel(), {
    clocks: [PHONE, SENSOR],
    reference: PC,
    evidence: [...evidence].reverse(),
  });
  assert.deepEqual([...one.models].reverse(), two.models);
});
