import { python as runPython } from "../../wasm/facade/_python.ts";

/** Runs Python with NumPy and pandas on JSON, which it has as `data`. */
export function python(script: string, input: unknown): Promise<unknown> {
  return runPython(`import numpy as np, pandas as pd\ndata = given\n${script}`, input);
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
