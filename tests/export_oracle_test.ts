import assert from "node:assert/strict";
import { join } from "node:path";
import { defaultPlan, sessionIdOf, simulateSession } from "session-process";
import { openOutput } from "session-process/runtime";
import { runCli } from "./support/cli.ts";
import { inTemporaryFolder } from "./support/folders.ts";
import { hex } from "./support/hex.ts";
import { findMatStream, type MatArray, matTexts, matTree } from "./support/mat_tree.ts";
import {
  findOctave,
  findPython,
  readMatWithOctave,
  readMatWithSciPy,
  runPython,
} from "./support/oracles.ts";
import { parseCsv } from "./support/tables.ts";

const PLAN = defaultPlan({ seed: 5, durationSeconds: 9, sensors: 1, video: true, thermal: true });
const SENSOR_TABLE = "devices/shimmer_1/sensor_data/shimmer_1_gsr_20250731_143022.csv";
/** More rows than a MAT-file holds as plain cells, with texts that are easily lost. */
const LABELS = ["rest", 'say ""high""', "a, b", "Größe 🙂", "NA", "", "null", " padded "];
/** Floats at the ends of what a double holds. */
const FLOATS = ["0.1", "-0.0", "5e-324", "", "1.7976931348623157e308", "9007199254740993", "1e-7"];

/** Adds a column of labels and one of extreme floats to a recorded table. */
async function addColumns(path: string): Promise<number> {
  const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
  const rows = lines.slice(1).map((line, row) => {
    const label = LABELS[Math.floor(row / 50) % LABELS.length]!;
    return `${line},"${label}",${FLOATS[row % FLOATS.length]}`;
  });
  await Deno.writeTextFile(path, `${lines[0]},condition,extreme\n${rows.join("\n")}\n`);
  return rows.length;
}

const STREAM_ID_REGEXP = /^session\(1\)\.devices\(1\)\.\w+\(1\)\.\w+\(1\)\.id\|char/;

interface Described {
  readonly stream: string;
  readonly columns: readonly { readonly name: string; readonly description: string }[];
}

/** A table of the exports with what its JSON file says. */
interface Table {
  readonly file: string;
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly described: Described;
}

async function readTables(folder: string): Promise<Table[]> {
  const tables: Table[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".csv")) continue;
    const file = join(folder, name);
    const [names, ...rows] = parseCsv(await Deno.readTextFile(file));
    const json = await Deno.readTextFile(file.replace(/csv$/, "json"));
    tables.push({ file, names: names!, rows, described: JSON.parse(json) as Described });
  }
  return tables;
}

function floats(cells: readonly string[]): Float64Array {
  return Float64Array.from(cells, (cell) => cell === "" ? NaN : Number(cell));
}

function integers(cells: readonly string[]): BigInt64Array {
  return BigInt64Array.from(cells, (cell) => cell === "" ? -(2n ** 63n) : BigInt(cell));
}

/** Kind of a column as its description states it. */
function kindOf({ described }: Table, index: number): string {
  const { name = "", description = "" } = described.columns[index] ?? {};
  if (/_ns$/.test(name) && index < 4) return "i64";
  return description.match(/\((f64|i64|bool|text)\)/)?.[1] ?? "f64";
}

function assertColumn(
  tree: ReadonlyMap<string, MatArray>,
  path: string,
  kind: string,
  cells: readonly string[],
): void {
  if (kind === "text") return assert.deepEqual(matTexts(tree, path), cells, path);
  const wanted = kind === "i64"
    ? { class: "int64", hex: hex(integers(cells)) }
    : { class: "double", hex: hex(floats(cells)) };
  assert.deepEqual(tree.get(path), wanted, path);
}

/** Compares a table with its stream in a MAT-file; returns the number of compared columns. */
function compareWithMat(table: Table, tree: ReadonlyMap<string, MatArray>): number {
  const { path, columns } = findMatStream(tree, table.described.stream);
  const parts = ["time", "time_ns", "sigma", "device_ns"].map((part) => `${path}.${part}`);
  const places = [...parts, ...columns];
  assert.equal(places.length, table.names.length, table.file);
  for (const [index, place] of places.entries()) {
    const cells = table.rows.map((row) => row[index]!);
    assertColumn(tree, place, kindOf(table, index), cells);
  }
  return places.length;
}

const READ_CSV = `
import json, sys, pandas
for line in sys.argv[1:]:
    file, names, texts = json.loads(line)
    frame = pandas.read_csv(file, float_precision="round_trip", keep_default_na=False,
        na_values={name: [""] for name in names if name not in texts},
        dtype={name: str for name in texts})
    for name in frame.columns:
        column = frame[name]
        if name in texts:
            print("text|" + "|".join(value.encode().hex() for value in column))
        else:
            print(column.dtype.name + "|" + column.to_numpy().tobytes().hex())
`;

/** Columns that have to be read as text: text, and integers of which some are missing. */
function textColumns(table: Table): string[] {
  return table.names.filter((_, index) => {
    const kind = kindOf(table, index);
    return kind === "text" || (kind === "i64" && table.rows.some((row) => row[index] === ""));
  });
}

/** Reads tables with pandas; one line `type|values` for each column of each. */
function readWithPandas(python: string, tables: readonly Table[]): string[] {
  const requests = tables.map((table) =>
    JSON.stringify([table.file, table.names, textColumns(table)])
  );
  return runPython(python, READ_CSV, requests);
}

function assertPandasColumn(line: string, table: Table, index: number): void {
  const where = `${table.file}: ${table.names[index]}`;
  const [type = "", ...values] = line.split("|");
  const cells = table.rows.map((row) => row[index]!);
  if (type === "text") {
    assert.deepEqual(values, cells.map((cell) => hex(cell)), where);
  } else if (type === "int64") {
    assert.equal(values[0], hex(integers(cells)), where);
  } else {
    assert.equal(type, "float64", where);
    assert.notEqual(kindOf(table, index), "i64", where);
    assert.equal(values[0], hex(floats(cells)), where);
  }
}

Deno.test("Octave, SciPy and pandas read every exported number to the last bit", async (test) => {
  const [octave, python] = [findOctave(), findPython()];
  if (octave === undefined || python === undefined) return;
  await inTemporaryFolder(async (root) => {
    const folder = join(root, sessionIdOf(PLAN));
    await simulateSession(PLAN, openOutput(folder));
    assert.ok(await addColumns(join(folder, SENSOR_TABLE)) > 1000);
    const { code, stderr } = await runCli(["process", folder]);
    // The recorder's metadata tell another size of the table that has got more columns.
    assert.equal(code, 4, stderr);
    const tables = await readTables(join(folder, "exports", "csv"));
    const streams = tables.filter(({ file }) => !file.endsWith("combined.csv"));
    assert.equal(tables.length, streams.length + 1);
    const mat = `exports/matlab/${sessionIdOf(PLAN)}.mat`;
    const lines = readMatWithOctave(octave, join(folder, mat));

    await test.step("Octave and SciPy agree on the MAT-file", () => {
      assert.deepEqual(readMatWithSciPy(python, join(folder, mat)), lines);
    });
    await test.step("the MAT-file holds what the tables hold", () => {
      const tree = matTree(lines);
      const compared = streams.map((table) => compareWithMat(table, tree));
      const ids = lines.filter((line) => STREAM_ID_REGEXP.test(line));
      assert.equal(ids.length, streams.length);
      assert.ok(compared.every((columns) => columns > 4));
      const labels = "session(1).devices(1).shimmer_1(1).gsr(1).values(1).condition(1).labels";
      assert.equal(tree.get(labels)?.class, "cell");
      assert.ok(lines.some((line) => /values\(1\)\.extreme\|double\|/.test(line)));
    });
    await test.step("pandas reads what the tables hold", () => {
      const found = readWithPandas(python, tables);
      const columns = tables.flatMap((table) => table.names.map((_, index) => ({ table, index })));
      assert.equal(found.length, columns.length);
      for (const [at, { table, index }] of columns.entries()) {
        assertPandasColumn(found[at]!, table, index);
      }
    });
    await test.step("a compressed MAT-file holds the same", async () => {
      const out = join(root, "compressed");
      const done = await runCli([
        "process",
        folder,
        "--out",
        out,
        "--compress",
        "--formats",
        "mat",
      ]);
      assert.equal(done.code, code, done.stderr);
      const [plain, compressed] = await Promise.all(
        [join(folder, mat), join(out, mat)].map(Deno.stat),
      );
      assert.ok(compressed!.size < plain!.size / 2);
      assert.deepEqual(readMatWithOctave(octave, join(out, mat)), lines);
      assert.deepEqual(readMatWithSciPy(python, join(out, mat)), lines);
    });
  });
});
