/** Ways in which writers spell that there is no value. */
const MISSING_CELL_REGEXP = /^(?:|nan|na|n\/a|null|none)$/i;

const NUMBER_REGEXP = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const COMMA_NUMBER_REGEXP = /^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i;

/**
 * Splits one line of a table into its cells, without surrounding blanks and quotes.
 *
 * @param line A line without its line end.
 * @param separator One character.
 */
export function splitCells(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (char === '"') {
      if (quoted && line[at + 1] === '"') cell += line[++at];
      else quoted = !quoted;
    } else if (char === separator && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += char;
  }
  cells.push(cell.trim());
  return cells;
}

/** Whether a cell says that there is no value. */
export function isMissingCell(cell: string): boolean {
  return MISSING_CELL_REGEXP.test(cell);
}

/** Whether a cell is a decimal number. */
export function isNumberCell(cell: string, decimalComma: boolean = false): boolean {
  return NUMBER_REGEXP.test(cell) || (decimalComma && COMMA_NUMBER_REGEXP.test(cell)) ||
    /^[+-]?inf(?:inity)?$/i.test(cell);
}

/** Whether a cell is a number whose decimal sign is a comma. */
export function isCommaNumber(cell: string): boolean {
  return COMMA_NUMBER_REGEXP.test(cell);
}

/** Value of a cell; NaN when it is missing or no number. */
export function cellNumber(cell: string, decimalComma: boolean = false): number {
  const text = decimalComma ? cell.replace(",", ".") : cell;
  return NUMBER_REGEXP.test(text) ? Number(text) : NaN;
}

/** Digits behind the decimal point that carry information; negative never. `1.5E1` has none. */
export function fractionDigits(cell: string): number {
  const [mantissa = "", exponent = "0"] = cell.replace(",", ".").toLowerCase().split("e");
  const fraction = (mantissa.split(".")[1] ?? "").replace(/0+$/, "");
  return Math.max(0, fraction.length - Number(exponent));
}

/** Share of cells that must be of a kind for the others to count as damaged. */
const AGREEING_SHARE = 0.9;

/** The cells that pass a test when nearly all do; none otherwise. */
export function agreeing(cells: readonly string[], test: (cell: string) => boolean): string[] {
  const passed = cells.filter(test);
  return passed.length > 0 && passed.length >= cells.length * AGREEING_SHARE ? passed : [];
}

/** Middle value; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
