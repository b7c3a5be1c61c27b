import type { ClockRef, Issue, StartSha256 } from "../base/mod.ts";
import type { ClockModel, LatticeSummary } from "../clock/mod.ts";
import { summariseClock } from "../report/mod.ts";
import type { Session } from "../session/mod.ts";
import { alignClocks, type AlignedClocks } from "./align_clocks.ts";
import { alignStream } from "./align_step.ts";
import { reportedClocks } from "./clock_report.ts";
import { writeCombined } from "./combined_step.ts";
import { hashInputs, type InputRecord } from "./inputs.ts";
import { WORK_FOLDER, type WrittenFile } from "./journal.ts";
import { writeMatlab } from "./matlab_step.ts";
import { writeXdf } from "./xdf_step.ts";
import { journalMemory, type StepMemory } from "./memory.ts";
import { gradedIssues } from "./open_session.ts";
import { writeRecords } from "./record_step.ts";
import { type FittedSession, type Run, runStep } from "./run.ts";
import { chosenScans, scanSession, type StreamScan } from "./scan.ts";
import { type SettledScans, settleScans } from "./settle_scans.ts";
import { type RunOptions, startRun } from "./start_run.ts";
import { validateScans } from "./validate_step.ts";

/** What {@linkcode processSession} needs. */
export type ProcessOptions = RunOptions;

/** What processing a session came to. */
export interface ProcessOutcome {
  readonly session: Session;
  readonly scans: readonly StreamScan[];
  readonly models: ReadonlyMap<string, ClockModel>;
  /** The lattice of each regular stream, by its id. */
  readonly lattices: ReadonlyMap<string, LatticeSummary>;
  /** Everything that was wrong, as the user's configuration grades it. */
  readonly issues: readonly Issue[];
  readonly written: readonly WrittenFile[];
  /** Something recorded is missing from the outputs. */
  readonly loss: boolean;
  readonly referenceClock: ClockRef;
  readonly originNs: bigint;
}

/**
 * Processes a session: reads and validates it, fits its clocks, places every sample on one time axis and
 * writes CSV, MATLAB and the records of what was done.
 *
 * An interrupted run goes on where it stopped when it is called again with the same inputs and settings.
 * Recorded files are only read. Rejects with `CancelledError` when the signal is aborted, and with `Error`
 * when the output cannot be written.
 *
 * @example
 * ```ts
 * import { faultySession, Kernel, MemoryFolderSink, processSession } from "session-process";
 * import { sha256 } from "session-process/runtime";
 * import assert from "node:assert/strict";
 *
 * const { folder } = await faultySession("clean");
 * const output = new MemoryFolderSink();
 * const { loss } = await processSession({
 *   folder,
 *   output,
 *   kernel: new Kernel(),
 *   sha256,
 *   version: "1.0.0",
 *   settings: { formats: ["csv"] },
 * });
 * assert.equal(loss, false);
 * assert.ok(output.files.has("processing/synchronized_data/alignment.json"));
 * ```
 */
export async function processSession(options: ProcessOptions): Promise<ProcessOutcome> {
  const run = await startRun(options, { exports: true });
  const inputs = await recallInputs(run, options.sha256);
  const aligned = await alignClocks(run);
  const made = settleScans(run, await scanHands(run, aligned.scans), aligned.fit.models);
  const fitted = validateFit(run, aligned, made, inputs);
  const loss = await exportAll(run, fitted);
  const issues = gradedIssues(run.issues, run.config);
  await writeRecords(run, fitted, issues);
  await run.journal.removeStale();
  await run.output.remove(`${WORK_FOLDER}/aligned`);
  return {
    session: run.session,
    scans: aligned.scans,
    models: fitted.models,
    lattices: fitted.lattices,
    issues,
    written: run.journal.written().filter(({ path }) => !path.startsWith(WORK_FOLDER)),
    loss,
    referenceClock: fitted.referenceClock,
    originNs: fitted.originNs,
  };
}

async function recallInputs(
  run: Run,
  sha256: StartSha256,
): Promise<readonly InputRecord[]> {
  return await journalMemory(run.journal, run.output).recall(
    "inputs",
    () => hashInputs({ ...run, sha256, report: run.issues.report }),
  );
}

/** The signals of hands, which are results: they are exported, but neither validated nor evidence on clocks. */
async function scanHands(
  run: Run,
  recorded: readonly StreamScan[],
): Promise<readonly StreamScan[]> {
  const memory = journalMemory(run.journal, run.output);
  const found: StreamScan[] = [];
  for (const { stream, key, recording: id } of run.hands) {
    const recording = recorded.find(({ stream, index }) => stream.id === id && index === 0);
    if (recording === undefined) continue;
    const session = { ...run.session, streams: [stream] };
    const recall: StepMemory["recall"] = (step, make) => memory.recall(`${step} ${key}`, make);
    const scans = await scanSession({ ...run, session, memory: { recall } });
    found.push(...scans.map((scan) => ofRecording(scan, recording)));
  }
  return found;
}

/** Hands have the times of the pictures that they were found in: a lattice of their own would move them. */
function ofRecording(
  { lattice: _lattice, ...scan }: StreamScan,
  recording: StreamScan,
): StreamScan {
  const { schema, sampling } = recording;
  const { clock, resolutionNs, stampSigmaNs = sampling.stampSigmaNs, arrivalSigmaNs } = schema;
  const times = { clock, resolutionNs, stampSigmaNs };
  const arrival = arrivalSigmaNs === undefined ? {} : { arrivalSigmaNs };
  return { ...scan, recording, schema: { ...scan.schema, ...times, ...arrival } };
}

function validateFit(
  run: Run,
  { fit, ...recorded }: AlignedClocks,
  made: SettledScans,
  inputs: readonly InputRecord[],
): FittedSession {
  const findings = validateScans(run, recorded.scans, fit, inputs);
  for (const issue of [...fit.issues, ...findings]) run.issues.report(issue);
  const chosen = chosenScans([...recorded.scans, ...made.scans], run.settings);
  const lattices = new Map([...recorded.lattices, ...made.lattices]);
  const clocks = reportedClocks({ ...recorded, fit, settings: run.settings })
    .map(summariseClock);
  return { ...fit, clocks, scans: chosen, inputs, lattices };
}

/** Writes all exports. Returns true when something is missing from them. */
async function exportAll(run: Run, fitted: FittedSession): Promise<boolean> {
  const formats = new Set(run.settings.formats);
  const pending = await pendingFormats(run);
  const kept = await alignAll(run, fitted, pending);
  const complete = { ...fitted, scans: kept };
  if (formats.has("combined")) await runStep(run, "combined", () => writeCombined(run, complete));
  if (formats.has("mat")) {
    await runStep(run, "mat", () => writeMatlab(run, complete));
  }
  if (formats.has("xdf")) await runStep(run, "xdf", () => writeXdf(run, complete));
  const refused = run.issues.groups().some(({ code }) =>
    code === "MAT_TOO_LARGE" || code === "GRID_TOO_LARGE" || code === "FILE_UNREADABLE"
  );
  return kept.length < fitted.scans.length || refused;
}

/** Aligns the streams, and returns those that could be read. The files of one are flushed during the next. */
async function alignAll(
  run: Run,
  fitted: FittedSession,
  needsStore: boolean,
): Promise<readonly StreamScan[]> {
  const kept: StreamScan[] = [];
  let finishing = Promise.resolve();
  try {
    for (const scan of fitted.scans) {
      const aligned = await alignStream(run, fitted, scan, needsStore);
      await finishing;
      if (aligned === undefined) continue;
      kept.push(scan);
      finishing = aligned.finish();
      // A failure is thrown where the promise is awaited; until then it is not unhandled.
      finishing.catch(() => {});
    }
    await finishing;
    return kept;
  } finally {
    await Promise.allSettled([finishing]);
  }
}

/** Some export still has to read the aligned samples. */
async function pendingFormats(run: Run): Promise<boolean> {
  for (const format of ["combined", "mat", "xdf"] as const) {
    if (run.settings.formats.includes(format) && !(await run.journal.isDone(format))) return true;
  }
  return false;
}
