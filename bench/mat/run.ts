/**
 * Writes a struct of 20 columns as a MAT-file, with this toolkit and with `scipy.io.savemat`, and compares
 * time, size and memory. Both results are read back and compared bit by bit before anything is timed.
 *
 * `deno run -A bench/mat/run.ts [--rows 2000000] [--runs 3]`
 *
 * Our time includes reading the columns from disk and flushing the file to it; SciPy's columns lie in memory
 * before its clock starts, and it flushes too. Each run is a process of its own.
 *
 * @module
 */
import { readChunks } from "../../core/base/mod.ts";
import { type MatColumn, type MatStruct, writeMat } from "../../core/exporters/mod.ts";
import { createFile, openFile } from "../../runtime/mod.ts";
import { findPython } from "../../tests/support/oracles.ts";
import { option, output, print } from "../support/process.ts";
import {
  type Answer,
  answerSince,
  compareWriters,
  runAgain,
  writeArguments,
} from "../support/writers.ts";

const COLUMNS = 20;

/** Half of the columns hold 12-bit readings times a factor, half full-precision noise. */
async function makeColumn(path: string, column: number, rows: number): Promise<void> {
  const values = new Float64Array(rows);
  let state = column + 1;
  let level = 2048;
  for (let row = 0; row < rows; row++) {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    level = Math.min(4095, Math.max(0, level + (state >> 29)));
    values[row] = column % 2 === 0 ? level * 0.0049 : state / 2147483648 + level;
  }
  await Deno.writeFile(path, new Uint8Array(values.buffer));
}

function fileColumn(path: string, rows: number): MatColumn {
  return {
    kind: "column",
    class: "double",
    length: rows,
    async *chunks() {
      const source = await openFile(path);
      yield* readChunks(source, { chunkSize: 1 << 21 });
      await source.close();
    },
  };
}

async function writeOurs(folder: string, rows: number, compressed: boolean): Promise<Answer> {
  const fields = Array.from(
    { length: COLUMNS },
    (_, column) => [`c${column}`, fileColumn(`${folder}/c${column}`, rows)] as const,
  );
  const stream: MatStruct = { kind: "struct", fields };
  const started = performance.now();
  const sink = await createFile(`${folder}/ours.mat`);
  await writeMat(sink, { stream }, { compressed });
  return answerSince(started);
}

const PYTHON = `
import json, os, resource, sys, time, numpy, scipy.io
folder, mode, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
columns = {"c%d" % k: numpy.fromfile("%s/c%d" % (folder, k)).reshape(-1, 1) for k in range(count)}
if mode == "check":
    found = scipy.io.loadmat(sys.argv[4])["stream"]
    same = all(numpy.array_equal(found[k][0, 0].view("u8"), columns[k].view("u8")) for k in columns)
    print(json.dumps(same and list(found.dtype.names) == list(columns)))
else:
    start = time.perf_counter()
    with open(folder + "/peer.mat", "wb") as file:
        scipy.io.savemat(file, {"stream": columns}, do_compression=mode == "compressed", oned_as="column")
        file.flush()
        os.fsync(file.fileno())
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak}))
`;

function runPeer(python: string, folder: string, mode: string, ...rest: string[]): unknown {
  return JSON.parse(output([python, "-c", PYTHON, folder, mode, String(COLUMNS), ...rest]));
}

async function main(): Promise<void> {
  const python = findPython();
  if (python === undefined) return;
  const [rows, runs] = [option("rows", 2_000_000), option("runs", 3)];
  const folder = await Deno.makeTempDir();
  try {
    for (let column = 0; column < COLUMNS; column++) {
      await makeColumn(`${folder}/c${column}`, column, rows);
    }
    print(
      `${COLUMNS} columns x ${rows} rows, median of ${runs}, Deno ${Deno.version.deno}, ` +
        `${navigator.hardwareConcurrency} cores`,
    );
    for (const mode of ["plain", "compressed"]) {
      print(mode);
      compareWriters({
        runs,
        folder,
        peer: "savemat",
        ending: "mat",
        runOurs: () => runAgain(import.meta.filename!, folder, mode, "--rows", String(rows)),
        runPeer: () => runPeer(python, folder, mode) as Answer,
        holdsData: (path) => runPeer(python, folder, "check", path) === true,
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const write = writeArguments();
if (write === undefined) {
  await main();
} else {
  const [folder = "", mode] = write;
  print(JSON.stringify(await writeOurs(folder, option("rows", 0), mode === "compressed")));
}
