import type { MatStruct } from "./values.ts";

/** Rows from which labels save enough to be worth a struct instead of a plain cell array. */
const LEAST_ROWS = 1000;
/** Columns with more different texts are no labels. */
const MOST_LABELS = 1024;

/**
 * Finds the different texts of a column that repeats a few, such as device ids.
 *
 * A cell takes some hundred bytes and much of MATLAB's time, a code takes four: such a column is exported as
 * `labels`, a cell array, and `codes`, int32 from 1, so that `labels(codes)` is the column and
 * `categorical(codes, 1:numel(labels), labels)` is what MATLAB makes of it.
 */
export class LabelCoder {
  readonly #codes = new Map<string, number>();
  #tooMany = false;

  /** Meets the texts of the next batch. */
  add(values: readonly string[]): void {
    if (this.#tooMany) return;
    let last: string | undefined;
    for (const value of values) {
      if (value === last) continue;
      last = value;
      if (!this.#codes.has(value)) this.#codes.set(value, this.#codes.size + 1);
    }
    this.#tooMany = this.#codes.size > MOST_LABELS;
    if (this.#tooMany) this.#codes.clear();
  }

  /** Whether the texts of a column with so many rows repeat often enough. */
  isWorthwhile(rows: number): boolean {
    return !this.#tooMany && rows >= LEAST_ROWS && this.#codes.size * 4 <= rows;
  }

  /** The struct of labels and streamed codes. */
  struct(length: number, chunks: () => AsyncIterable<readonly string[]>): MatStruct {
    const known = this.#codes;
    const codes = async function* (): AsyncGenerator<Int32Array> {
      for await (const values of chunks()) {
        yield codesOf(values, known);
      }
    };
    return {
      kind: "struct",
      fields: [
        ["labels", [...known.keys()]],
        ["codes", { kind: "column", class: "int32", length, chunks: codes }],
      ],
    };
  }
}

function codesOf(values: readonly string[], known: ReadonlyMap<string, number>): Int32Array {
  const codes = new Int32Array(values.length);
  let [last, code] = ["", known.get("") ?? 0];
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value !== last) [last, code] = [value, known.get(value) ?? 0];
    codes[row] = code;
  }
  return codes;
}
