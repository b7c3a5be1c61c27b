/** A number given as `--name VALUE`. */
export function option(name: string, fallback: number): number {
  const index = Deno.args.indexOf(`--${name}`);
  return index < 0 ? fallback : Number(Deno.args[index + 1]);
}

/** Largest resident size of this process so far in bytes; NaN where the system does not tell. */
export function peakMemory(): number {
  try {
    const status = Deno.readTextFileSync("/proc/self/status");
    return Number(status.match(/VmHWM:\s+(\d+) kB/)?.[1] ?? NaN) * 1024;
  } catch {
    return NaN;
  }
}

/** Writes a line of the results. */
export function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** Runs a program whose output is wanted. Throws with its last line when it fails. */
export function output(command: readonly string[]): string {
  const [program = "", ...args] = command;
  const { success, stdout, stderr } = new Deno.Command(program, { args }).outputSync();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(new TextDecoder().decode(stderr).trim().split("\n").at(-1));
}
