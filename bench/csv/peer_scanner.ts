/** Reads the table with this project's scanner. See `run.ts`. */
import { CsvScanner, Kernel } from "../../wasm/mod.ts";
import { COLUMNS, TEXT_COLUMN } from "./data.ts";
import { type Parsed, runPeer } from "./peer.ts";

const CHUNK_BYTES = 1 << 20;

function* parse(path: string): Generator<Parsed> {
  const columns = COLUMNS.map(([, type]) => type);
  const scanner = new CsvScanner(new Kernel(), { separator: ",", columns, firstLine: 2 });
  using file = Deno.openSync(path);
  const chunk = new Uint8Array(CHUNK_BYTES);
  let headerEnd = -1;
  for (let count = file.readSync(chunk); count !== null; count = file.readSync(chunk)) {
    headerEnd = headerEnd < 0 ? chunk.indexOf(10) + 1 : 0;
    for (const batch of scanner.push(chunk.subarray(headerEnd, count))) yield batch;
  }
  yield* scanner.end();
  scanner.dispose();
}

runPeer(parse, (batch, column, row) => {
  const value = batch.columns[column]?.[row];
  return column === TEXT_COLUMN ? String(value) : Number(value);
});
