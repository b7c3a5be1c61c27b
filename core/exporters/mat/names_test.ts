import assert from "node:assert/strict";
import { findOctave, runOctave } from "../../../tests/support/oracles.ts";
import { matFieldName, matFieldNames } from "./names.ts";

const NAMES = [
  "plain_1",
  "",
  "_x",
  "1st",
  "40AC é.1",
  "中文",
  "emoji 😀",
  "a".repeat(100),
  "end",
  "while",
  "x\0y",
  "Ünïcödé",
  "phone-1/gsr",
];

Deno.test("Octave takes every name that was made for it", () => {
  const octave = findOctave();
  if (octave === undefined) return;
  const lines = runOctave(
    octave,
    NAMES.map((name) => `disp(isvarname("${matFieldName(name)}"))`).join("\n"),
  );
  assert.deepEqual(lines.map((line) => line.trim()), NAMES.map(() => "1"));
});

Deno.test("names keep their spelling where they can and stay within 63 characters", () => {
  assert.equal(matFieldName("plain_1"), "plain_1");
  assert.equal(matFieldName("Ünïcödé"), "Unicode");
  assert.equal(matFieldName(""), "x");
  assert.equal(matFieldName("_x"), "x_x");
  assert.equal(matFieldName("a".repeat(100)), "a".repeat(63));
});

Deno.test("names of one struct are unique, and those that need no change are never changed", () => {
  assert.deepEqual(matFieldNames(["a b", "a_b", "a.b", "a_b", "a_b_2"]), [
    "a_b_3",
    "a_b",
    "a_b_4",
    "a_b_5",
    "a_b_2",
  ]);
  const long = matFieldNames([`${"a".repeat(70)}1`, `${"a".repeat(70)}2`]);
  assert.deepEqual(long, ["a".repeat(63), `${"a".repeat(61)}_2`]);
});
