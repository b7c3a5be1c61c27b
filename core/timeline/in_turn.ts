import type { KernelSides } from "../../wasm/mod.ts";
import { countOf, type Grid } from "./grid.ts";

/** Rows of a side that are passed at once. */
const CHUNK = 16_384;

/** What is done in turns for the two sides of a join or of a resampling. */
export interface Turns {
  readonly sides: KernelSides;
  readonly wanted: BigInt64Array | Grid;
  readonly keys: BigInt64Array | Grid;
  /** Values of the keys, where they have any. */
  readonly values?: Float64Array;
  /** Takes what is certain by now for the wanted times from a row on, and returns for how many. */
  readonly settle: (row: number) => number;
}

/** Passes both sides a chunk at a time, always the one that the other waits for. */
export function passInTurn({ sides, wanted, keys, values, settle }: Turns): void {
  const [wantedCount, keyCount] = [countOf(wanted), countOf(keys)];
  let [taken, given, settled] = [0, 0, 0];
  while (settled < wantedCount || given < keyCount) {
    if (settled < taken || taken === wantedCount) {
      const end = Math.min(given + CHUNK, keyCount);
      passKeys(sides, keys, values, given, end);
      given = end;
      if (given === keyCount) sides.endKeys();
    } else {
      const end = Math.min(taken + CHUNK, wantedCount);
      if (wanted instanceof BigInt64Array) sides.addWanted(wanted, [taken, end]);
      else sides.addTicks("wanted", wanted, taken, end - taken);
      taken = end;
      if (taken === wantedCount) sides.endWanted();
    }
    settled += settle(settled);
  }
}

function passKeys(
  sides: KernelSides,
  keys: BigInt64Array | Grid,
  values: Float64Array | undefined,
  from: number,
  to: number,
): void {
  if (!(keys instanceof BigInt64Array)) sides.addTicks("keys", keys, from, to - from);
  else if (values === undefined) sides.addKeys(keys, [from, to]);
  else sides.addSamples(keys, values, [from, to]);
}
