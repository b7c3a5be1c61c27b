import { fileURLToPath } from "node:url";
import { output } from "../support/process.ts";

/** What a process has cost, as its system counts it. */
export interface Cost {
  readonly code: number;
  readonly seconds: number;
  /** Of all its threads. */
  readonly cpuSeconds: number;
  /** Largest resident size. */
  readonly peakBytes: number;
}

/** Path of a file of this folder. */
export function local(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** The command line of this toolkit with some arguments. */
export function toolkit(...args: readonly string[]): string[] {
  const run = ["run", "--allow-read", "--allow-write", "--no-check", MAIN];
  return [Deno.execPath(), ...run, ...args];
}

/** Runs a program as a process of its own. Throws when it ends with a code that is not expected. */
export function measure(
  python: string,
  command: readonly string[],
  expected: readonly number[] = [0],
): Cost {
  const cost = JSON.parse(output([python, local("measure.py"), ...command])) as Cost;
  if (expected.includes(cost.code)) return cost;
  throw new Error(`Cannot measure ${command.join(" ")}: exit code ${cost.code}`);
}

/** Writes the session of four devices that the benchmarks work on. Returns its folder. */
export function simulate(folder: string, seconds: number): string {
  const session = `${folder}/session_${seconds}`;
  const devices = ["--phones", "2", "--sensors", "2"];
  output(toolkit("simulate", session, "--duration", String(seconds), ...devices));
  return session;
}
