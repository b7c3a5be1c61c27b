import assert from "node:assert/strict";
import type { ClockRef } from "../base/mod.ts";
import type { SamplingStatistics } from "../clock/mod.ts";
import type { Session, StreamAnchor } from "../session/mod.ts";
import { parseAnchor } from "./anchors.ts";
import { planEvidence } from "./evidence.ts";
import type { StreamScan } from "./scan.ts";

const SECOND = 1_000_000_000n;
const START = 1_753_965_022n * SECOND;

const SESSION: Session = {
  id: "pilot",
  name: "pilot",
  variant: "M1",
  roots: [],
  logs: [],
  details: {},
  devices: [],
  files: [],
  listedFiles: [],
  streams: [],
  events: [],
  clockPairs: [],
  calibrations: [],
};

/** A stream of so many samples that runs for ten seconds from a time on its clock. */
function scan(
  clock: ClockRef,
  startNs: bigint,
  samples: number,
  anchors: readonly StreamAnchor[] = [],
): StreamScan {
  const id = `${clock.id.split("/")[0]}/gsr`;
  const device = id.split("/")[0]!;
  const sampling = {
    count: samples,
    missingTimes: 0,
    minNs: startNs,
    maxNs: startNs + 10n * SECOND,
  };
  return {
    index: 0,
    stream: {
      id,
      device,
      name: "gsr",
      kind: "gsr",
      format: "csv",
      path: `${device}.csv`,
      host: device,
      anchors,
    },
    schema: { id, device, name: "gsr", columns: [], clock, resolutionNs: 1 },
    sampling: sampling as SamplingStatistics,
    table: { rows: samples, columns: [], accelerations: [], repeatedRows: 0 },
  };
}

Deno.test("the computer's clock is the reference when it stamped samples, else the busiest UTC clock", () => {
  const pc = scan({ id: "pc/utc", kind: "utc" }, START, 10);
  const phone = scan({ id: "phone_1/utc", kind: "utc" }, START, 1000);
  const sensor = scan({ id: "shimmer/device", kind: "device" }, 0n, 5000);
  const reference = (scans: readonly StreamScan[]) =>
    planEvidence({ session: SESSION, scans }).reference.id;
  assert.equal(reference([phone, pc, sensor]), "pc/utc");
  assert.equal(reference([phone, sensor]), "phone_1/utc");
  assert.equal(reference([sensor]), "shimmer/device");
});

Deno.test("two clocks that claim UTC are tied loosely, and more loosely the further apart they are", () => {
  const phone = scan({ id: "phone_1/utc", kind: "utc" }, START, 1000);
  const near = scan({ id: "phone_2/utc", kind: "utc" }, START + SECOND, 10);
  const far = scan({ id: "phone_2/utc", kind: "utc" }, START + 3600n * SECOND, 10);
  const sigma = (other: StreamScan) => {
    const { evidence } = planEvidence({ session: SESSION, scans: [phone, other] });
    const [claim] = evidence;
    assert.equal(evidence.length, 1);
    assert.ok(claim?.kind === "anchor" && claim.fromNs === claim.toNs);
    return claim.sigmaNs;
  };
  assert.equal(sigma(near), 0.5e9);
  assert.equal(sigma(far), 0.5e9 + 3590e9);
});

Deno.test("a clock that nothing ties is placed with the session, good to its length", () => {
  const phone = scan({ id: "phone_1/utc", kind: "utc" }, START, 1000);
  const loose = scan({ id: "imu/device", kind: "device" }, 77n * SECOND, 10);
  const { evidence } = planEvidence({ session: SESSION, scans: [phone, loose] });
  assert.deepEqual(evidence, [{
    kind: "anchor",
    from: loose.schema.clock,
    to: phone.schema.clock,
    fromNs: 77n * SECOND,
    toNs: START,
    sigmaNs: 10e9,
    source: "assumption that all recordings of a session overlap",
  }]);
});

Deno.test("an anchor ties a clock unless its date cannot be", () => {
  const phone = scan({ id: "phone_1/utc", kind: "utc" }, START, 1000);
  const anchor = (ns: bigint): StreamAnchor => ({
    at: "end",
    time: { ns, clock: phone.schema.clock, sigmaNs: 7e8, source: "file name" },
  });
  const clock: ClockRef = { id: "cam/video/media", kind: "media" };
  const good = scan(clock, 0n, 10, [anchor(START + 9n * SECOND)]);
  const [tie] = planEvidence({ session: SESSION, scans: [phone, good] }).evidence;
  assert.ok(tie?.kind === "anchor");
  assert.deepEqual([tie.fromNs, tie.toNs, tie.sigmaNs], [10n * SECOND, START + 9n * SECOND, 7e8]);
  const bad = scan(clock, 0n, 10, [anchor(9n * SECOND)]);
  const [fallback] = planEvidence({ session: SESSION, scans: [phone, bad] }).evidence;
  assert.match(fallback!.source, /assumption/);
});

Deno.test("naive times are placed by the zone at which recordings coincide, or by the stated one", () => {
  const phone = scan({ id: "phone_1/utc", kind: "utc" }, START, 1000);
  const local: ClockRef = { id: "pc/local", kind: "local" };
  const start = { ns: START + 7203n * SECOND, clock: local, sigmaNs: 1e6, source: "metadata" };
  const session = { ...SESSION, start };
  const inferred = planEvidence({ session, scans: [phone] });
  assert.equal(inferred.zone?.label, "+02:00");
  const stated = planEvidence({ session, scans: [phone], zoneOffsetNs: 3600n * SECOND });
  assert.equal(stated.zone?.label, "+01:00");
  const [tie] = stated.evidence;
  assert.ok(tie?.kind === "anchor" && tie.fromNs - tie.toNs === 3600n * SECOND);
});

Deno.test("the user chooses the reference clock, and is told when there is none of that name", () => {
  const phone = scan({ id: "phone_1/utc", kind: "utc" }, START, 1000);
  const sensor = scan({ id: "shimmer/device", kind: "device" }, 0n, 5000);
  const scans = [phone, sensor];
  const plan = planEvidence({ session: SESSION, scans, reference: "shimmer/device" });
  assert.deepEqual(plan.reference, sensor.schema.clock);
  assert.throws(() => planEvidence({ session: SESSION, scans, reference: "shimer/device" }), {
    name: "UsageError",
    message: 'The session has no clock "shimer/device"; did you mean shimmer/device?',
    remedy: "Its clocks are phone_1/utc, shimmer/device",
  });
});

Deno.test("clocks that claim UTC are tied to each other when the reference shows no dates", () => {
  const scans = [
    scan({ id: "phone_1/utc", kind: "utc" }, START, 1000),
    scan({ id: "phone_2/utc", kind: "utc" }, START, 10),
    scan({ id: "shimmer/device", kind: "device" }, 0n, 5000),
  ];
  const { evidence } = planEvidence({ session: SESSION, scans, reference: "shimmer/device" });
  const claims = evidence.filter(({ source }) => source === "both clocks claim UTC");
  assert.deepEqual(claims.map(({ from, to }) => [from.id, to.id]), [
    ["phone_2/utc", "phone_1/utc"],
  ]);
});

Deno.test("wall clocks are believed as far as the user says", () => {
  const scans = [
    scan({ id: "phone_1/utc", kind: "utc" }, START, 1000),
    scan({ id: "phone_2/utc", kind: "utc" }, START, 10),
  ];
  const sigmas = (wallClockSigmaNs: number) =>
    planEvidence({ session: SESSION, scans, wallClockSigmaNs }).evidence
      .filter(({ source }) => source.includes("UTC"))
      .map((item) => item.kind === "anchor" && item.sigmaNs);
  assert.deepEqual(sigmas(2e7), [2e7]);
  assert.deepEqual(sigmas(Infinity), []);
});

Deno.test("kinds of evidence that are not wanted are left out, but what the user states is kept", () => {
  const scans = [
    scan({ id: "phone_1/utc", kind: "utc" }, START, 1000),
    scan({ id: "phone_2/utc", kind: "utc" }, START, 10),
  ];
  const anchors = [parseAnchor("phone_2=2025-07-31T12:30:22.75Z")];
  const options = { session: SESSION, scans, evidenceKinds: ["one-way"], anchors } as const;
  const { evidence } = planEvidence(options);
  const [anchor] = evidence;
  assert.equal(evidence.length, 1);
  assert.ok(anchor?.kind === "stored");
  assert.deepEqual([anchor.from.id, anchor.to.id], ["phone_2/utc", "phone_1/utc"]);
  assert.deepEqual([anchor.fromNs, anchor.toNs], [START, 1_753_965_022_750_000_000n]);
  assert.equal(anchor.sigmaNs, 1e7 / Math.sqrt(12));
});
