import { createIssue, type FolderSink, type Issue } from "../base/mod.ts";
import type { LatticeSummary } from "../clock/mod.ts";
import { plotClock, type ReportedClock } from "../report/mod.ts";
import type { Session } from "../session/mod.ts";
import { alignClocks } from "./align_clocks.ts";
import type { SessionFit } from "./fit.ts";
import { reportedClocks } from "./clock_report.ts";
import { writeText, type WrittenFile } from "./journal.ts";
import { fileNameOf } from "./memory.ts";
import { gradedIssues } from "./open_session.ts";
import { motionOverlays } from "./motion_overlay.ts";
import { ALIGNMENT_PATH, alignmentText } from "./record_step.ts";
import type { ResolvedSettings } from "./settings.ts";
import { chosenScans, type StreamScan } from "./scan.ts";
import type { Run } from "./run.ts";
import { type RunOptions, startRun } from "./start_run.ts";

/** What {@linkcode alignSession} needs. */
export interface AlignOptions extends RunOptions {
  /**
   * Draw each clock, and each two movements that tie clocks: `true` beside the record, otherwise there.
   * @default {no plots}
   */
  readonly plots?: true | FolderSink;
}

/** What aligning the clocks of a session came to. */
export interface AlignOutcome {
  readonly session: Session;
  readonly settings: ResolvedSettings;
  readonly scans: readonly StreamScan[];
  readonly fit: SessionFit;
  /** The lattice of each regular stream, by its id. */
  readonly lattices: ReadonlyMap<string, LatticeSummary>;
  /** What was wrong with the clocks, and every error of reading, as the user's configuration grades it. */
  readonly issues: readonly Issue[];
  readonly written: readonly WrittenFile[];
  /** Drawings of the clocks and of movements in common, with paths in the folder that takes them. */
  readonly plots: readonly WrittenFile[];
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
export async function alignSession(options: AlignOptions): Promise<AlignOutcome> {
  const run = await startRun(options, { exports: false });
  const { journal, output, issues, config, settings, session } = run;
  const { scans, fit, lattices } = await alignClocks(run);
  for (const issue of fit.issues) issues.report(issue);
  if (scans.length === 0) {
    issues.report(createIssue("SESSION_EMPTY", { files: session.files.length }));
  }
  const text = alignmentText({ ...fit, scans: chosenScans(scans, settings), lattices });
  const record = await writeText(output, ALIGNMENT_PATH, text);
  await journal.finish("alignment", [record]);
  const plots = await drawPlots(run, options.plots, { scans, fit, settings, lattices });
  return {
    session,
    settings,
    scans,
    fit,
    plots,
    lattices,
    issues: gradedIssues(issues, config).filter(({ code, severity }) =>
      severity === "error" || CLOCK_REGEXP.test(code)
    ),
    written: [record],
    stale: await journal.staleResults(),
    loss: issues.groups().some(({ code }) => code === "FILE_UNREADABLE"),
  };
}

/** Where plots lie unless the user says otherwise. */
const PLOT_FOLDER = "processing/synchronized_data/plots";

/** Draws what was aligned. Plots beside the record are results of the run like others. */
async function drawPlots(
  run: Run,
  target: AlignOptions["plots"],
  aligned: Pick<AlignOutcome, "scans" | "fit" | "settings" | "lattices">,
): Promise<readonly WrittenFile[]> {
  if (target === undefined) return [];
  const [sink, folder] = target === true ? [run.output, `${PLOT_FOLDER}/`] : [target, ""];
  const written: WrittenFile[] = [];
  for (const { name, svg } of [...drawClocks(aligned), ...await drawMovements(run, aligned)]) {
    written.push(await writeText(sink, `${folder}${name}`, svg));
  }
  if (target === true) await run.journal.finish("plots", written);
  return written;
}

/** A drawing and its file name. */
interface NamedPlot {
  readonly name: string;
  readonly svg: string;
}

/** Every clock but the reference. */
function drawClocks(aligned: Parameters<typeof drawPlots>[2]): NamedPlot[] {
  const clocks = reportedClocks(aligned).filter(({ model }) => model.method !== "reference");
  return Array.from(
    plotNames(clocks),
    ([name, clock]) => ({ name, svg: plotClock(clock, aligned.fit) }),
  );
}

/** Every two movements that tie clocks, over each other. */
async function drawMovements(
  run: Run,
  { scans, fit }: Parameters<typeof drawPlots>[2],
): Promise<NamedPlot[]> {
  const overlays = await motionOverlays({ ...run, scans, fit });
  return overlays.map(({ streams, svg }) => ({
    name: `movement.${streams.map(dottedName).join(".")}.svg`,
    svg,
  }));
}

function dottedName(id: string): string {
  return id.split("/").map(fileNameOf).join(".");
}

/** A file name for each clock, its id with dots; exact where two ids would share one. */
function plotNames(clocks: readonly ReportedClock[]): Map<string, ReportedClock> {
  const names = new Map<string, ReportedClock>();
  for (const clock of clocks) {
    const { id } = clock.model.clock;
    const short = `${dottedName(id)}.svg`;
    names.set(names.has(short) ? `${fileNameOf(id)}.svg` : short, clock);
  }
  return names;
}
