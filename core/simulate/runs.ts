/**
 * Which sample stands in which row: triples of first row, first sample and number of rows.
 *
 * Within a run each row holds the sample after that of the row before. A gap, a lost, doubled or
 * misplaced sample starts a new run, so the list grows with the trouble and not with the rows.
 */
export type Runs = readonly number[];

/** Builds {@linkcode Runs} row by row. */
export class RunBuilder {
  readonly #runs: number[] = [];
  #row: number;
  #expected = -1;

  /** @param firstRow Row of the first sample. */
  constructor(firstRow = 0) {
    this.#row = firstRow;
  }

  /** Adds the sample of the next row. */
  add(sample: number): void {
    if (sample === this.#expected) this.#runs[this.#runs.length - 1]!++;
    else this.#runs.push(this.#row, sample, 1);
    this.#expected = sample + 1;
    this.#row++;
  }

  /** Number of rows so far, with those before the first sample. */
  get rows(): number {
    return this.#row;
  }

  get runs(): Runs {
    return this.#runs;
  }
}

/** Sample that stands in a row, or undefined when the row holds none. */
export function sampleInRow(runs: Runs, row: number): number | undefined {
  let low = 0;
  let high = runs.length / 3;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (runs[middle * 3]! <= row) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return undefined;
  const [firstRow, firstSample, count] = runs.slice(low * 3 - 3, low * 3) as [
    number,
    number,
    number,
  ];
  return row - firstRow < count ? firstSample + (row - firstRow) : undefined;
}
