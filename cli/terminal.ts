import process from "node:process";
import type { Terminal } from "./command.ts";

/** The user asked for no colour. Deno tells without a permission; elsewhere the environment does. */
function noColour(): boolean {
  const deno = (globalThis as { Deno?: { noColor?: boolean } }).Deno;
  return deno === undefined ? process.env["NO_COLOR"] !== undefined : deno.noColor === true;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    colour: process.stdout.isTTY === true && !noColour(),
    interactive: process.stderr.isTTY === true,
  };
}
