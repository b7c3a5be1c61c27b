/** Helpers of the scanner's tests: random numbers, random tables and an independent reader of them. */

/** Seeded random numbers (Mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A number of 32 random bits. */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** An integer from 0 to below a limit. */
  below(limit: number): number {
    return Math.floor((this.bits() / 2 ** 32) * limit);
  }

  digits(count: number): string {
    let text = "";
    while (text.length < count) text += String(this.bits()).padStart(10, "0");
    return text.slice(0, count);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}

/** A row as the reference reader finds it. */
export interface ReferenceRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** Ends at the end of the text, without a line end. */
  readonly open: boolean;
}

/** What the reference reader makes of a text. */
export interface ReferenceTable {
  readonly rows: readonly ReferenceRow[];
  /** The text ends within quotes; the rows before them are listed. */
  readonly unclosed: boolean;
}

/** Reads a table character by character, after RFC 4180. Blank lines are left out. */
export function readReference(text: string, separator: string): ReferenceTable {
  const rows: ReferenceRow[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const row = { line, cells: [] as string[], open: false };
    let quotedRow = false;
    for (let ended = false; !ended;) {
      const cell = readCell(text, at, separator);
      if (cell === undefined) return { rows, unclosed: true };
      row.cells.push(cell.text);
      quotedRow ||= cell.quoted;
      line += cell.lines;
      at = cell.end;
      row.open = at >= text.length;
      ended = text[at] !== separator;
      at += text.startsWith("\r\n", at) ? 2 : 1;
    }
    line += row.open ? 0 : 1;
    const blank = row.cells.length === 1 && !quotedRow && /^[ \t]*$/.test(row.cells[0] ?? "");
    if (!blank) rows.push(row);
  }
  return { rows, unclosed: false };
}

interface ReferenceCell {
  text: string;
  quoted: boolean;
  end: number;
  /** Line ends within. */
  lines: number;
}

function readCell(text: string, start: number, separator: string): ReferenceCell | undefined {
  const cell = { text: "", quoted: text[start] === '"', end: start, lines: 0 };
  if (cell.quoted) {
    cell.end++;
    for (;;) {
      if (cell.end >= text.length) return undefined;
      if (text[cell.end] !== '"') {
        cell.text += text[cell.end++];
      } else if (text[cell.end + 1] === '"') {
        cell.text += '"';
        cell.end += 2;
      } else {
        break;
      }
    }
    cell.end++;
    cell.lines = cell.text.split(/\r\n|\r|\n/).length - 1;
  }
  while (cell.end < text.length && ![separator, "\n", "\r"].includes(text[cell.end] ?? "")) {
    cell.text += text[cell.end++];
  }
  return cell;
}
