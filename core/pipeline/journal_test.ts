import assert from "node:assert/strict";
import { MemoryFolderSink } from "../simulate/mod.ts";
import { Journal, readState, writeState, writeText } from "./journal.ts";
import { fileNameOf, journalMemory, NO_MEMORY } from "./memory.ts";

const KEY = { inputs: "recordings", clocks: "defaults", exports: "all" };

Deno.test("a finished step is remembered, as long as its outputs are there", async () => {
  const output = new MemoryFolderSink();
  const first = await Journal.open(output, KEY);
  await first.finish("export", [await writeText(output, "exports/a.csv", "time\n")]);
  const second = await Journal.open(output, KEY);
  assert.equal(await second.isDone("export"), true);
  assert.equal(await second.isDone("other"), false);
  await writeText(output, "exports/a.csv", "longer than before\n");
  assert.equal(await second.isDone("export"), false);
  await output.remove("exports/a.csv");
  assert.equal(await second.isDone("export"), false);
});

Deno.test("another key starts anew", async () => {
  const output = new MemoryFolderSink();
  await (await Journal.open(output, KEY)).finish("scan a", []);
  assert.equal(await (await Journal.open(output, KEY)).isDone("scan a"), true);
  const other = { ...KEY, inputs: "other" };
  assert.equal(await (await Journal.open(output, other)).isDone("scan a"), false);
});

const READING = [
  "inputs",
  "scan phone_1/gsr gsr.csv",
  "motion a/motion b/motion",
  "sound a.wav b.wav ",
  "flashes a/video a.mp4 ",
];

Deno.test("other settings keep what was read, and tell what is stale", async () => {
  const output = new MemoryFolderSink();
  const first = await Journal.open(output, KEY);
  for (const step of READING) await first.finish(step, []);
  await first.finish("csv", [await writeText(output, "exports/a.csv", "time\n")]);
  await first.finish("mat", [await writeText(output, "exports/a.mat", "MATLAB")]);
  const second = await Journal.open(output, { ...KEY, clocks: "other" });
  for (const step of READING) {
    assert.equal(await second.isDone(step), true, step);
  }
  assert.equal(await second.isDone("csv"), false);
  assert.deepEqual(await second.staleResults(), ["exports/a.csv", "exports/a.mat"]);
  await second.finish("csv", [await writeText(output, "exports/a.csv", "new\n")]);
  await second.removeStale();
  assert.deepEqual(await second.staleResults(), []);
  const left = [...output.files.keys()].filter((path) => path.startsWith("exports/"));
  assert.deepEqual(left, ["exports/a.csv"]);
});

Deno.test("what is known of an alignment holds whatever is exported of it", async () => {
  const output = new MemoryFolderSink();
  const { exports: _exports, ...alone } = KEY;
  const steps = ["alignment", "plots", "jumps phone/motion motion.csv"];
  const first = await Journal.open(output, alone);
  for (const step of steps) {
    await first.finish(step, [await writeText(output, `processing/${step}`, "")]);
  }
  const held = async (key: typeof KEY) => {
    const journal = await Journal.open(output, key);
    await journal.save();
    return await Promise.all(steps.map((step) => journal.isDone(step)));
  };
  assert.deepEqual(await held(KEY), [true, true, true]);
  assert.deepEqual(await held({ ...KEY, exports: "other" }), [true, true, true]);
  assert.deepEqual(await held({ ...KEY, clocks: "other" }), [false, false, false]);
});

Deno.test("a run that exports nothing leaves the exports alone", async () => {
  const output = new MemoryFolderSink();
  await (await Journal.open(output, KEY)).finish("csv", []);
  const { exports: _exports, ...alone } = KEY;
  const second = await Journal.open(output, alone);
  await second.finish("alignment", []);
  const third = await Journal.open(output, KEY);
  assert.equal(await third.isDone("csv"), true);
  assert.equal(await third.isDone("alignment"), true);
});

Deno.test("a damaged journal or state is made again", async () => {
  const output = new MemoryFolderSink();
  await writeText(output, "processing/.work/journal.json", '{"key": "k", "steps": {"a"');
  assert.equal(await (await Journal.open(output, KEY)).isDone("a"), false);
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
    const memory = journalMemory(await Journal.open(output, KEY), output);
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
