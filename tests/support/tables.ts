/**
 * Reads simple delimiter-separated text by splitting: no quotes, no surprises. An oracle for real tables that
 * have none.
 */
export function splitTable(text: string, separator: string): string[][] {
  return text.split(/\r?\n/).filter((line) => line !== "").map((line) => line.split(separator));
}

/** Reads CSV with quotes (RFC 4180) character by character. Slow and independent of the reader under test. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[index + 1] === '"') cell += text[++index];
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "," || character === "\n") {
      row.push(cell);
      cell = "";
      if (character === "\n") rows.push(row.splice(0));
    } else cell += character;
  }
  return rows;
}
