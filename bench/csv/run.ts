/**
 * Speed of the table scanner against papaparse, pandas and polars on one 128 Hz, 20-column recording.
 *
 * `deno run -A bench/csv/run.ts [rows]` writes the recording to a temporary folder, compares all values among the
 * readers, and only then times each in a process of its own: file to typed values, best of several runs.
 * Set `POLARS_PYTHONPATH` to a folder that holds polars, or leave it out to skip that peer where it is missing.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { print } from "../support/process.ts";
import { COLUMNS, writeTable } from "./data.ts";
import type { PeerResult } from "./peer.ts";

const DEFAULT_ROWS = 128 * 3600;
const RUNS = 3;
const ROUNDS = 2;
/** Error of the default floats of pandas, which keep 17 digits with leading zeros and round several times. */
const TOLERANCE = 1e-12;
const FLOATS_PER_ROW = COLUMNS.length - 1;

interface Peer {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Rounds some floats to a neighbour of the nearest. */
  readonly inexact?: boolean;
}

const local = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const script = (name: string) => [Deno.execPath(), "run", "-A", "--no-check", local(name)];
const python = (library: string) => ["/usr/bin/python3", local("peer_python.py"), library];
const PYTHONPATH = Deno.env.get("POLARS_PYTHONPATH") ?? "";
const polars = [Deno.env.get("POLARS_PYTHON") ?? "python3", local("peer_python.py"), "polars"];

const PEERS: readonly Peer[] = [
  { name: "scanner", command: script("peer_scanner.ts") },
  { name: "papaparse", command: script("peer_papaparse.ts") },
  { name: "pandas", command: python("pandas"), inexact: true },
  { name: "pandas round_trip", command: python("pandas-exact") },
  { name: "polars", command: polars, env: { PYTHONPATH } },
  { name: "polars, 1 thread", command: polars, env: { PYTHONPATH, POLARS_MAX_THREADS: "1" } },
];

function run(peer: Peer, ...args: string[]): string | undefined {
  const [command = "", ...first] = peer.command;
  const options = { args: [...first, ...args], env: { ...peer.env } };
  const { success, stdout, stderr } = new Deno.Command(command, options).outputSync();
  if (success) return new TextDecoder().decode(stdout);
  const reason = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
  print(`${peer.name}: skipped, ${reason}`);
  return undefined;
}

/** Number of floats that differ; throws when anything else does. */
function countDifferences(actual: Uint8Array, expected: Uint8Array, rows: number): number {
  const floats = rows * FLOATS_PER_ROW;
  const texts = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(floats * 8));
  if (actual.length !== expected.length || texts(actual) !== texts(expected)) {
    throw new Error("Cannot compare readers: texts or lengths differ");
  }
  const left = new Float64Array(actual.buffer, 0, floats);
  const right = new Float64Array(expected.buffer, 0, floats);
  let differences = 0;
  for (let index = 0; index < floats; index++) {
    const [one = NaN, other = NaN] = [left[index], right[index]];
    if (Object.is(one, other)) continue;
    if (!(Math.abs(one - other) <= TOLERANCE * Math.max(1, Math.abs(other)))) {
      throw new Error(`Cannot compare readers: float ${index} is ${one} and ${other}`);
    }
    differences++;
  }
  return differences;
}

/** Leaves the peers that run here and agree with the first one. */
function checkValues(table: string, rows: number): Peer[] {
  let expected: Uint8Array | undefined;
  return PEERS.filter((peer) => {
    const output = `${table}.values`;
    if (run(peer, "dump", table, output) === undefined) return false;
    const actual = Deno.readFileSync(output);
    Deno.removeSync(output);
    expected ??= actual;
    const differences = countDifferences(actual, expected, rows);
    if (differences > 0 && !peer.inexact) {
      throw new Error(`Cannot time ${peer.name}: ${differences} floats differ`);
    }
    print(`${peer.name}: ${differences} of ${rows * FLOATS_PER_ROW} numbers differ`);
    return true;
  });
}

function measure(peers: readonly Peer[], table: string): Map<Peer, PeerResult> {
  const best = new Map<Peer, PeerResult>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const peer of peers) {
      const text = run(peer, "time", table, String(RUNS));
      if (text === undefined) continue;
      const { wallNs, cpuNs, peakBytes } = JSON.parse(text) as PeerResult;
      const before = best.get(peer) ?? { wallNs: Infinity, cpuNs: Infinity, peakBytes };
      best.set(peer, {
        wallNs: Math.min(before.wallNs, wallNs),
        cpuNs: Math.min(before.cpuNs, cpuNs),
        peakBytes: Math.max(before.peakBytes, peakBytes),
      });
    }
  }
  return best;
}

function report(results: Map<Peer, PeerResult>, rows: number, bytes: number): void {
  const [ours] = results.values();
  print(`\n${rows} rows, ${(bytes / 1e6).toFixed(1)} MB, best of ${ROUNDS * RUNS} runs`);
  print("reader               ns/row     MB/s  cpu ns/row  wall ratio  cpu ratio  peak MB");
  for (const [{ name }, { wallNs, cpuNs, peakBytes }] of results) {
    const cells = [
      (wallNs / rows).toFixed(0).padStart(6),
      ((bytes / wallNs) * 1e3).toFixed(1).padStart(8),
      (cpuNs / rows).toFixed(0).padStart(11),
      (wallNs / (ours?.wallNs ?? NaN)).toFixed(2).padStart(11),
      (cpuNs / (ours?.cpuNs ?? NaN)).toFixed(2).padStart(10),
      (peakBytes / 1e6).toFixed(0).padStart(8),
    ];
    print(`${name.padEnd(20)} ${cells.join(" ")}`);
  }
}

const folder = Deno.makeTempDirSync();
try {
  const rows = Number(Deno.args[0] ?? DEFAULT_ROWS);
  const table = `${folder}/table.csv`;
  const bytes = writeTable(table, rows);
  report(measure(checkValues(table, rows), table), rows, bytes);
} finally {
  Deno.removeSync(folder, { recursive: true });
}
