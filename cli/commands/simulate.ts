import { mkdir, readdir, readFile } from "node:fs/promises";
import {
  defaultPlan,
  demoPlan,
  FAULTS,
  isFaultCode,
  reasonOf,
  simulateFault,
  simulateSession,
  type SimulationPlan,
  UsageError,
} from "session-process";
import { openOutput } from "session-process/runtime";
import { flagOption, numberOption, stringOption } from "../arguments.ts";
import {
  type Arguments,
  type Command,
  type CommandContext,
  EXIT,
  type ExitCode,
  type Terminal,
} from "../command.ts";
import { ProgressLine } from "../render/progress.ts";

/** `simulate`: a session whose truth is known. */
export const simulateCommand: Command = {
  name: "simulate",
  summary: "Write a session with known truth, for tests and demonstrations",
  usage: "DIR",
  arity: { min: 0, max: 1 },
  options: {
    demo: { type: "boolean", help: "The demo session: a minute with the usual trouble" },
    seed: { type: "string", value: "N", help: "Seed of everything random (default: 1)" },
    duration: { type: "string", value: "S", help: "Length in seconds (default: 60)" },
    phones: { type: "string", value: "N", help: "Phones with a Shimmer each (default: 2)" },
    sensors: { type: "string", value: "N", help: "Shimmers at the computer (default: 0)" },
    rate: {
      type: "string",
      value: "HZ",
      help: "Rate of the Shimmers (default: 51.2 on phones, 128 at the computer)",
    },
    video: { type: "boolean", help: "Phones record video, and the computer a webcam" },
    thermal: { type: "boolean", help: "The first phone records thermal pictures" },
    plan: {
      type: "string",
      value: "FILE",
      help: "Everything as a JSON plan: clocks, steps, delays, packets, gaps, drops, units",
    },
    "print-plan": { type: "boolean", help: "Print the plan as JSON instead, to be edited" },
    fault: {
      type: "string",
      value: "CODE",
      help: "A small session with the trouble of one issue code",
    },
  },
  examples: [
    "session-process simulate demo --demo",
    "session-process simulate long --duration 86400 --phones 8 --seed 7",
    "session-process simulate --demo --print-plan > plan.json",
    "session-process simulate mine --plan plan.json",
    "session-process simulate short --fault CSV_ROW_SHORT",
  ],
  run: simulate,
};

async function simulate({ args, terminal, signal }: CommandContext): Promise<ExitCode> {
  const plan = await choosePlan(args);
  if (flagOption(args, "print-plan")) {
    terminal.out(`${JSON.stringify(plan, null, 2)}\n`);
    return EXIT.clean;
  }
  const [folder] = args.positionals;
  if (folder === undefined) {
    throw new UsageError("simulate needs DIR", "See session-process simulate --help");
  }
  await requireEmpty(folder);
  const fault = stringOption(args, "fault");
  if (fault !== undefined) return await simulateTrouble(fault, folder, terminal);
  const progress = new ProgressLine(terminal);
  try {
    const work = { signal, progress: progress.report };
    const truth = await simulateSession(plan, openOutput(folder), work).catch(explainPlan);
    progress.end();
    terminal.out(
      `${truth.streams.length} streams in ${folder}, true times in ${folder}/truth.json\n`,
    );
    return EXIT.clean;
  } finally {
    progress.end();
  }
}

async function choosePlan(args: Arguments): Promise<SimulationPlan> {
  const path = stringOption(args, "plan");
  if (path === undefined) return flagOption(args, "demo") ? demoPlan() : planOf(args);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new UsageError(`Cannot read the plan: ${reasonOf(error)}`);
  });
  try {
    // What a plan may hold is checked where it is simulated.
    return JSON.parse(text) as SimulationPlan;
  } catch (error) {
    throw new UsageError(`Cannot read the plan ${path} as JSON: ${reasonOf(error)}`);
  }
}

/** A plan that is no plan shows as a wrong range or type. */
function explainPlan(error: unknown): never {
  if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  throw new UsageError(error.message, "Start from a plan that --print-plan has printed");
}

async function simulateTrouble(
  code: string,
  folder: string,
  terminal: Terminal,
): Promise<ExitCode> {
  if (!isFaultCode(code)) {
    const codes = Object.keys(FAULTS).join(", ");
    throw new UsageError(`No session can be simulated for "${code}"`, `Use one of ${codes}`);
  }
  const session = await simulateFault(code, openOutput(folder));
  terminal.out(`session with ${code} in ${folder}/${session}\n`);
  return EXIT.clean;
}

function planOf(args: Arguments): SimulationPlan {
  const rateHz = numberOption(args, "rate");
  return defaultPlan({
    seed: integer(args, "seed", 1),
    durationSeconds: numberOption(args, "duration") ?? 60,
    phones: integer(args, "phones", 2),
    sensors: integer(args, "sensors", 0),
    ...(rateHz === undefined ? {} : { rateHz }),
    video: flagOption(args, "video"),
    thermal: flagOption(args, "thermal"),
  });
}

function integer(args: Arguments, name: string, fallback: number): number {
  const text = stringOption(args, name);
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) {
    throw new UsageError(`--${name} needs a whole number: current value is "${text}"`);
  }
  return Number(text);
}

/** A simulated session must not mix with a recorded one. */
async function requireEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const found = await readdir(folder);
  if (found.length === 0) return;
  throw new UsageError(
    `Folder ${folder} is not empty`,
    "Give a new folder for the simulated session",
  );
}
