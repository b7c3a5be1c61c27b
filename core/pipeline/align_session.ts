import { type Issue, throwIfCancelled } from "../base/mod.ts";
import type { Session } from "../session/mod.ts";
import { fitSession, type SessionFit } from "./fit.ts";
import { WORK_FOLDER, writeText, type WrittenFile } from "./journal.ts";
import { journalMemory } from "./memory.ts";
import { gradedIssues } from "./open_session.ts";
import { ALIGNMENT_PATH, alignmentText } from "./record_step.ts";
import type { ResolvedSettings } from "./settings.ts";
import { chosenScans, scanSession, type StreamScan } from "./scan.ts";
import { type RunOptions, startRun } from "./start_run.ts";

/** What aligning the clocks of a session came to. */
export interface AlignOutcome {
  readonly session: Session;
  readonly settings: ResolvedSettings;
  readonly scans: readonly StreamScan[];
  readonly fit: SessionFit;
  /** What was wrong with the clocks, and every error of reading, as the user's configuration grades it. */
  readonly issues: readonly Issue[];
  readonly written: readonly WrittenFile[];
  /** Results that are still there of a run with other settings or recordings. */
  readonly stale: readonly string[];
  /** A recording could not be read. */
  readonly loss: boolean;
}

/** Issues that say something about clocks; of others only errors are told. */
const CLOCK_REGEXP = /^(CLOCK_|TIME_|STREAM_TOO_FEW|CONFIG_INVALID$)/;

/**
 * Reads a session, fits its clocks and writes `processing/synchronized_data/alignment.json`, nothing else but the
 * journal by which an interrupted run goes on where it stopped.
 *
 * Rejects with `UsageError` when a setting names a clock that the session does not have, with `CancelledError`
 * when the signal is aborted, and with `Error` when the output cannot be written.
 *
 * @example
 * ```ts
 * import { alignSession, faultySession, Kernel, MemoryFolderSink } from "session-process";
 * import { sha256 } from "session-process/runtime";
 * import assert from "node:assert/strict";
 *
 * const { folder } = await faultySession("clean");
 * const output = new MemoryFolderSink();
 * const { fit, written } = await alignSession({
 *   folder,
 *   output,
 *   kernel: new Kernel(),
 *   sha256,
 *   version: "1.0.0",
 *   settings: { without: ["stored"] },
 * });
 * assert.ok(fit.models.size > 0);
 * assert.deepEqual(written.map(({ path }) => path), [
 *   "processing/synchronized_data/alignment.json",
 * ]);
 * ```
 */
export async function alignSession(options: RunOptions): Promise<AlignOutcome> {
  const run = await startRun(options, { exports: false });
  const { journal, output, issues, config, settings, session } = run;
  const scans = await scanSession({ ...run, memory: journalMemory(journal, output) });
  throwIfCancelled(options.signal);
  const fit = fitSession(run, scans);
  for (const issue of fit.issues) issues.report(issue);
  const text = alignmentText({ ...fit, scans: chosenScans(scans, settings) });
  const written = [await writeText(output, ALIGNMENT_PATH, text)];
  await journal.finish("alignment", written);
  return {
    session,
    settings,
    scans,
    fit,
    issues: gradedIssues(issues, config).filter(({ code, severity }) =>
      severity === "error" || CLOCK_REGEXP.test(code)
    ),
    written: written.filter(({ path }) => !path.startsWith(WORK_FOLDER)),
    stale: await journal.staleResults(),
    loss: issues.groups().some(({ code }) => code === "FILE_UNREADABLE"),
  };
}
