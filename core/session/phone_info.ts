import type { JsonObject } from "./json_parser.ts";

/** No line of a phone is longer; matching a damaged one of megabytes would take minutes. */
const MAX_LINE = 1000;

/** Reads the `Key: value` lines of a phone's `session_info.txt` as an object with lower-case keys. */
export function parseSessionInfo(text: string): JsonObject {
  const fields: [string, string | number][] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^([A-Za-z][\w .()-]{0,60}?)\s*[:=]\s*(\S.*)$/.exec(
      line.slice(0, MAX_LINE).trim(),
    );
    if (match === null) continue;
    const key = match[1]!.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/_$/, "");
    const seconds = key === "duration" ? /^(\d+(?:\.\d+)?) seconds?$/.exec(match[2]!) : null;
    fields.push([key, seconds === null ? match[2]! : Number(seconds[1])]);
  }
  return Object.fromEntries(fields);
}
