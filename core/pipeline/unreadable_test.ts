import assert from "node:assert/strict";
import {
  type FolderSource,
  Kernel,
  memoryFolder,
  MemoryFolderSink,
  processSession,
} from "session-process";
import { sha256 } from "session-process/runtime";

const LOST = "phone_2_gsr_20250731_143022.csv";

function table(): string {
  const rows = Array.from({ length: 300 }, (_, index) => `${1_753_965_022_000 + 20 * index},2.5`);
  return ["timestamp_ms,GSR_uS", ...rows, ""].join("\n");
}

/** A folder with a file that nobody may read. */
function folderWithLoss(onRead: () => void): FolderSource {
  const folder = memoryFolder("pilot_20250731_143022", {
    "phone_1_gsr_20250731_143022.csv": table(),
    [LOST]: table(),
  });
  return {
    ...folder,
    open: (path) => {
      onRead();
      return path === LOST ? Promise.reject(new Error("permission denied")) : folder.open(path);
    },
  };
}

Deno.test("a recording that cannot be opened is said once and counts as loss", async () => {
  const outcome = await processSession({
    folder: folderWithLoss(() => {}),
    output: new MemoryFolderSink(),
    kernel: new Kernel(),
    sha256,
    version: "test",
  });
  const found = outcome.issues.filter(({ code }) => code === "FILE_UNREADABLE");
  assert.deepEqual(found.map(({ where }) => where.path), [LOST]);
  assert.equal(outcome.loss, true);
});

Deno.test("an output that cannot be written fails before recordings are read", async () => {
  const output = new MemoryFolderSink();
  output.create = () => Promise.reject(new Error("no space"));
  let reads = 0;
  await assert.rejects(
    processSession({
      folder: folderWithLoss(() => reads++),
      output,
      kernel: new Kernel(),
      sha256,
      version: "test",
    }),
    /no space/,
  );
  // The settings of the project are looked for, and nothing else.
  assert.ok(reads <= 1, `${reads} files were opened`);
});
