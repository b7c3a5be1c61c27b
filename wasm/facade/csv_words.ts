import type { Kernel } from "./kernel.ts";

/** The distinct texts of a column, decoded once and remembered as long as the kernel remembers them. */
export class CsvWords {
  readonly #kernel: Kernel;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #words: string[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** The texts of a batch, from what `sp_csv_column` answered; in `texts`, when it has the length. */
  read(answer: Uint32Array, texts: string[] = []): string[] {
    const [pointer = 0, length = 0, endsPointer = 0, count = 0, textPointer = 0, bytes = 0] =
      answer;
    const known = answer[6] ?? 0;
    if (known === count) this.#words = [];
    const text = this.#decoder.decode(this.#kernel.u8({ pointer: textPointer, bytes }));
    let start = 0;
    for (const end of this.#kernel.u32({ pointer: endsPointer, bytes: count * 4 })) {
      this.#words.push(text.slice(start, end));
      start = end;
    }
    const numbers = this.#kernel.u32({ pointer, bytes: length * 4 });
    if (texts.length !== length) texts = new Array<string>(length);
    for (let row = 0; row < length; row++) texts[row] = this.#words[numbers[row] ?? 0] ?? "";
    return texts;
  }
}
