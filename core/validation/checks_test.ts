import assert from "node:assert/strict";
import type { Case } from "./_cases/case.ts";
import { EVENT_CASES } from "./_cases/events.ts";
import { FILE_CASES } from "./_cases/files.ts";
import { SAMPLE_CASES } from "./_cases/samples.ts";
import { DEVICE_CASES, NO_START, SESSION_CASES } from "./_cases/session.ts";
import { CALIBRATION_CASES, CLOCK_CASES, VIDEO_CASES } from "./_cases/videos.ts";
import { cleanInput, gsrReport, START_NS } from "./_cases/clean.ts";
import { CHECKS } from "./checks/mod.ts";
import { validateSession } from "./validate.ts";

const CASES: readonly Case[] = [
  ...SESSION_CASES,
  ...FILE_CASES,
  ...DEVICE_CASES,
  ...EVENT_CASES,
  ...SAMPLE_CASES,
  ...VIDEO_CASES,
  ...CALIBRATION_CASES,
  ...CLOCK_CASES,
];

/** Without a start, which a partial session cannot express. */
function inputOf(one: Case) {
  const input = cleanInput(one.change);
  if (one !== NO_START) return input;
  const { start: _, ...session } = input.session;
  return { ...input, session };
}

Deno.test("nothing is wrong with the clean session", () => {
  assert.deepEqual(validateSession(cleanInput()), []);
});

for (const one of [NO_START, ...CASES]) {
  Deno.test(`${one.name}: ${one.raises.join(", ") || "nothing"}`, () => {
    const issues = validateSession(inputOf(one), { config: one.config ?? {} });
    assert.deepEqual(issues.map(({ code }) => code).sort(), [...one.raises].sort());
    for (const [key, value] of Object.entries(one.params ?? {})) {
      assert.equal(issues[0]?.params[key], value, key);
    }
  });
}

Deno.test("every code that a check states is raised by a case", () => {
  const raised = new Set([NO_START, ...CASES].flatMap(({ raises }) => raises));
  const stated = CHECKS.flatMap(({ codes }) => codes);
  assert.deepEqual([...new Set(stated)].sort(), [...raised].sort());
});

Deno.test("checks raise only the codes that they state, and have names of their own", () => {
  assert.equal(new Set(CHECKS.map(({ name }) => name)).size, CHECKS.length);
  for (const one of CASES) {
    for (const check of CHECKS) {
      for (const { code } of validateSession(inputOf(one), { checks: [check] })) {
        assert(check.codes.includes(code), `${check.name} raised ${code}`);
      }
    }
  }
});

Deno.test("a check that throws becomes an issue and the others go on", () => {
  const broken = {
    name: "broken",
    codes: [],
    *check() {
      yield* [];
      throw new Error("no such column");
    },
  };
  const issues = validateSession(cleanInput({ folderName: "x" }), { checks: [broken, ...CHECKS] });
  assert.deepEqual(issues.map(({ code }) => code), ["CHECK_FAILED", "SESSION_ID_MISMATCH"]);
  assert.deepEqual(issues[0]?.params, { check: "broken", reason: "no such column" });
});

Deno.test("local and UTC times are compared once the offset is known", () => {
  const schema = { ...gsrReport().schema, clock: { id: "phone_1/utc", kind: "utc" } } as const;
  const twoHours = 7_200_000_000_000n;
  const streams = [gsrReport({
    schema,
    sampling: { minNs: START_NS - twoHours, maxNs: START_NS - twoHours + 120_000_000_000n },
  })];
  const codes = (offset?: bigint) =>
    validateSession(cleanInput({
      streams,
      ...(offset === undefined
        ? {}
        : { utcOffset: { offsetNs: offset, source: "test", stated: true } }),
    })).map(({ code }) => code);
  assert.deepEqual(codes(), []);
  assert.deepEqual(codes(twoHours), []);
  assert.deepEqual(codes(0n), ["STREAM_OUTSIDE_SESSION"]);
});
