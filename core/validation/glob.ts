/**
 * Says whether a text matches a pattern of `*` (anything but `/`), `**` (anything) and `?` (one character but
 * `/`). Takes time proportional to both lengths, whatever the pattern.
 *
 * @example
 * ```ts
 * import { matchesGlob } from "session-process";
 * import assert from "node:assert/strict";
 *
 * assert.ok(matchesGlob("phone_*", "phone_1"));
 * assert.ok(!matchesGlob("phone_*", "shimmer_1"));
 * ```
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const tokens = pattern.match(/\*\*\/?|[^]/gu) ?? [];
  const characters = [...text];
  let reached = new Set([0]);
  for (const token of tokens) {
    reached = advance(token, characters, reached);
    if (reached.size === 0) return false;
  }
  return reached.has(characters.length);
}

/** The places in the text that a token leads to from the places reached so far. */
function advance(token: string, text: readonly string[], from: ReadonlySet<number>): Set<number> {
  if (token.startsWith("*")) return advanceStar(token, text, from);
  const reached = new Set<number>();
  for (const place of from) {
    const character = text[place];
    if (character === undefined) continue;
    if (character === token || (token === "?" && character !== "/")) reached.add(place + 1);
  }
  return reached;
}

function advanceStar(
  token: string,
  text: readonly string[],
  from: ReadonlySet<number>,
): Set<number> {
  const reached = new Set<number>();
  let running = false;
  for (let place = 0; place <= text.length; place++) {
    if (token === "*" && text[place - 1] === "/") running = false;
    running ||= from.has(place);
    const atFolder = place === 0 || text[place - 1] === "/" || from.has(place);
    if (running && (token !== "**/" || atFolder)) reached.add(place);
  }
  return reached;
}
