import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs a test with a folder of its own, which is deleted afterwards. */
export async function inTemporaryFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "session-process-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Copies a folder with contents that the copy may change. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, preserveTimestamps: true });
  await new Deno.Command("chmod", { args: ["-R", "u+w", to] }).output();
}

/** Contents of all files below a folder by their path; what `skip` names is left out. */
export async function snapshot(
  folder: string,
  skip: (path: string) => boolean = () => false,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (entry.isFile() && !skip(path)) found.set(path, await readFile(join(folder, path)));
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Fails unless two snapshots hold the same files, naming those that differ. */
export function assertSameFiles(
  found: ReadonlyMap<string, Uint8Array>,
  expected: ReadonlyMap<string, Uint8Array>,
): void {
  assert.deepEqual([...found.keys()], [...expected.keys()]);
  const different = [...expected.keys()]
    .filter((path) => Buffer.compare(found.get(path)!, expected.get(path)!) !== 0);
  assert.deepEqual(different, []);
}
