import assert from "node:assert/strict";
import { testWithRecording } from "../../../tests/support/shared_data.ts";
import { bytesSource, MISSING_NS } from "../../base/mod.ts";
import { Kernel } from "../../../wasm/mod.ts";
import * as file from "./_files.ts";
import { readFile } from "./_read.ts";
import { loadXdf, openXdf } from "./mod.ts";

/** Same numbers on every run (Steele, Lea and Flood 2014, SplitMix). */
function randomNumbers(seed: number): (below: number) => number {
  let state = BigInt(seed);
  return (below) => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let mixed = state;
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    return Number((mixed ^ (mixed >> 31n)) % BigInt(below));
  };
}

const PARTS = 40;

/** A chunk of four samples of two channels, whose values tell the number of the chunk. */
function part(number: number): number[] {
  return file.samples(
    5,
    [0, 1, 2, 3].map((row) => ({
      ...(row === 0 || row === 2 ? { at: 100 + number + row / 4 } : {}),
      values: [number, row, 255 - number, 100],
    })),
  );
}

/** A file of many chunks and where each begins, the last being the end. */
function longFile(): { bytes: Uint8Array; starts: number[] } {
  const chunks = [file.header(5, { channels: 2, rate: 4 })];
  for (let number = 0; number < PARTS; number++) {
    chunks.push(part(number));
    if (number % 10 === 9) chunks.push(file.boundary());
    if (number % 5 === 4) chunks.push(file.offset(5, 100 + number, 0.5));
  }
  const bytes = file.xdfFile(...chunks, file.footer(5));
  const starts: number[] = [];
  let at = file.xdfFile().length;
  for (const chunk of chunks) {
    starts.push(at);
    at += chunk.length;
  }
  return { bytes, starts: [...starts, at] };
}

Deno.test("loses no undamaged chunk to a thousand mutations", async () => {
  const { bytes, starts } = longFile();
  const random = randomNumbers(20);
  const headerEnd = starts[1]!;
  for (let round = 0; round < 1000; round++) {
    const damaged = bytes.slice();
    const hit = new Set<number>();
    for (let count = random(3); count >= 0; count--) {
      const at = headerEnd + random(bytes.length - headerEnd);
      damaged[at]! ^= 1 + random(255);
      hit.add(starts.findLastIndex((start) => start <= at));
    }
    const { streams: [stream] } = await readFile(damaged);
    const [first, second] = stream!.columns as number[][];
    const isThere = (number: number) =>
      first!.some((_, at) =>
        [0, 1, 2, 3].every((row) =>
          first![at + row] === 256 * row + number && second![at + row] === 25_855 - number
        )
      );
    let chunk = 1;
    for (let number = 0; number < PARTS; number++) {
      if (!hit.has(chunk)) assert.ok(isThere(number), `round ${round} lost chunk ${number}`);
      chunk += 1 + (number % 10 === 9 ? 1 : 0) + (number % 5 === 4 ? 1 : 0);
    }
  }
});

Deno.test("says where the damage is and what was skipped", async () => {
  const { bytes, starts } = longFile();
  const damaged = bytes.slice();
  damaged.fill(0x55, starts[3]! + 1, starts[5]! + 20);
  const { streams: [stream], issues } = await readFile(damaged);
  assert.equal(stream?.times.length, 4 * (PARTS - 3));
  const [issue] = issues.filter(({ code }) => code === "XDF_DAMAGED");
  assert.deepEqual([issue?.where.byte, issue?.params["to"]], [starts[3], starts[6]]);
});

Deno.test("deduces no stamp across damage", async () => {
  const xdf = file.xdfFile(
    file.header(1),
    file.samples(1, [{ at: 1, values: [1, 0] }]),
    [3, 3, 3, 3, 3, 3],
    file.samples(1, [{ values: [2, 0] }, { at: 2, values: [3, 0] }, { values: [4, 0] }]),
  );
  const { streams: [stream] } = await readFile(xdf);
  assert.deepEqual(stream?.times, [1_000_000_000n, MISSING_NS, 2_000_000_000n, 2_100_000_000n]);
});

Deno.test("reads what is odd as far as it makes sense, and says so", async () => {
  const { streams, issues } = await readFile(file.xdfFile(
    file.header(1, { format: "float16" }),
    file.header(2, { channels: "many" }),
    file.header(3, { channels: 1e9 }),
    file.streamChunk(2, 4, file.utf8("<info>")),
    file.header(5, { name: "&lt;A&#x42;&amp; " }),
    file.samples(9, [{ at: 1, values: [1] }]),
    file.samples(5, [{ at: 1, values: [1, 0] }]),
    file.footer(5, "<info><sample_count>2</sample_count></info>"),
    file.footer(77),
  ));
  assert.deepEqual(streams.map(({ reader: { info: { name } } }) => name), ["<AB&"]);
  assert.deepEqual(issues.map(({ code }) => code), [
    "XDF_HEADER_INVALID",
    "XDF_HEADER_INVALID",
    "XDF_HEADER_INVALID",
    "XDF_HEADER_INVALID",
    "XDF_STREAM_WITHOUT_HEADER",
    "XDF_FOOTER_MISMATCH",
    "XDF_OFFSETS_MISSING",
  ]);
});

Deno.test("tells streams of one id apart, unless they say the same", async () => {
  const sample = (value: number) => file.samples(1, [{ at: value, values: [value, 0] }]);
  const xdf = file.xdfFile(
    file.header(1),
    sample(1),
    file.header(1),
    sample(2),
    file.header(1, { format: "int8", channels: 2 }),
    sample(3),
  );
  const { streams, issues } = await readFile(xdf);
  assert.deepEqual(streams.map(({ columns }) => columns), [[[1, 2]], [[3], [0]]]);
  assert.deepEqual(streams.map(({ reader }) => reader.schema.id), ["lsl/a", "lsl/a_2"]);
  assert.equal(issues.filter(({ code }) => code === "XDF_STREAM_REPEATED").length, 2);
});

Deno.test("a file of another kind has no streams", async () => {
  for (const bytes of [new Uint8Array(), file.utf8("id,time\n1,2\n"), file.utf8("XDF")]) {
    const { streams, issues } = await readFile(Uint8Array.from(bytes));
    assert.deepEqual([streams.length, issues.map(({ code }) => code)], [0, ["XDF_BAD_MAGIC"]]);
  }
});

testWithRecording("salvages minimal.xdf cut anywhere", "xdf/minimal.xdf", async (path) => {
  const bytes = await Deno.readFile(path);
  const whole = await readFile(bytes);
  const kernel = new Kernel();
  for (let length = 0; length < bytes.length; length++) {
    const cut = bytes.slice(0, length);
    const { streams } = await readFile(cut, { kernel });
    for (const [index, { times, columns }] of streams.entries()) {
      const { times: all, columns: values } = whole.streams[index]!;
      assert.deepEqual(times, all.slice(0, times.length), `cut at ${length}`);
      assert.deepEqual(columns, values.map((column) => column.slice(0, times.length)));
    }
    const loaded = await loadXdf(bytesSource(cut), { kernel });
    assert.deepEqual(
      loaded.map(({ times }) => times.length),
      streams.map(({ times }) => times.length),
    );
  }
});

testWithRecording(
  "a thousand mutations of minimal.xdf do no harm",
  "xdf/minimal.xdf",
  async (path) => {
    const bytes = await Deno.readFile(path);
    const random = randomNumbers(7);
    const kernel = new Kernel();
    for (let round = 0; round < 1000; round++) {
      const damaged = bytes.slice(0, bytes.length - (round % 4 === 0 ? random(bytes.length) : 0));
      for (let count = random(8); count >= 0; count--) {
        if (damaged.length > 0) damaged[random(damaged.length)] = random(256);
      }
      const { streams } = await readFile(damaged, { kernel });
      for (const { reader, times } of streams) assert.equal(times.length, reader.samples);
    }
  },
);

Deno.test("a file that becomes shorter while it is read ends there", async () => {
  const { bytes } = longFile();
  const source = bytesSource(bytes);
  const readers = await openXdf(source, { kernel: new Kernel() });
  const shorter = bytesSource(bytes.slice(0, 700));
  source.read = (at, length) => shorter.read(at, length);
  let rows = 0;
  for await (const { batch } of readers.together()) rows += batch.length;
  assert.ok(rows > 0 && rows < readers[0]!.samples);
});
