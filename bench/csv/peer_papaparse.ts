/** Reads the table with papaparse, numbers converted. See `run.ts`. */
import Papa from "papaparse";
import { type Parsed, runPeer } from "./peer.ts";

type Cell = string | number | null;

interface PapaTable extends Parsed {
  readonly rows: readonly Cell[][];
}

function* parse(path: string): Generator<PapaTable> {
  const text = Deno.readTextFileSync(path);
  const { data } = Papa.parse<Cell[]>(text, { dynamicTyping: true, skipEmptyLines: true });
  const rows = data.slice(1);
  yield { length: rows.length, columns: [], rows };
}

runPeer(parse, (table, column, row) => table.rows[row]?.[column] ?? NaN);
