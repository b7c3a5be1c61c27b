import { reasonOf } from "../base/mod.ts";

/** Runs Python on JSON; undefined where its packages are absent, which is an error in CI. */
export async function python(script: string, input: unknown): Promise<unknown> {
  const head = "import json, sys\nimport numpy as np, pandas as pd\ndata = json.load(sys.stdin)\n";
  try {
    const child = new Deno.Command("/usr/bin/python3", {
      args: ["-c", head + script],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify(input)));
    await writer.close();
    const { success, stdout, stderr } = await child.output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } catch (thrown) {
    if (Deno.env.get("CI") === "true") throw thrown;
    Deno.stderr.writeSync(new TextEncoder().encode(`skipped: ${reasonOf(thrown)}\n`));
    return undefined;
  }
}

/** Random integers below a limit (Park and Miller 1988), the same on every run. */
export function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => (state = (state * 48271) % 2147483647) % below;
}

/** Sorted random integers. */
export function sortedNumbers(
  random: (below: number) => number,
  length: number,
  span: number,
): number[] {
  return Array.from({ length }, () => random(span)).sort((a, b) => a - b);
}

/** Numbers as times. */
export function timesFrom(values: readonly number[]): BigInt64Array {
  return BigInt64Array.from(values, BigInt);
}
