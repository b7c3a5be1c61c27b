import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { CancelledError, type FolderSource, type Issue, memoryFolder } from "../base/mod.ts";
import { discoverSession } from "../session/mod.ts";
import { sha256 } from "../../runtime/mod.ts";
import { hashInputs, hashTwins } from "./inputs.ts";

const FILES = {
  "phone_1_gsr_20250731_143022.csv": "abc",
  "phone_2_gsr_20250731_143022.csv": "abd",
  "phone_3_gsr_20250731_143022.csv": "abcd",
  "phone_4_gsr_20250731_143022.csv": "",
  "pilot_20250731_143022_log.json": "{}",
  "exports/csv/phone_1.gsr.csv": "abc",
};

async function optionsOf(folder: FolderSource, signal?: AbortSignal) {
  const issues: Issue[] = [];
  const session = await discoverSession(memoryFolder("pilot_20250731_143022", FILES));
  const report = (issue: Issue) => void issues.push(issue);
  return { folder, session, sha256, report, issues, signal };
}

function nodeHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

Deno.test("every recording is hashed, and no result", async () => {
  const folder = memoryFolder("pilot_20250731_143022", FILES);
  const records = await hashInputs(await optionsOf(folder));
  const expected = Object.entries(FILES).slice(0, 5).map(([path, text]) => ({
    path,
    size: text.length,
    hashed: "whole",
    sha256: nodeHash(text),
  }));
  assert.deepEqual(records, expected);
});

Deno.test("only recordings of equal size can be twins", async () => {
  const folder = memoryFolder("pilot_20250731_143022", FILES);
  const records = await hashTwins(await optionsOf(folder));
  assert.deepEqual(records.map(({ path, sha256 }) => [path, sha256]), [
    ["phone_1_gsr_20250731_143022.csv", nodeHash("abc")],
    ["phone_2_gsr_20250731_143022.csv", nodeHash("abd")],
  ]);
});

Deno.test("a file too large to be read for its hash is hashed by its ends, and closed", async () => {
  const size = (256 << 20) + 1;
  const reads: (readonly [number, number])[] = [];
  let closed = 0;
  const source = {
    size,
    read(offset: number, length: number) {
      reads.push([offset, length]);
      return Promise.resolve(new Uint8Array(length).fill(offset === 0 ? 1 : 2));
    },
    close: () => Promise.resolve(void closed++),
  };
  const folder = memoryFolder("x", {});
  const options = await optionsOf({ ...folder, open: () => Promise.resolve(source) });
  const [first] = await hashInputs(options);
  const ends = new Uint8Array(2 << 20).fill(1, 0, 1 << 20).fill(2, 1 << 20);
  assert.deepEqual(reads.slice(0, 2), [[0, 1 << 20], [size - (1 << 20), 1 << 20]]);
  assert.equal(first?.hashed, "ends");
  assert.equal(first?.sha256, createHash("sha256").update(ends).digest("hex"));
  assert.equal(closed, 5);
});

Deno.test("a file that cannot be read is left out, and reported unless its reader does so", async () => {
  const folder = memoryFolder("pilot_20250731_143022", FILES);
  const options = await optionsOf({
    ...folder,
    open: (path) =>
      /^phone_2|log/.test(path) ? Promise.reject(new Error("bad sector")) : folder.open(path),
  });
  assert.equal((await hashInputs(options)).length, 3);
  assert.deepEqual(options.issues.map(({ code, where, params }) => [code, where.path, params]), [
    ["FILE_UNREADABLE", "pilot_20250731_143022_log.json", { reason: "bad sector" }],
  ]);
});

Deno.test("hashing can be cancelled", async () => {
  const folder = memoryFolder("pilot_20250731_143022", FILES);
  const cancelled = await optionsOf(folder, AbortSignal.abort());
  await assert.rejects(hashInputs(cancelled), CancelledError);
});
