import assert from "node:assert/strict";
import { issueMessage } from "../base/mod.ts";
import { cleanInput, gsrReport, videoReport } from "./_cases/clean.ts";
import type { ValidationInput } from "./check.ts";
import { validateSession } from "./validate.ts";

const NUMBERS = [NaN, Infinity, -Infinity, -1, 0, 1e-300, 1e300, Number.MAX_SAFE_INTEGER];
const BIG_INTEGERS = [-(2n ** 63n), -1n, 0n, 2n ** 63n - 1n];
const TEXTS = ["", "..", "constructor", "__proto__", "é\u0000😀", "a".repeat(10_000), "devices//"];

/** A session in which every check has something to look at. */
const SEED = cleanInput({
  utcOffset: { offsetNs: 7_200_000_000_000n, source: "test", stated: true },
  streams: [
    gsrReport({ sequence: { holes: 0, missing: 0, repeats: 0, restarts: 0 } }),
    videoReport(),
  ],
});

/** Other values of the same type. */
function othersOf(value: unknown): readonly unknown[] {
  if (typeof value === "number") return NUMBERS;
  if (typeof value === "bigint") return BIG_INTEGERS;
  return typeof value === "string" ? TEXTS : [];
}

/** Every copy of a value in which one number, time or text is another one. */
function* mutants(value: unknown): Generator<unknown> {
  yield* othersOf(value);
  if (typeof value !== "object" || value === null || value instanceof Map) return;
  for (const [key, member] of Object.entries(value)) {
    for (const mutant of mutants(member)) {
      if (Array.isArray(value)) yield value.with(Number(key), mutant);
      else yield { ...value, [key]: mutant };
    }
  }
}

Deno.test("no value of any fact makes a check fail or a message senseless", () => {
  let count = 0;
  for (const mutant of mutants(SEED)) {
    for (const issue of validateSession(mutant as ValidationInput)) {
      assert.notEqual(issue.code, "CHECK_FAILED", JSON.stringify(issue.params));
      assert.doesNotMatch(issueMessage(issue), /\{\w+\}|undefined|\[object/);
    }
    count++;
  }
  assert.ok(count > 1000, `only ${count} mutants`);
});

Deno.test("a session of nothing can be checked", () => {
  const { session } = cleanInput();
  const { start: _start, end: _end, durationSeconds: _duration, ...rest } = session;
  const bare = {
    ...rest,
    id: "",
    devices: [],
    files: [],
    listedFiles: [],
    streams: [],
    events: [],
    calibrations: [],
  };
  const codes = validateSession({ session: bare, streams: [] }).map(({ code }) => code);
  assert.ok(codes.includes("SESSION_EMPTY") && codes.includes("SESSION_TIME_MISSING"));
});
