import { COMMON_OPTIONS } from "./arguments.ts";
import type { Command, OptionSpec } from "./command.ts";

/** The help of the whole program. */
export function programHelp(commands: readonly Command[], version: string): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    `session-process ${version}`,
    "Recorded multi-sensor sessions in; validated, time-aligned data in CSV and MATLAB out.",
    "",
    "Usage: session-process <command> [options]",
    "",
    "Commands:",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "Run session-process <command> --help for its options.",
    "",
    "Exit codes: 0 clean, 1 could not run, 2 wrong usage, 3 finished with loss,",
    "            4 the session has errors, 130 cancelled",
    "",
  ].join("\n");
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS });
  const labels = options.map(([name, spec]) => optionLabel(name, spec));
  const width = Math.max(...labels.map(({ length }) => length));
  return [
    command.summary,
    "",
    `Usage: session-process ${command.name} ${command.usage} [options]`.replace("  ", " "),
    "",
    "Options:",
    ...options.map(([, { help }], index) => `  ${labels[index]!.padEnd(width)}  ${help}`),
    "",
    "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

function optionLabel(name: string, { short, value, optional }: OptionSpec): string {
  const prefix = short === undefined ? "    " : `-${short}, `;
  const shown = value === undefined ? "" : optional ? `[=${value}]` : ` ${value}`;
  return `${prefix}--${name}${shown}`;
}
