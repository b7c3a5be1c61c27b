import { type ByteSource, createIssue, type Issue, throwIfCancelled } from "../../base/mod.ts";
import type { XdfEvent, XdfParser } from "../../../wasm/mod.ts";

/** Everything that a parser finds; the bytes that it asks for are read on the way. */
export type XdfFinding = Exclude<XdfEvent, { readonly kind: "end" | "bytes" }>;

/** Drives a parser over a file. A finding must be dealt with before the next one is asked for. */
export async function* walk(
  parser: XdfParser,
  source: ByteSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<XdfFinding> {
  for (;;) {
    const event = parser.next();
    if (event.kind === "end") return;
    if (event.kind !== "bytes") {
      yield event;
      continue;
    }
    throwIfCancelled(signal);
    parser.fill(await source.read(event.at, event.length));
  }
}

/** What is wrong with a place of the file. */
export function problemIssue(
  { problem, from, to, samples }: Extract<XdfEvent, { readonly kind: "problem" }>,
  path: string,
): Issue {
  const where = { path, byte: from };
  switch (problem) {
    case "magic":
      return createIssue("XDF_BAD_MAGIC", {}, where);
    case "damage":
      return createIssue("XDF_DAMAGED", { from, to, bytes: to - from }, where);
    case "cut":
      return createIssue("FILE_TRUNCATED", { inside: "a chunk" }, where);
    case "no-header":
      return createIssue("XDF_STREAM_WITHOUT_HEADER", { samples }, where);
    case "too-long":
      return createIssue("XDF_HEADER_INVALID", {
        id: "?",
        reason: `it takes ${to - from} bytes`,
      }, where);
  }
}
