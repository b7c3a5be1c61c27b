/** Uncertainties of the rows of one side that may still be asked for. */
export class SigmaWindow {
  readonly #side: string;
  #parts: { readonly firstRow: number; readonly sigmas: Float64Array }[] = [];
  /** Place of the part that was asked last. */
  #place = 0;
  #count = 0;
  /** Whether uncertainties are given, from when rows are. */
  #given: boolean | undefined;

  constructor(side: string) {
    this.#side = side;
  }

  get isUsed(): boolean {
    return this.#given === true;
  }

  /** Adds rows. Throws `RangeError` when only some have uncertainties. */
  push(length: number, sigmas: Float64Array | undefined): void {
    if (length === 0) return;
    const given = sigmas !== undefined;
    if ((this.#given ?? given) !== given || (given && sigmas.length !== length)) {
      throw new RangeError(
        `Cannot give uncertainties of some ${this.#side} times only: current number is ` +
          `${sigmas?.length ?? 0} for ${length} times`,
      );
    }
    this.#given = given;
    if (given) this.#parts.push({ firstRow: this.#count, sigmas: sigmas.slice() });
    this.#count += length;
  }

  /** Uncertainty of a row, 0 when none are given. Rows are asked for in order, or nearly. */
  at(row: number): number {
    if (!this.isUsed) return 0;
    while (this.#place > 0 && this.#parts[this.#place]!.firstRow > row) this.#place--;
    while (this.#isBefore(this.#place, row)) this.#place++;
    const part = this.#parts[this.#place];
    return part?.sigmas[row - part.firstRow] ?? NaN;
  }

  /** Forgets rows that will not be asked for again. */
  forgetBefore(row: number): void {
    let passed = 0;
    while (this.#isBefore(passed, row)) passed++;
    this.#parts = this.#parts.slice(passed);
    this.#place = 0;
  }

  #isBefore(place: number, row: number): boolean {
    const part = this.#parts[place];
    return part !== undefined && part.firstRow + part.sigmas.length <= row;
  }
}
