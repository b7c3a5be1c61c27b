import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFile } from "./mod.ts";

async function withFile(bytes: Uint8Array, use: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "session-process-"));
  try {
    await writeFile(join(folder, "x"), bytes);
    await use(join(folder, "x"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const BYTES = Uint8Array.from({ length: 1000 }, (_, index) => (index * 7) % 251);

Deno.test("reading in any order gives the bytes of the file, each valid until the next read", () =>
  withFile(BYTES, async (path) => {
    const source = await openFile(path);
    // From front to back, back again, across, beyond the end, and from front to back once more.
    const reads = [[0, 100], [100, 100], [200, 50], [0, 10], [10, 10], [20, 10], [500, 400], [
      900,
      400,
    ]];
    for (const [offset, length] of [...reads, [990, 5], [995, 5], [1000, 5], [0, 1000], ...reads]) {
      const expected = BYTES.subarray(offset, offset! + length!);
      assert.deepEqual(
        new Uint8Array(await source.read(offset!, length!)),
        new Uint8Array(expected),
      );
    }
    await source.close();
  }));

Deno.test("a source is closed while a part of it is being read ahead", () =>
  withFile(BYTES, async (path) => {
    const source = await openFile(path);
    await source.read(0, 10);
    await source.close();
    await assert.rejects(source.read(10, 10));
  }));

Deno.test("what is no file is refused", () =>
  withFile(BYTES, async (path) => {
    await assert.rejects(openFile(join(path, "..")), /Not a regular file/);
    await assert.rejects(openFile(`${path}-none`));
  }));
