import assert from "node:assert/strict";
import {
  bytesSource,
  type FolderSource,
  Kernel,
  memoryFolder,
  MemoryFolderSink,
  processSession,
} from "session-process";
import { sha256 } from "session-process/runtime";

const PATH = "phone_1_gsr_20250731_143022.csv";

function table(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => `${1_753_965_022_000 + row * 10},${row}`);
  return ["timestamp_ms,GSR_uS", ...lines, ""].join("\n");
}

/** A folder whose table has other contents from some opening on. */
function changing(openings: number, later: () => Promise<Uint8Array>): FolderSource {
  const folder = memoryFolder("pilot_20250731_143022", { [PATH]: table(200) });
  let opened = 0;
  return {
    name: folder.name,
    list: (options) => folder.list(options),
    async open(path) {
      if (path !== PATH || ++opened <= openings) return await folder.open(path);
      return bytesSource(await later());
    },
  };
}

async function process(folder: FolderSource) {
  const output = new MemoryFolderSink();
  const options = { folder, output, kernel: new Kernel(), sha256, version: "test" };
  const { issues, loss } = await processSession({ ...options, settings: { formats: ["csv"] } });
  const tables = [...output.files.keys()].filter((path) => path.endsWith(".csv"));
  return { codes: issues.map(({ code }) => code), loss, tables };
}

/** How often the table is opened before its samples are aligned. */
async function openingsBefore(): Promise<number> {
  let opened = 0;
  const folder = memoryFolder("pilot_20250731_143022", { [PATH]: table(200) });
  await process({
    ...folder,
    open(path) {
      if (path === PATH) opened++;
      return folder.open(path);
    },
  });
  return opened - 1;
}

Deno.test("a table that grows between the passes is left out, and told", async () => {
  const before = await openingsBefore();
  const grown = () => Promise.resolve(new TextEncoder().encode(table(300)));
  const { codes, loss, tables } = await process(changing(before, grown));
  assert.ok(codes.includes("FILE_CHANGED"));
  assert.equal(loss, true);
  assert.deepEqual(tables, []);
});

Deno.test("a table that goes away between the passes is left out, and told", async () => {
  const before = await openingsBefore();
  const gone = () => Promise.reject(new Error("No such file"));
  const { codes, loss, tables } = await process(changing(before, gone));
  assert.ok(codes.includes("STREAM_SKIPPED"));
  assert.equal(loss, true);
  assert.deepEqual(tables, []);
});
