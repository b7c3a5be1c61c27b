import process from "node:process";
import { peakMemory } from "../support/process.ts";
import { COLUMNS, TEXT_COLUMN } from "./data.ts";

/** Some rows as a reader delivers them. */
export interface Parsed {
  readonly length: number;
  readonly columns: readonly (ArrayLike<number | bigint | string> | undefined)[];
}

/** What a peer says about its runs, as one line of JSON. */
export interface PeerResult {
  /** Fastest run. */
  readonly wallNs: number;
  /** Processor time of all threads in the run that needed least. */
  readonly cpuNs: number;
  readonly peakBytes: number;
}

/**
 * Runs a reader as its own process: `dump TABLE OUTPUT` writes all values column by column as float64 and the
 * texts behind them; `time TABLE RUNS` reads repeatedly and prints a {@linkcode PeerResult}.
 */
export function runPeer<Batch extends Parsed>(
  parse: (path: string) => Iterable<Batch>,
  value: (batch: Batch, column: number, row: number) => number | string,
): void {
  const [mode, path = "", last = ""] = Deno.args;
  if (mode === "dump") dump(parse(path), value, last);
  else Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(time(parse, path, +last))));
}

function time(parse: (path: string) => Iterable<Parsed>, path: string, runs: number): PeerResult {
  let [wallNs, cpuNs] = [Infinity, Infinity];
  for (let run = 0; run < runs; run++) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    for (const _ of parse(path));
    wallNs = Math.min(wallNs, (performance.now() - start) * 1e6);
    const { user, system } = process.cpuUsage(cpu);
    cpuNs = Math.min(cpuNs, (user + system) * 1e3);
  }
  return { wallNs, cpuNs, peakBytes: peakMemory() };
}

function dump<Batch extends Parsed>(
  batches: Iterable<Batch>,
  value: (batch: Batch, column: number, row: number) => number | string,
  output: string,
): void {
  const numbers: number[][] = COLUMNS.map(() => []);
  const texts: string[] = [];
  for (const batch of batches) {
    for (let row = 0; row < batch.length; row++) {
      for (let column = 0; column < COLUMNS.length; column++) {
        const found = value(batch, column, row);
        if (column === TEXT_COLUMN) texts.push(String(found));
        else numbers[column]?.push(Number(found));
      }
    }
  }
  using file = Deno.openSync(output, { write: true, create: true, truncate: true });
  for (const column of numbers) writeAll(file, new Uint8Array(Float64Array.from(column).buffer));
  writeAll(file, new TextEncoder().encode(texts.join("\n")));
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
