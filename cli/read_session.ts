import {
  fitSession,
  gradedIssues,
  hashTwins,
  type Issue,
  Kernel,
  type OpenedSession,
  openSession,
  resolveSettings,
  scanSession,
  type SessionFit,
  settleScans,
  type StreamScan,
  validateScans,
} from "session-process";
import { sha256 } from "session-process/runtime";
import { stringOption } from "./arguments.ts";
import type { CommandContext } from "./command.ts";
import { ProgressLine } from "./render/progress.ts";
import { openRoots } from "./session_argument.ts";

/** A session that was read once from front to back. */
export interface ReadSession extends OpenedSession {
  readonly scans: readonly StreamScan[];
  readonly fit: SessionFit;
  readonly kernel: Kernel;
  /** Everything that was found, as the user's configuration grades it. */
  readonly found: readonly Issue[];
}

/** Reads the session folders that the user named, without writing anything. */
export async function readSession(context: CommandContext): Promise<ReadSession> {
  const progress = new ProgressLine(context.terminal);
  const work = { signal: context.signal, progress: progress.report };
  try {
    const opened = await openSession(await openRoots(context.args.positionals), work);
    const kernel = new Kernel();
    const timezone = stringOption(context.args, "timezone");
    const settings = resolveSettings({ timezone }, opened.config, opened.session);
    const read = await scanSession({ ...opened, ...work, kernel });
    const fit = fitSession({ session: opened.session, settings, kernel }, read);
    const { scans } = settleScans({ kernel, settings }, read, fit.models);
    const twins = await hashTwins({ ...opened, ...work, sha256, report: opened.issues.report });
    const findings = validateScans({ ...opened, kernel }, scans, fit, twins);
    for (const issue of [...fit.issues, ...findings]) opened.issues.report(issue);
    return { ...opened, kernel, scans, fit, found: gradedIssues(opened.issues, opened.config) };
  } finally {
    progress.end();
  }
}
