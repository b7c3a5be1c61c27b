import {
  EXPORT_FORMATS,
  type ExportFormat,
  Kernel,
  type ProcessOutcome,
  processSession,
  type ProcessSettings,
  UsageError,
} from "session-process";
import { openOutput, sha256 } from "session-process/runtime";
import { flagOption, listOption, numberOption, stringOption } from "../arguments.ts";
import {
  type Arguments,
  type Command,
  type CommandContext,
  EXIT,
  type ExitCode,
} from "../command.ts";
import { makeFolder } from "../output_folder.ts";
import { renderJson } from "../render/json.ts";
import { ProgressLine } from "../render/progress.ts";
import { renderOutcome } from "../render/outcome.ts";
import { openRoots, outputFolder } from "../session_argument.ts";
import { CLOCK_OPTIONS, clockSettings, decoderOption, JSON_OPTION, OUT_OPTION } from "./options.ts";

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
  const { args, terminal, signal, version } = context;
  const [first] = args.positionals;
  const out = stringOption(args, "out") ?? await outputFolder(first!);
  const settings = settingsOf(args);
  const folder = await openRoots(args.positionals);
  const decoder = await decoderOption(args, folder);
  await makeFolder(out);
  const progress = new ProgressLine(terminal);
  try {
    const outcome = await processSession({
      folder,
      output: openOutput(out),
      kernel: new Kernel(),
      sha256,
      version,
      settings,
      signal,
      progress: progress.report,
      ...decoder,
    });
    progress.end();
    const json = flagOption(args, "json");
    terminal.out(
      json ? renderJson(summary(outcome, out)) : renderOutcome(outcome, out, terminal.colour),
    );
    return exitCode(outcome);
  } finally {
    progress.end();
  }
}

function settingsOf(args: Arguments): ProcessSettings {
  return {
    formats: listOption(args, "formats")?.map(formatOf),
    gridRateHz: numberOption(args, "rate"),
    compressMat: flagOption(args, "compress") ? true : undefined,
    streams: listOption(args, "streams"),
    ...clockSettings(args),
  };
}

function formatOf(name: string): ExportFormat {
  const known = EXPORT_FORMATS.find((format) => format === name);
  if (known !== undefined) return known;
  throw new UsageError(`Unknown format "${name}"`, `Use some of ${EXPORT_FORMATS.join(",")}`);
}

function exitCode({ loss, issues }: ProcessOutcome): ExitCode {
  if (loss) return EXIT.loss;
  return issues.some(({ severity }) => severity === "error") ? EXIT.sessionErrors : EXIT.clean;
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
