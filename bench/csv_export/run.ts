/**
 * Writes a table of times, floats, integers and text as CSV, with this toolkit and with pandas, and compares
 * time, size and memory. Both files are read back and compared bit by bit before anything is timed.
 *
 * `deno run -A bench/csv_export/run.ts [--rows 500000] [--runs 3]`
 *
 * Our time includes reading the columns from disk and flushing the file to it; the columns of pandas lie in
 * memory before its clock starts, and it flushes too. Each run is a process of its own.
 *
 * @module
 */
import { GridCsvExporter } from "../../core/exporters/mod.ts";
import { createFile, openFile } from "../../runtime/mod.ts";
import { findPython } from "../../tests/support/oracles.ts";
import { Kernel } from "../../wasm/mod.ts";
import { option, output, print } from "../support/process.ts";
import {
  type Answer,
  answerSince,
  compareWriters,
  runAgain,
  writeArguments,
} from "../support/writers.ts";

const BATCH = 16384;
const ORIGIN = 1_595_933_810_034_000_000n;
/** Full-precision floats, readings of four decimals, and labels of which there are few. */
const COLUMNS = ["full0", "full1", "short0", "short1", "short2", "short3", "label"] as const;

async function makeColumns(folder: string, rows: number): Promise<void> {
  const times = BigInt64Array.from({ length: rows }, (_, row) => ORIGIN + BigInt(row) * 7_812_500n);
  await Deno.writeFile(`${folder}/time_ns`, new Uint8Array(times.buffer));
  let state = 1;
  const next = () => state = Math.imul(state, 1664525) + 1013904223 | 0;
  for (const name of COLUMNS) {
    const isFull = name.startsWith("full");
    const values = Float64Array.from(
      { length: rows },
      () =>
        name === "label" ? (next() >>> 30) : isFull ? next() / 2147483647 : (next() >>> 12) / 10000,
    );
    await Deno.writeFile(`${folder}/${name}`, new Uint8Array(values.buffer));
  }
}

async function writeOurs(folder: string, rows: number): Promise<Answer> {
  const started = performance.now();
  const sources = await Promise.all(
    ["time_ns", ...COLUMNS].map((name) => openFile(`${folder}/${name}`)),
  );
  const columns = COLUMNS.map((
    name,
  ) => ({ name, kind: name === "label" ? "text" : "f64" } as const));
  const sink = await createFile(`${folder}/ours.csv`);
  const exporter = new GridCsvExporter(new Kernel(), sink, columns, { originNs: ORIGIN });
  for (let row = 0; row < rows; row += BATCH) {
    const buffers: ArrayBuffer[] = [];
    for (const source of sources) {
      buffers.push((await source.read(row * 8, BATCH * 8)).slice().buffer as ArrayBuffer);
    }
    const [times, ...values] = buffers;
    await exporter.write({
      times: new BigInt64Array(times!),
      columns: values.map((buffer, index) => {
        const floats = new Float64Array(buffer);
        return columns[index]!.kind === "text"
          ? Array.from(floats, (value) => `state, ${value}`)
          : floats;
      }),
    });
  }
  await exporter.finish();
  return answerSince(started);
}

const PYTHON = `
import json, os, resource, sys, time, numpy, pandas
folder, names = sys.argv[1], sys.argv[3].split(",")
ns = numpy.fromfile(folder + "/time_ns", dtype="i8")
table = pandas.DataFrame({"time_s": (ns - ${ORIGIN}) / 1e9, "time_ns": ns})
for name in names:
    values = numpy.fromfile(folder + "/" + name)
    table[name] = ["state, %d" % value for value in values] if name == "label" else values
if sys.argv[2] == "check":
    found = pandas.read_csv(sys.argv[4], float_precision="round_trip")
    same = list(found.columns) == list(table.columns) and len(found) == len(table)
    for name in table.columns:
        a, b = found[name].to_numpy(), table[name].to_numpy()
        same = same and a.dtype == b.dtype and (list(a) == list(b) if name == "label" else a.tobytes() == b.tobytes())
    print(json.dumps(bool(same)))
else:
    start = time.perf_counter()
    with open(folder + "/peer.csv", "w") as file:
        table.to_csv(file, index=False)
        file.flush()
        os.fsync(file.fileno())
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak}))
`;

function runPeer(python: string, folder: string, mode: string, ...rest: string[]): unknown {
  return JSON.parse(output([python, "-c", PYTHON, folder, mode, COLUMNS.join(","), ...rest]));
}

async function main(): Promise<void> {
  const python = findPython();
  if (python === undefined) return;
  const [rows, runs] = [option("rows", 500_000), option("runs", 3)];
  const folder = await Deno.makeTempDir();
  try {
    await makeColumns(folder, rows);
    print(
      `${COLUMNS.length + 2} columns x ${rows} rows, median of ${runs}, ` +
        `Deno ${Deno.version.deno}, ${navigator.hardwareConcurrency} cores`,
    );
    compareWriters({
      runs,
      folder,
      peer: "pandas",
      ending: "csv",
      runOurs: () => runAgain(import.meta.filename!, folder, "--rows", String(rows)),
      runPeer: () => runPeer(python, folder, "write") as Answer,
      holdsData: (path) => runPeer(python, folder, "check", path) === true,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const write = writeArguments();
if (write === undefined) await main();
else print(JSON.stringify(await writeOurs(write[0] ?? "", option("rows", 0))));
