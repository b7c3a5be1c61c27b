#!/usr/bin/env -S deno run --allow-read --allow-write
/**
 * The command line: arguments to a command, its outcome to an exit code. The only place that exits.
 *
 * @module
 */
import process from "node:process";
import {
  CancelledError,
  createIssue,
  IssueError,
  ISSUES,
  nearestName,
  reasonOf,
  renderIssue,
  UsageError,
} from "session-process";
import manifest from "../deno.json" with { type: "json" };
import { readArguments } from "./arguments.ts";
import { type Command, EXIT, type ExitCode, type Terminal } from "./command.ts";
import { COMMANDS } from "./commands/mod.ts";
import { commandHelp, programHelp } from "./help.ts";
import { processTerminal } from "./terminal.ts";

/** Runs one command line and returns its exit code. */
async function run(
  argv: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined) {
    terminal.err(programHelp(COMMANDS, manifest.version));
    return EXIT.usage;
  }
  if (name === "--help" || name === "-h" || name === "help") {
    terminal.out(programHelp(COMMANDS, manifest.version));
    return EXIT.clean;
  }
  if (name === "--version" || name === "-V") {
    terminal.out(`${manifest.version}\n`);
    return EXIT.clean;
  }
  const command = findCommand(name);
  const args = readArguments(command, rest);
  if (args.values["help"] === true) {
    terminal.out(commandHelp(command));
    return EXIT.clean;
  }
  const { version } = manifest;
  return await command.run({ args, terminal, signal, version, commands: COMMANDS });
}

function findCommand(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const near = nearestName(name, COMMANDS.map((command) => command.name));
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw new UsageError(`Unknown command "${name}"${hint}`, "See session-process --help");
}

function report(error: unknown, command: string, terminal: Terminal): ExitCode {
  if (error instanceof CancelledError) {
    terminal.err("Cancelled. Finished steps are kept; run the same command again to go on.\n");
    return EXIT.cancelled;
  }
  if (error instanceof UsageError) {
    terminal.err(`session-process: ${error.message}\n`);
    if (error.remedy !== "") terminal.err(`${error.remedy}\n`);
    return EXIT.usage;
  }
  const issue = error instanceof IssueError
    ? error.issue
    : createIssue("STEP_FAILED", { step: command, reason: reasonOf(error) });
  terminal.err(`error    ${issue.code}  ${renderIssue(issue)}\n`);
  terminal.err(`         > ${ISSUES[issue.code].remedy}\n`);
  return EXIT.couldNotRun;
}

/** Aborts on Ctrl-C; a second one ends the process at once. */
function cancelOnInterrupt(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.cancelled);
    controller.abort();
  };
  process.on("SIGINT", onInterrupt);
  return { signal: controller.signal, release: () => void process.off("SIGINT", onInterrupt) };
}

const terminal = processTerminal();
const { signal, release } = cancelOnInterrupt();
const argv = process.argv.slice(2);
const outcome = run(argv, terminal, signal);
// Setting the code instead of exiting lets output to a pipe drain.
process.exitCode = await outcome.catch((error) => report(error, argv[0] ?? "", terminal));
release();
