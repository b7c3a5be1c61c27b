import assert from "node:assert/strict";
import { matchesGlob } from "./glob.ts";

const MATCHES: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ["CSV_*", "CSV_ROW_SHORT", true],
  ["CSV_*", "XCSV_ROW", false],
  ["*", "", true],
  ["*", "a/b", false],
  ["**", "a/b/c", true],
  ["a?c", "abc", true],
  ["a?c", "a/c", false],
  ["devices/*/sensor_data/*.csv", "devices/s1/sensor_data/x.csv", true],
  ["devices/*/sensor_data/*.csv", "devices/s1/old/sensor_data/x.csv", false],
  ["**/*.csv", "x.csv", true],
  ["**/*.csv", "a/b/x.csv", true],
  ["**/*.csv", "a/b/x.csv.gz", false],
  ["**/sensor_data/**", "devices/s1/sensor_data/x.csv", true],
  ["**/b", "ab", false],
  ["a.c", "abc", false],
  ["[ab]", "a", false],
  ["é?", "é😀", true],
  ["", "", true],
  ["", "a", false],
];

for (const [pattern, text, matches] of MATCHES) {
  Deno.test(`"${pattern}" ${matches ? "matches" : "does not match"} "${text}"`, () => {
    assert.equal(matchesGlob(pattern, text), matches);
  });
}

Deno.test("many stars do not make matching explode", () => {
  assert.equal(matchesGlob("*a".repeat(40) + "b", "a".repeat(400)), false);
  assert.equal(matchesGlob("**/".repeat(40) + "b", "a/".repeat(400)), false);
});
