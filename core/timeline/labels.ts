import { type ColumnData, type ColumnKind, MISSING_NS } from "../base/mod.ts";

/**
 * Stands numbers in for values that must not be calculated with: texts, 64-bit integers, flags.
 *
 * Numbers count up along the stream, one for each change of the value, so that old ones can be forgotten.
 */
export class Labels {
  readonly #kind: ColumnKind;
  readonly #values = new Map<number, string | bigint>();
  #next = 0;
  #last: string | bigint | undefined;

  constructor(kind: ColumnKind) {
    this.#kind = kind;
  }

  /** Numbers for the values of a batch; NaN where a value is missing. */
  encode(data: ColumnData, length: number): Float64Array {
    if (data instanceof Float64Array) return data;
    const numbers = new Float64Array(length);
    for (let index = 0; index < length; index++) numbers[index] = this.#number(data[index]!);
    return numbers;
  }

  #number(value: string | bigint | number): number {
    if (typeof value === "number") {
      return this.#kind === "bool" && value === 255 ? NaN : value;
    }
    if (value === "" || value === MISSING_NS) return NaN;
    if (value !== this.#last) {
      this.#last = value;
      this.#values.set(this.#next++, value);
    }
    return this.#next - 1;
  }

  /** The values that numbers stand for. */
  decode(numbers: Float64Array): ColumnData {
    switch (this.#kind) {
      case "f64":
        return numbers;
      case "bool":
        return Uint8Array.from(numbers, (number) => (Number.isNaN(number) ? 255 : number));
      case "i64":
        return BigInt64Array.from(
          numbers,
          (number) => (this.#values.get(number) ?? MISSING_NS) as bigint,
        );
      case "text":
        return Array.from(numbers, (number) => (this.#values.get(number) ?? "") as string);
    }
  }

  /** Forgets the values of numbers below one. The latest is kept. */
  forgetBelow(lowest: number): void {
    for (const number of this.#values.keys()) {
      if (number >= lowest || number >= this.#next - 1) return;
      this.#values.delete(number);
    }
  }
}
