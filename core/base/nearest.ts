/**
 * The name that a mistyped word most likely stands for, when one is near enough.
 *
 * @example
 * ```ts
 * import { nearestName } from "session-process";
 * import assert from "node:assert/strict";
 *
 * assert.equal(nearestName("phone_1/utx", ["pc/utc", "phone_1/utc"]), "phone_1/utc");
 * assert.equal(nearestName("watch", ["pc/utc", "phone_1/utc"]), undefined);
 * ```
 */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(word, name) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(1, word.length / 3)
    ? best.name
    : undefined;
}

/** Levenshtein's distance (1966): insertions, deletions and replacements. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
