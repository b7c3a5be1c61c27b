// Math.sin, Math.log and their kind may differ in the last bit between engines. What is written to
// files uses the functions below, which need only + - * / and are therefore the same everywhere.

/** Sine of an angle in turns by its Taylor series, good to 1e-11. */
export function sineOfTurns(turns: number): number {
  let part = turns - Math.floor(turns);
  if (part > 0.75) part -= 1;
  else if (part > 0.25) part = 0.5 - part;
  const angle = part * 6.283185307179586;
  const square = angle * angle;
  const high = ((square / -1307674368000 + 1 / 6227020800) * square - 1 / 39916800) * square;
  const middle = ((high + 1 / 362880) * square - 1 / 5040) * square;
  return (((middle + 1 / 120) * square - 1 / 6) * square + 1) * angle;
}

/** Steps of the table in one turn. */
const TABLE_STEPS = 4096;

/** Sines by table for signals: faster than the series and good to 3e-7. */
export class SineTable {
  readonly #values = new Float64Array(TABLE_STEPS + 1);

  constructor() {
    for (let step = 0; step <= TABLE_STEPS; step++) {
      this.#values[step] = sineOfTurns(step / TABLE_STEPS);
    }
  }

  /** Sine of an angle in turns. */
  at(turns: number): number {
    const place = (turns - Math.floor(turns)) * TABLE_STEPS;
    const step = Math.floor(place);
    const low = this.#values[step]!;
    return low + (this.#values[step + 1]! - low) * (place - step);
  }
}
