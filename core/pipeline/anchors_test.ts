import assert from "node:assert/strict";
import { type ClockRef, UsageError } from "../base/mod.ts";
import { allManualEvidence, manualEvidence, parseAnchor } from "./anchors.ts";
import type { ClockUse } from "./reference.ts";
import type { StreamScan } from "./scan.ts";
import type { Zone } from "./timezone.ts";

const SECOND = 1_000_000_000n;
/** 2025-07-31T12:30:22Z, as `date -u -d @1753965022` says. */
const START = 1_753_965_022n * SECOND;
const PHONE: ClockRef = { id: "phone_1/utc", kind: "utc" };
const SENSOR: ClockRef = { id: "phone_1/gsr/device", kind: "device" };
const WATCH: ClockRef = { id: "watch/device", kind: "device" };
const VIDEO: ClockRef = { id: "phone_1/rgb_video/media", kind: "media" };
const PC: ClockRef = { id: "pc/utc", kind: "utc" };
const ZONE: Zone = { offsetNs: 7200n * SECOND, label: "+02:00", source: "a test", stated: true };

function use(clock: ClockRef, startNs?: bigint): [string, ClockUse] {
  const span = startNs === undefined ? undefined : { startNs, endNs: startNs + SECOND };
  return [clock.id, { clock, samples: 10, span, shownNs: startNs }];
}

function scan(id: string, clock: ClockRef, firstNs: bigint): StreamScan {
  const [device] = id.split("/");
  return { schema: { id, device, clock }, sampling: { firstNs } } as StreamScan;
}

const USES = new Map([
  use(PC, START),
  use(PHONE, START - SECOND),
  use(SENSOR, 5n * SECOND),
  use(WATCH, 77n * SECOND),
  use(VIDEO),
]);
const SCANS = [
  scan("phone_1/motion", PHONE, START),
  scan("phone_1/gsr", SENSOR, 6n * SECOND),
  scan("watch/imu", WATCH, 77n * SECOND),
];

function evidence(text: string, zone: Zone | undefined = ZONE, reference = PC) {
  const anchor = parseAnchor(text);
  const found = manualEvidence(anchor, { uses: USES, scans: SCANS, reference, zone });
  return [found.from.id, found.fromNs, found.toNs, found.sigmaNs];
}

Deno.test("an anchor names a clock, a stream or a device, at its first sample", () => {
  const at = "=2025-07-31T12:30:22Z+-0.01";
  assert.deepEqual(evidence(`phone_1/utc${at}`), [PHONE.id, START - SECOND, START, 1e7]);
  assert.deepEqual(evidence(`phone_1/gsr${at}`), [SENSOR.id, 6n * SECOND, START, 1e7]);
  assert.deepEqual(evidence(`phone_1${at}`), [PHONE.id, START - SECOND, START, 1e7]);
  assert.deepEqual(evidence(`watch${at}`), [WATCH.id, 77n * SECOND, START, 1e7]);
});

Deno.test("an anchor can state the reading of the clock, in seconds or as a date", () => {
  const seconds = evidence("watch@80.25=1753965022.5+-0.002s");
  assert.deepEqual(seconds, [WATCH.id, 80_250_000_000n, START + SECOND / 2n, 2e6]);
  const date = evidence("phone_1/utc@2025-07-31T12:30:21.5Z=2025-07-31T12:30:22Z ± 1");
  assert.deepEqual(date, [PHONE.id, START - SECOND / 2n, START, 1e9]);
});

Deno.test("without a sigma an anchor is as good as it was written, never better than 1 ms", () => {
  const sigma = (text: string) => parseAnchor(`watch=${text}`).sigmaNs;
  assert.equal(sigma("2025-07-31T12:30:22Z"), 1e9 / Math.sqrt(12));
  assert.equal(sigma("1753965022.25"), 1e7 / Math.sqrt(12));
  assert.equal(sigma("2025-07-31T12:30:22.123456Z"), 1e6);
});

Deno.test("a time without a zone is read in that of the session", () => {
  assert.equal(evidence("watch=2025-07-31T14:30:22")[2], START);
  assert.throws(
    () =>
      manualEvidence(parseAnchor("watch=2025-07-31T14:30:22"), {
        uses: USES,
        scans: SCANS,
        reference: PC,
        zone: undefined,
      }),
    /zone is not known; add Z or \+02:00, or give --timezone/,
  );
});

Deno.test("two anchors that give one sample two times are misuse", () => {
  const place = (...texts: readonly string[]) =>
    allManualEvidence(texts.map(parseAnchor), {
      uses: USES,
      scans: SCANS,
      reference: PC,
      zone: ZONE,
    });
  const first = "watch=2025-07-31T12:30:22.1Z+-0.1";
  assert.equal(place(first, "watch=2025-07-31T12:30:22.3Z+-0.1").length, 2);
  assert.equal(place(first, "watch@500=2025-07-31T13:30:22Z").length, 2);
  assert.throws(
    () => place(first, "watch=2025-07-31T12:31:22Z"),
    /gives another time of that reading/,
  );
});

Deno.test("anchors that cannot be are misuse that says why", () => {
  const faults: readonly (readonly [text: string, reason: RegExp])[] = [
    ["watch", /names no clock/],
    ["=5", /names no clock/],
    ["watch=", /"" is neither an ISO time nor a number of seconds/],
    ["watch=yesterday", /"yesterday" is neither/],
    ["watch=5+-0", /uncertainty is zero/],
    ["watch@noon=5", /"noon" is neither/],
    ["watch@2025-07-31T12:30:22Z=5", /watch\/device shows no dates; give seconds/],
    ["pc/utc=5", /pc\/utc is the reference clock/],
    ["phone_1/rgb_video/media=5", /stamped no sample/],
    ["wach=5", /no clock "wach"; did you mean watch\/imu\?|no clock "wach"/],
    ["phone_1/rgb_video=5", /choose one of its clocks: phone_1\/rgb_video\/media/],
  ];
  for (const [text, reason] of faults) {
    const isMisuse = (error: unknown) =>
      error instanceof UsageError && reason.test(error.message) && error.remedy !== "";
    assert.throws(() => evidence(text), isMisuse, text);
  }
  assert.throws(() => evidence("phone_1=2025-07-31T12:30:22Z", ZONE, WATCH), /shows no dates/);
});
