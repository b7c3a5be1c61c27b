import Papa from "papaparse";
import { createIssue } from "../../base/mod.ts";
import { decodeText, type JsonObject } from "../../session/mod.ts";
import type { LogFile, LogPart } from "./contents.ts";
import { pairOfEvent, readEvent, thinPairs } from "./event_fields.ts";

/** What is used of the CSV parser, which comes without types. */
interface TextParser {
  parse(text: string, options: { readonly header: false; readonly delimiter?: string }): {
    readonly data: readonly (readonly string[])[];
    readonly errors: readonly { readonly code: string; readonly row?: number }[];
  };
}

const PARSER: TextParser = Papa;

/** Reads a small table of events: `stimulus_events.csv` of phones, `session_events_<id>.csv` of the PC. */
export function readEventTable(file: LogFile): LogPart {
  const { data, errors } = PARSER.parse(decodeText(file.bytes).text, { header: false });
  const unclosed = errors.find(({ code }) => code === "MissingQuotes");
  if (unclosed !== undefined) {
    const line = (unclosed.row ?? 0) + 1;
    file.report(createIssue("CSV_QUOTE_UNCLOSED", {}, { path: file.path, line }));
  }
  const [header = [], ...rows] = data;
  const names = header.map((name) => name.trim());
  const events = rows.flatMap((cells, index) => {
    if (cells.every((cell) => cell.trim() === "")) return [];
    return [readEvent(rowObject(names, cells), { ...file, line: index + 2 })];
  });
  return { events, clockPairs: thinPairs(events.flatMap((event) => pairOfEvent(event) ?? [])) };
}

/** Cells beyond the header are kept under numbered names. */
function rowObject(names: readonly string[], cells: readonly string[]): JsonObject {
  return Object.fromEntries(
    cells.map((cell, index) => [names[index] || `column_${index + 1}`, cell.trim()])
      .filter(([, cell]) => cell !== ""),
  );
}
