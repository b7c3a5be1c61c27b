import assert from "node:assert/strict";
import { type FolderSink, IssueError } from "../base/mod.ts";
import { MemoryFolderSink } from "../simulate/mod.ts";
import { guardOutput } from "./output_guard.ts";

/** What a failure says: the code, the path and the reason. */
async function failure(work: Promise<unknown>): Promise<unknown[]> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof IssueError)) throw error;
    return [error.issue.code, error.issue.where.path, error.issue.params["reason"]];
  }
  return [];
}

Deno.test("a full disk is an issue that names the file, at whichever call it shows", async () => {
  const full = () => Promise.reject(new Error("no space left"));
  const output: FolderSink = {
    create: () =>
      Promise.resolve({
        position: 7,
        write: full,
        writeAt: full,
        commit: full,
        abort: () => Promise.resolve(),
      }),
    open: () => Promise.resolve(undefined),
    remove: full,
  };
  const guarded = guardOutput(output);
  const sink = await guarded.create("exports/a.csv");
  const expected = ["OUTPUT_FAILED", "exports/a.csv", "no space left"];
  assert.equal(sink.position, 7);
  assert.deepEqual(await failure(sink.write(new Uint8Array(1))), expected);
  assert.deepEqual(await failure(sink.writeAt(0, new Uint8Array(1))), expected);
  assert.deepEqual(await failure(sink.commit()), expected);
  assert.deepEqual(await failure(guarded.remove("exports/a.csv")), expected);
  assert.deepEqual(await failure(guardOutput({ ...output, create: full }).create("b")), [
    "OUTPUT_FAILED",
    "b",
    "no space left",
  ]);
});

Deno.test("what can be written is written unchanged", async () => {
  const memory = new MemoryFolderSink();
  const guarded = guardOutput(memory);
  const sink = await guarded.create("a");
  await sink.write(Uint8Array.of(1, 2, 3));
  await sink.writeAt(1, Uint8Array.of(9));
  await sink.commit();
  assert.deepEqual([...memory.files.get("a")!], [1, 9, 3]);
  await guarded.remove("a");
  assert.equal(memory.files.has("a"), false);
});
