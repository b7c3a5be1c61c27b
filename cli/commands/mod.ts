import type { Command } from "../command.ts";

/** All commands in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [];
