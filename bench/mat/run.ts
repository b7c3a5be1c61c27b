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
// deno-lint-ignore-file no-console
import { readChunks } from "../../core/base/mod.ts";
import { type MatColumn, type MatStruct, writeMat } from "../../core/exporters/mod.ts";
import { createFile, openFile } from "../../runtime/mod.ts";
import { findPython } from "../../tests/support/oracles.ts";

const COLUMNS = 20;

function option(name: string, fallback: number): number {
  const index = Deno.args.indexOf(`--${name}`);
  return index < 0 ? fallback : Number(Deno.args[index + 1]);
}

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
  return { seconds: (performance.now() - started) / 1000, peak: peakMemory() };
}

/** Most memory that this process has held, in MiB; NaN where the system does not tell. */
function peakMemory(): number {
  try {
    const kilobytes = Deno.readTextFileSync("/proc/self/status").match(/VmHWM:\s+(\d+)/)?.[1];
    return Number(kilobytes) / 1024;
  } catch {
    return NaN;
  }
}

interface Answer {
  readonly seconds: number;
  /** Most memory of the process in MiB. */
  readonly peak: number;
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

/** Each writer runs in a process of its own and prints its answer as JSON. */
function runJson(command: string, args: readonly string[]): unknown {
  const { success, stdout, stderr } = new Deno.Command(command, { args: [...args] }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

function runOurs(folder: string, rows: number, mode: string): Answer {
  const self = import.meta.filename!;
  const args = ["run", "-A", "--no-check", self, "--write", folder, mode, "--rows", String(rows)];
  return runJson(Deno.execPath(), args) as Answer;
}

function runPeer(python: string, folder: string, mode: string, ...rest: string[]): unknown {
  return runJson(python, ["-c", PYTHON, folder, mode, String(COLUMNS), ...rest]);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function assertSame(python: string, folder: string, file: string): void {
  if (runPeer(python, folder, "check", `${folder}/${file}`) !== true) {
    throw new Error(`${file} does not hold the columns`);
  }
}

function summary(answers: readonly Answer[], path: string): string {
  const size = (Deno.statSync(path).size / 1e6).toFixed(1);
  const peak = Math.max(...answers.map((answer) => answer.peak)).toFixed(0);
  return `${
    median(answers.map(({ seconds }) => seconds)).toFixed(2)
  } s, ${size} MB, peak ${peak} MiB`;
}

function compare(python: string, folder: string, rows: number, runs: number, mode: string): void {
  runOurs(folder, rows, mode);
  runPeer(python, folder, mode);
  assertSame(python, folder, "ours.mat");
  assertSame(python, folder, "peer.mat");
  const ours: Answer[] = [];
  const theirs: Answer[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(runOurs(folder, rows, mode));
    theirs.push(runPeer(python, folder, mode) as Answer);
  }
  const seconds = (answers: readonly Answer[]) => median(answers.map((answer) => answer.seconds));
  console.log(`${mode}
  ours     ${summary(ours, `${folder}/ours.mat`)}
  savemat  ${summary(theirs, `${folder}/peer.mat`)}
  savemat / ours = ${(seconds(theirs) / seconds(ours)).toFixed(2)}`);
}

async function main(): Promise<void> {
  const python = findPython();
  if (python === undefined) return;
  const rows = option("rows", 2_000_000);
  const runs = option("runs", 3);
  const folder = await Deno.makeTempDir();
  try {
    for (let column = 0; column < COLUMNS; column++) {
      await makeColumn(`${folder}/c${column}`, column, rows);
    }
    console.log(
      `${COLUMNS} columns x ${rows} rows, median of ${runs}, Deno ${Deno.version.deno}, ` +
        `${navigator.hardwareConcurrency} cores`,
    );
    for (const mode of ["plain", "compressed"]) compare(python, folder, rows, runs, mode);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const write = Deno.args.indexOf("--write");
if (write < 0) {
  await main();
} else {
  const [folder = "", mode] = Deno.args.slice(write + 1);
  const answer = await writeOurs(folder, option("rows", 0), mode === "compressed");
  console.log(JSON.stringify(answer));
}
