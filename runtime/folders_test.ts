import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFolder, openOutput, sha256 } from "./mod.ts";

async function inTemporaryFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "session-process-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

Deno.test("a folder lists files and links in order and follows no link", () =>
  inTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "b"));
    await writeFile(join(folder, "b", "x.csv"), "abc");
    await symlink("..", join(folder, "b", "loop"));
    await writeFile(join(folder, "a.json"), "{}");
    const entries = [];
    for await (const entry of openFolder(folder).list()) entries.push(entry);
    assert.deepEqual(entries.map(({ path, kind, size }) => [path, kind, size]), [
      ["a.json", "file", 2],
      ["b", "folder", 0],
      ["b/loop", "symlink", 0],
      ["b/x.csv", "file", 3],
    ]);
    assert.equal(entries[2]?.target, "..");
  }));

Deno.test("a file is read at any offset", () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "x"), "0123456789");
    const source = await openFolder(folder).open("x");
    assert.equal(source.size, 10);
    assert.equal(new TextDecoder().decode(await source.read(7, 9)), "789");
    assert.equal(new TextDecoder().decode(await source.read(2, 3)), "234");
    await source.close();
    await assert.rejects(openFolder(folder).open("../x"), RangeError);
  }));

Deno.test("an output appears whole, replaces the older one and can be patched", () =>
  inTemporaryFolder(async (folder) => {
    const output = openOutput(folder);
    const sink = await output.create("exports/csv/x");
    await sink.write(new TextEncoder().encode("hello"));
    await sink.write(new Uint8Array(3 << 20).fill(65));
    await sink.writeAt(1, new TextEncoder().encode("E"));
    assert.equal(sink.position, 5 + (3 << 20));
    assert.deepEqual(await readdir(join(folder, "exports", "csv")), ["x.partial"]);
    await sink.commit();
    assert.deepEqual(await readdir(join(folder, "exports", "csv")), ["x"]);
    const text = await readFile(join(folder, "exports", "csv", "x"), "utf8");
    assert.equal(text.slice(0, 6), "hElloA");
    const again = await output.create("exports/csv/x");
    await again.write(new Uint8Array(2));
    await again.abort();
    assert.equal((await readFile(join(folder, "exports", "csv", "x"))).length, text.length);
  }));

Deno.test("an output folder that links elsewhere is refused", () =>
  inTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "outside"));
    await mkdir(join(folder, "session"));
    await symlink(join(folder, "outside"), join(folder, "session", "exports"));
    await assert.rejects(openOutput(join(folder, "session")).create("exports/x"), /not a folder/);
    assert.deepEqual(await readdir(join(folder, "outside")), []);
  }));

Deno.test("an output path cannot leave its folder", () =>
  inTemporaryFolder(async (folder) => {
    for (const path of ["../x", "a/../../x", "/x", "a//b", "a\\b", ""]) {
      await assert.rejects(openOutput(folder).create(path), RangeError);
    }
  }));

Deno.test("the hash is SHA-256", () => {
  const hash = sha256();
  hash.update(new TextEncoder().encode("abc"));
  // FIPS 180-4, example of a one-block message.
  assert.equal(hash.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

Deno.test("nothing is deleted through a link", () =>
  inTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "elsewhere"));
    await writeFile(join(folder, "elsewhere", "x"), "abc");
    await mkdir(join(folder, "out"));
    await symlink("../elsewhere", join(folder, "out", "exports"));
    await writeFile(join(folder, "out", "y"), "abc");
    const output = openOutput(join(folder, "out"));
    await output.remove("exports/x");
    await output.remove("y");
    assert.deepEqual(await readdir(join(folder, "elsewhere")), ["x"]);
    assert.deepEqual(await readdir(join(folder, "out")), ["exports"]);
  }));

Deno.test("a folder that is left empty goes with the last file in it", () =>
  inTemporaryFolder(async (folder) => {
    const output = openOutput(join(folder, "out"));
    for (const path of ["a/kept", "a/b/c/x", "a/b/c/y", "z"]) {
      await (await output.create(path)).commit();
    }
    await output.remove("a/b/c/x");
    assert.deepEqual(await readdir(join(folder, "out", "a", "b", "c")), ["y"]);
    await output.remove("a/b/c/y");
    assert.deepEqual(await readdir(join(folder, "out", "a")), ["kept"]);
    await output.remove("a/kept");
    await output.remove("z");
    assert.deepEqual(await readdir(join(folder, "out")), []);
  }));

Deno.test("a large output holds every byte in order, however it was cut into pieces", () =>
  inTemporaryFolder(async (folder) => {
    const output = openOutput(folder);
    const sink = await output.create("x");
    const expected = sha256();
    const sizes = [5, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 300_000, 7 << 20];
    for (let round = 0; round < 24; round++) {
      const piece = new Uint8Array(sizes[round % sizes.length]!).fill(round + 1);
      expected.update(piece);
      await sink.write(piece);
    }
    const size = sink.position;
    await sink.commit();
    const bytes = await readFile(join(folder, "x"));
    const found = sha256();
    found.update(bytes);
    assert.equal(bytes.length, size);
    assert.equal(found.hex(), expected.hex());
  }));
