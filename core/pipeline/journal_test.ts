import assert from "node:assert/strict";
import { MemoryFolderSink } from "../simulate/mod.ts";
import { Journal, readState, writeState, writeText } from "./journal.ts";
import { fileNameOf, journalMemory, NO_MEMORY } from "./memory.ts";

Deno.test("a finished step is remembered, as long as its outputs are there", async () => {
  const output = new MemoryFolderSink();
  const first = await Journal.open(output, "key");
  await first.finish("export", [await writeText(output, "exports/a.csv", "time\n")]);
  const second = await Journal.open(output, "key");
  assert.equal(await second.isDone("export"), true);
  assert.equal(await second.isDone("other"), false);
  await writeText(output, "exports/a.csv", "longer than before\n");
  assert.equal(await second.isDone("export"), false);
  await output.remove("exports/a.csv");
  assert.equal(await second.isDone("export"), false);
});

Deno.test("another key starts anew", async () => {
  const output = new MemoryFolderSink();
  await (await Journal.open(output, "old")).finish("step", []);
  assert.equal(await (await Journal.open(output, "old")).isDone("step"), true);
  assert.equal(await (await Journal.open(output, "new")).isDone("step"), false);
});

Deno.test("a damaged journal or state is made again", async () => {
  const output = new MemoryFolderSink();
  await writeText(output, "processing/.work/journal.json", '{"key": "k", "steps": {"a"');
  assert.equal(await (await Journal.open(output, "k")).isDone("a"), false);
  await writeState(output, "state.json", { time: 5n });
  assert.deepEqual(await readState(output, "state.json"), { time: 5n });
  await writeText(output, "state.json", '{"$int": "no number"}');
  assert.equal(await readState(output, "state.json"), undefined);
});

Deno.test("results of steps are recalled without running them again", async () => {
  const output = new MemoryFolderSink();
  let runs = 0;
  const make = () => Promise.resolve({ run: ++runs, big: 2n ** 60n });
  for (let round = 0; round < 2; round++) {
    const memory = journalMemory(await Journal.open(output, "k"), output);
    assert.deepEqual(await memory.recall("scan a/b", make), { run: 1, big: 2n ** 60n });
  }
  assert.equal((await NO_MEMORY.recall("scan a/b", make)).run, 2);
});

Deno.test("file names are safe and differ where texts differ", () => {
  assert.equal(fileNameOf("phone_1.gsr-2"), "phone_1.gsr-2");
  assert.equal(fileNameOf("a/b"), "a%2fb");
  assert.match(fileNameOf("..") + fileNameOf("."), /^[^./]/);
  const [long, other] = ["é".repeat(300), `${"é".repeat(299)}x`].map(fileNameOf);
  assert.ok(long!.length <= 150);
  assert.notEqual(long, other);
});
