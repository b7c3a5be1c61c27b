import type { ClockEvidence } from "./model.ts";

/** Kinds of evidence as users name them, the strongest first. */
export const EVIDENCE_KINDS = [
  "two-way",
  "one-way",
  "events",
  "motion",
  "audio",
  "flash",
  "stored",
  "anchor",
] as const;

/** One of {@linkcode EVIDENCE_KINDS}. */
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/**
 * The kind of a piece of evidence as users name it: a single event and a train of them are one kind.
 *
 * @example
 * ```ts
 * import { EVIDENCE_KINDS, evidenceKindOf } from "session-process";
 * import assert from "node:assert/strict";
 *
 * assert.equal(evidenceKindOf("event"), "events");
 * assert.ok(EVIDENCE_KINDS.includes(evidenceKindOf("one-way")));
 * ```
 */
export function evidenceKindOf(kind: ClockEvidence["kind"]): EvidenceKind {
  return kind === "event" ? "events" : kind;
}
