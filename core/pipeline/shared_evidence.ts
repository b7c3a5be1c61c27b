import { EVIDENCE_KINDS, type EvidenceKind, type SeriesEvidence } from "../clock/mod.ts";
import { audioEvidence, type AudioEvidenceOptions } from "./audio_evidence.ts";
import { eventEvidence } from "./event_evidence.ts";
import { flashEvidence, type FlashEvidenceOptions } from "./flash_evidence.ts";

/** What {@linkcode sharedEvidence} needs. */
export interface SharedInstantsOptions extends AudioEvidenceOptions, FlashEvidenceOptions {
  /** Kinds of evidence that may be used. @default {all} */
  readonly evidenceKinds?: readonly EvidenceKind[];
}

/**
 * Finds instants that several clocks of a session stamped: events in the logs of several hosts, sound that several
 * devices recorded, flashes and screen changes in pictures that were logged.
 *
 * Sound of WAV files and thermal pictures are read as they are; sound and pictures of videos need a decoder. Each
 * comparison is remembered. Rejects with `CancelledError` when the signal is aborted.
 *
 * @example
 * ```ts
 * import { faultySession, IssueLog, Kernel, openSession, scanSession, sharedEvidence } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const { folder } = await faultySession("clean");
 * const opened = await openSession(folder);
 * const kernel = new Kernel();
 * const scans = await scanSession({ ...opened, kernel, issues: new IssueLog() });
 * const found = await sharedEvidence({ ...opened, kernel, scans });
 * assert.ok(found.every(({ fromNs, toNs }) => fromNs.length === toNs.length));
 * ```
 */
export async function sharedEvidence(options: SharedInstantsOptions): Promise<SeriesEvidence[]> {
  const kinds = new Set<EvidenceKind>(options.evidenceKinds ?? EVIDENCE_KINDS);
  return [
    ...(kinds.has("events") ? eventEvidence(options) : []),
    ...(kinds.has("audio") ? await audioEvidence(options) : []),
    ...(kinds.has("flash") ? await flashEvidence(options) : []),
  ];
}
