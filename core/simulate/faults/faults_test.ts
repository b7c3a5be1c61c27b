import assert from "node:assert/strict";
import { ISSUES, UsageError } from "../../base/mod.ts";
import { MemoryFolderSink } from "../memory_sink.ts";
import { simulateSession } from "../simulate.ts";
import { basePlan } from "./bases.ts";
import type { FaultBase } from "./fault.ts";
import { type FaultCode, FAULTS, faultySession, simulateFault, WITHOUT_FAULT } from "./mod.ts";

const CODES = Object.keys(FAULTS) as FaultCode[];

async function baseFiles(base: FaultBase): Promise<Map<string, Uint8Array>> {
  const sink = new MemoryFolderSink();
  await simulateSession(basePlan(base), sink);
  sink.files.delete("truth.json");
  return sink.files;
}

async function listing(folder: Awaited<ReturnType<typeof faultySession>>["folder"]) {
  const entries = [];
  for await (const { path, kind, size, unreadable } of folder.list()) {
    entries.push({ path, kind, size, unreadable });
  }
  return entries;
}

Deno.test("every issue code has a fault or a reason why it has none", () => {
  const covered = [...CODES, ...Object.keys(WITHOUT_FAULT)];
  assert.deepEqual(covered.toSorted(), Object.keys(ISSUES).toSorted());
});

for (const code of CODES) {
  Deno.test(`fault ${code} changes its base session and can be made again`, async () => {
    const [first, second] = [await faultySession(code), await faultySession(code)];
    assert.deepEqual(first.files, second.files);
    const base = await baseFiles(FAULTS[code].base);
    const unchanged = first.files.size === base.size &&
      [...base].every(([path, bytes]) => {
        const other = first.files.get(path);
        return other !== undefined && other.length === bytes.length &&
          other.every((byte, at) => byte === bytes[at]);
      });
    const listed = await listing(first.folder);
    const extra = listed.some(({ kind, unreadable }) => kind === "symlink" || unreadable);
    assert.ok(!unchanged || extra || first.name !== "session_20250731_143022", code);
    if (first.memoryOnly !== undefined) return;
    const sink = new MemoryFolderSink();
    assert.equal(await simulateFault(code, sink), first.name);
    assert.deepEqual(sink.files, first.files);
  });
}

Deno.test("sizes in the metadata stay right unless the fault is about them", async () => {
  const sizesOf = ({ files }: { files: Map<string, Uint8Array> }) => {
    const metadata = JSON.parse(new TextDecoder().decode(files.get("session_metadata.json")));
    const [listed] = metadata.files.phone_1;
    return [listed.file_size, files.get(listed.file_path)!.length];
  };
  const [stated, found] = sizesOf(await faultySession("CSV_ROW_SHORT"));
  assert.equal(stated, found);
  const [wrong, real] = sizesOf(await faultySession("FILE_SIZE_MISMATCH"));
  assert.notEqual(wrong, real);
});

Deno.test("codes that cannot be written are refused with the reason", async () => {
  const sink = new MemoryFolderSink();
  await assert.rejects(simulateFault("NO_SUCH_CODE", sink), UsageError);
  await assert.rejects(simulateFault("CHECK_FAILED", sink), /a check itself must be wrong/);
  await assert.rejects(simulateFault("FOLDER_SYMLINK", sink), /links cannot be stored/);
  assert.equal(sink.files.size, 0);
});
