import assert from "node:assert/strict";
import { bytesSource, readAll, readChunks } from "./bytes.ts";
import { CancelledError } from "./errors.ts";
import { memoryFolder, stitchFolders } from "./folder.ts";

Deno.test("stitched folders show the first as it is and the others under their names", async () => {
  const folder = stitchFolders([
    memoryFolder("pc", { "a.json": "1" }),
    memoryFolder("phone", { "b/c.csv": "2" }),
    memoryFolder("phone", { "b/c.csv": "3" }),
  ]);
  const paths = (await Array.fromAsync(folder.list())).map(({ path, kind }) => `${kind} ${path}`);
  assert.deepEqual(paths, [
    "file a.json",
    "folder @phone/b",
    "file @phone/b/c.csv",
    "folder @phone~2/b",
    "file @phone~2/b/c.csv",
  ]);
  const text = async (path: string) =>
    new TextDecoder().decode(await readAll(await folder.open(path)));
  assert.deepEqual(
    [await text("a.json"), await text("@phone/b/c.csv"), await text("@phone~2/b/c.csv")],
    ["1", "2", "3"],
  );
  await assert.rejects(folder.open("b/c.csv"));
});

Deno.test("no folder cannot be stitched", () => {
  assert.throws(() => stitchFolders([]), RangeError);
});

Deno.test("chunks cover a source from an offset and stop when cancelled", async () => {
  const source = bytesSource(Uint8Array.from({ length: 10 }, (_, index) => index));
  const chunks = await Array.fromAsync(readChunks(source, { from: 3, chunkSize: 4 }));
  assert.deepEqual(chunks.map((chunk) => [...chunk]), [[3, 4, 5, 6], [7, 8, 9]]);
  assert.deepEqual([...await readAll(source, 2)], [0, 1]);
  const signal = AbortSignal.abort();
  await assert.rejects(Array.fromAsync(readChunks(source, { signal })), CancelledError);
});
