import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  type AlignOptions,
  type AlignOutcome,
  alignSession,
  type ClockExplanation,
  type ClockSummary,
  explainClock,
  type FolderSource,
  issueMessage,
  nearestName,
  type ReportedClock,
  reportedClocks,
  summariseClock,
  UsageError,
} from "session-process";
import { openOutput } from "session-process/runtime";
import { flagOption, optionalOption, stringOption } from "../arguments.ts";
import { makeFolder } from "../output_folder.ts";
import type { Arguments, Command, CommandContext, ExitCode } from "../command.ts";
import { renderAlignment } from "../render/alignment.ts";
import { renderExplanation } from "../render/explanation.ts";
import { renderJson } from "../render/json.ts";
import { openRoots } from "../session_argument.ts";
import { exitCodeOf, writeSession } from "../write_session.ts";
import { CLOCK_OPTIONS, clockSettings, JSON_OPTION, OUT_OPTION } from "./options.ts";

/** `align`: how the clocks of a session run, and how certain that is. */
export const alignCommand: Command = {
  name: "align",
  summary: "Fit the clocks of a session and say how far their times can be trusted",
  usage: "SESSION...",
  arity: { min: 1, max: Infinity },
  options: {
    explain: {
      type: "string",
      value: "CLOCK",
      help: "Show all evidence on a clock and what became of it, steps, gaps and checks",
    },
    all: { type: "boolean", help: "With --explain: one line for each piece of evidence" },
    plot: {
      type: "string",
      optional: true,
      value: "DIR",
      help: "Draw residuals and drift of each clock as SVG (default: beside the record)",
    },
    ...CLOCK_OPTIONS,
    ...OUT_OPTION,
    ...JSON_OPTION,
  },
  examples: [
    "session-process align recordings/session_20250731_143022",
    "session-process align recordings/session_20250731_143022 --explain phone_1/gsr/device",
    "session-process align recordings/session_20250731_143022 --plot=plots",
    "session-process align recordings/session_20250731_143022 --without anchor --reference pc/utc",
    "session-process align recordings/session_20250731_143022 --anchor phone_1=2025-07-31T14:30:22.5+02:00",
  ],
  run: align,
};

async function align(context: CommandContext): Promise<ExitCode> {
  const { args, terminal } = context;
  const explained = stringOption(args, "explain");
  if (flagOption(args, "all") && explained === undefined) {
    throw new UsageError("--all lists the evidence on one clock", "Name it with --explain CLOCK");
  }
  const { outcome, out } = await writeSession(context, {
    settings: clockSettings(args),
    work: async (options) => {
      return await alignSession({ ...options, ...await plotTarget(optionalOption(args, "plot")) });
    },
    open: (paths) => openSessions(paths, args),
  });
  const clocks = reportedClocks(outcome);
  if (explained !== undefined) {
    const explanation = explain(explained, clocks, outcome);
    terminal.out(
      flagOption(args, "json") ? renderJson(explanation) : renderExplanation(explanation, {
        originNs: outcome.fit.originNs,
        all: flagOption(args, "all"),
        colour: terminal.colour,
      }),
    );
    return exitCodeOf(outcome);
  }
  const summaries = clocks.map(summariseClock);
  const plots = plotPaths(outcome, args, out);
  terminal.out(
    flagOption(args, "json")
      ? renderJson({ ...document(outcome, summaries, out), plots })
      : renderAlignment(outcome, summaries, { out, plots, colour: terminal.colour }),
  );
  return exitCodeOf(outcome);
}

const PLOT_REMEDY = "The folder of the plots follows an equals sign: --plot=DIR";

/** A folder for the plots that stands apart from its option would be taken for one of the session. */
async function openSessions(paths: readonly string[], args: Arguments): Promise<FolderSource> {
  const mayStandApart = optionalOption(args, "plot") === "" && paths.length > 1;
  if (!mayStandApart) return await openRoots(paths);
  for (const path of paths) {
    const names = await readdir(path).catch(() => undefined);
    if (names?.every((name) => name.endsWith(".svg"))) {
      throw new UsageError(`Not a folder of a session: ${path}`, PLOT_REMEDY);
    }
  }
  return await openRoots(paths).catch((error: unknown) => {
    throw error instanceof UsageError ? new UsageError(error.message, PLOT_REMEDY) : error;
  });
}

/** Without a folder of its own a plot lies beside the record. */
async function plotTarget(folder: string | undefined): Promise<Pick<AlignOptions, "plots">> {
  if (folder === undefined) return {};
  if (folder === "") return { plots: true };
  await makeFolder(folder);
  return { plots: openOutput(folder) };
}

/** Plots with the folder that took them. */
function plotPaths({ plots }: AlignOutcome, args: Arguments, out: string): string[] {
  const folder = optionalOption(args, "plot") || out;
  return plots.map(({ path }) => join(folder, path));
}

function explain(
  name: string,
  clocks: readonly ReportedClock[],
  { fit }: AlignOutcome,
): ClockExplanation {
  const clock = clocks.find(({ model }) => model.clock.id === name) ??
    clocks.find(({ streams }) => streams.some(({ id }) => id === name));
  if (clock !== undefined) return explainClock(clock, fit);
  const ids = clocks.map(({ model }) => model.clock.id);
  const streams = clocks.flatMap(({ streams }) => streams.map(({ id }) => id));
  const near = nearestName(name, [...streams, ...ids]);
  throw new UsageError(
    `The session has no clock "${name}"${near === undefined ? "" : `; did you mean ${near}?`}`,
    `Its clocks are ${ids.join(", ")}`,
  );
}

function document(
  { session, fit, issues, written, stale, loss }: AlignOutcome,
  clocks: readonly ClockSummary[],
  out: string,
) {
  return {
    session: session.id,
    out,
    reference: fit.referenceClock.id,
    originNs: fit.originNs,
    loss,
    clocks,
    issues: issues.map((issue) => ({ ...issue, message: issueMessage(issue) })),
    written,
    stale,
  };
}
