import type { Command } from "../command.ts";
import { alignCommand } from "./align.ts";
import { completionsCommand } from "./completions.ts";
import { demoCommand } from "./demo.ts";
import { handsCommand } from "./hands.ts";
import { inspectCommand } from "./inspect.ts";
import { modelsCommand } from "./models.ts";
import { processCommand } from "./process.ts";
import { simulateCommand } from "./simulate.ts";
import { validateCommand } from "./validate.ts";

/** All commands in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  inspectCommand,
  validateCommand,
  alignCommand,
  handsCommand,
  processCommand,
  modelsCommand,
  simulateCommand,
  demoCommand,
  completionsCommand,
];
