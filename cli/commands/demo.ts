import { stat } from "node:fs/promises";
import { join } from "node:path";
import { demoPlan, sessionIdOf, simulateSession } from "session-process";
import { openOutput } from "session-process/runtime";
import { type Command, type CommandContext, type ExitCode } from "../command.ts";
import { ProgressLine } from "../render/progress.ts";
import { processCommand } from "./process.ts";

/** `demo`: the main job on the session that comes with the toolkit. */
export const demoCommand: Command = {
  name: "demo",
  summary: "Process the bundled demo session and say where the results are",
  usage: "[DIR]",
  arity: { min: 0, max: 1 },
  options: {},
  examples: ["session-process demo", "session-process demo /tmp/demo"],
  run: demo,
};

/** Where the demo goes unless the user says otherwise. */
const DEFAULT_FOLDER = "demo";

async function demo(context: CommandContext): Promise<ExitCode> {
  const { args, terminal, signal } = context;
  const plan = demoPlan();
  const session = join(args.positionals[0] ?? DEFAULT_FOLDER, sessionIdOf(plan));
  // The truth is written last: a session without it was cut short and is written again.
  if ((await stat(join(session, "truth.json")).catch(() => undefined)) === undefined) {
    const progress = new ProgressLine(terminal);
    await simulateSession(plan, openOutput(session), { signal, progress: progress.report });
    progress.end();
  }
  const code = await processCommand.run({
    ...context,
    args: { positionals: [session], values: {} },
  });
  terminal.out(`\nThe results are in ${session}: start with processing/report.md\n`);
  return code;
}
