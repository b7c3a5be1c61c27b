import {
  EXPORT_FORMATS,
  type ExportFormat,
  type ProcessOutcome,
  processSession,
  type ProcessSettings,
  UsageError,
} from "session-process";
import { flagOption, listOption, numberOption } from "../arguments.ts";
import type { Arguments, Command, CommandContext, ExitCode } from "../command.ts";
import { renderJson } from "../render/json.ts";
import { renderOutcome } from "../render/outcome.ts";
import { exitCodeOf, writeSession } from "../write_session.ts";
import { CLOCK_OPTIONS, clockSettings, JSON_OPTION, OUT_OPTION } from "./options.ts";

/** `process`: everything, from a folder to aligned data. */
export const processCommand: Command = {
  name: "process",
  summary: "Validate, align and export a session to CSV and MATLAB",
  usage: "SESSION...",
  arity: { min: 1, max: Infinity },
  options: {
    ...OUT_OPTION,
    formats: {
      type: "string",
      value: "LIST",
      help: `What to write, of ${EXPORT_FORMATS.join(",")} (default: csv,combined,mat)`,
    },
    rate: { type: "string", value: "HZ", help: "Rate of the combined table (default: 10)" },
    streams: {
      type: "string",
      multiple: true,
      value: "GLOB",
      help: "Export only these streams, such as phone_1/* (default: all)",
    },
    compress: { type: "boolean", help: "Compress the MATLAB file" },
    ...CLOCK_OPTIONS,
    ...JSON_OPTION,
  },
  examples: [
    "session-process process recordings/session_20250731_143022",
    "session-process process pc/session_20250731_143022 phone/session_2025-07-31_14-30-25",
    "session-process process recordings/session_20250731_143022 --out results --formats csv,mat",
  ],
  run: processCommandRun,
};

async function processCommandRun(context: CommandContext): Promise<ExitCode> {
  const { args, terminal } = context;
  const settings = settingsOf(args);
  const { outcome, out } = await writeSession(context, { settings, work: processSession });
  terminal.out(
    flagOption(args, "json")
      ? renderJson(summary(outcome, out))
      : renderOutcome(outcome, out, terminal.colour),
  );
  return exitCodeOf(outcome);
}

function settingsOf(args: Arguments): ProcessSettings {
  return {
    formats: listOption(args, "formats", FORMATS_REMEDY)?.map(formatOf),
    gridRateHz: numberOption(args, "rate"),
    compressMat: flagOption(args, "compress") ? true : undefined,
    streams: listOption(args, "streams", "Give globs of stream ids, such as phone_1/*"),
    ...clockSettings(args),
  };
}

const FORMATS_REMEDY = `Use some of ${EXPORT_FORMATS.join(",")}`;

function formatOf(name: string): ExportFormat {
  const known = EXPORT_FORMATS.find((format) => format === name);
  if (known !== undefined) return known;
  throw new UsageError(`Unknown format "${name}"`, FORMATS_REMEDY);
}

function summary(
  { session, models, issues, written, loss, referenceClock }: ProcessOutcome,
  out: string,
) {
  return {
    session: session.id,
    out,
    reference: referenceClock.id,
    loss,
    clocks: [...models.values()],
    issues,
    written,
  };
}
