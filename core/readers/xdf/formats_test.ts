import assert from "node:assert/strict";
import { type ByteSource, bytesSource, MISSING_NS } from "../../base/mod.ts";
import { Kernel } from "../../../wasm/mod.ts";
import * as file from "./_files.ts";
import { readFile } from "./_read.ts";
import { loadXdf, openXdf } from "./mod.ts";

/** Little-endian bytes of a typed array. */
function bytes(array: ArrayBufferView): number[] {
  return [...new Uint8Array(array.buffer, array.byteOffset, array.byteLength)];
}

const FORMATS = [
  { format: "int8", array: Int8Array.of(-128, 127), values: [-128, 127] },
  { format: "int16", array: Int16Array.of(-32_768, 258), values: [-32_768, 258] },
  {
    format: "int32",
    array: Int32Array.of(-(2 ** 31), 16_909_060),
    values: [-(2 ** 31), 16_909_060],
  },
  {
    format: "int64",
    array: BigInt64Array.of(2n ** 53n + 1n, -5n),
    values: [2n ** 53n + 1n, -5n],
  },
  {
    format: "float32",
    array: Float32Array.of(0.1, -1e30),
    values: [Math.fround(0.1), Math.fround(-1e30)],
  },
  { format: "double64", array: Float64Array.of(0.1, NaN), values: [0.1, NaN] },
] as const;

for (const { format, array, values } of FORMATS) {
  Deno.test(`reads ${format}`, async () => {
    const xdf = file.xdfFile(
      file.header(3, { format, channels: 2 }),
      file.samples(3, [{ at: 1.5, values: bytes(array) }, { values: bytes(array) }]),
      file.footer(3),
    );
    const { streams: [stream] } = await readFile(xdf);
    assert.deepEqual(stream?.columns, [[values[0], values[0]], [values[1], values[1]]]);
    assert.deepEqual(stream?.times, [1_500_000_000n, 1_600_000_000n]);
    const [loaded] = await loadXdf(bytesSource(xdf), { kernel: new Kernel() });
    assert.equal(loaded?.channels[0]?.constructor, array.constructor);
    assert.deepEqual(loaded?.channels.map((channel) => [...channel]), stream.columns);
    assert.deepEqual([...loaded!.times], stream.times);
  });
}

Deno.test("reads texts of several channels", async () => {
  const { streams: [stream], issues } = await readFile(file.xdfFile(
    file.header(3, { format: "string", channels: 2, rate: 0 }),
    file.samples(3, [
      { at: 17, values: [...file.text("Marker 0A"), ...file.text("Marker 0B")] },
      { at: 18, values: [...file.text(""), ...file.text("\u{1f600} \u00e9")] },
      { at: 19, values: [...file.text("Marker 0A"), ...file.text([0xff, 0x41])] },
    ]),
    file.offset(3, 6.1, -0.1),
    file.footer(3),
  ));
  assert.deepEqual(stream?.columns, [
    ["Marker 0A", "", "Marker 0A"],
    ["Marker 0B", "\u{1f600} \u00e9", "\ufffdA"],
  ]);
  assert.deepEqual(stream?.times, [17_000_000_000n, 18_000_000_000n, 19_000_000_000n]);
  assert.deepEqual(issues.map(({ code, params }) => [code, params["count"]]), [[
    "XDF_TEXT_INVALID",
    1,
  ]]);
});

Deno.test("reads a text that is longer than what is read at once", async () => {
  const long = "x".repeat(700_000);
  const { streams: [stream] } = await readFile(file.xdfFile(
    file.header(3, { format: "string", channels: 1, rate: 0 }),
    file.samples(3, [{ at: 1, values: file.text(long) }, { at: 2, values: file.text("end") }]),
  ));
  assert.deepEqual(stream?.columns, [[long, "end"]]);
});

Deno.test("gives the same however the samples are cut into batches and reads", async () => {
  const list = Array.from({ length: 1000 }, (_, row) => ({
    ...(row % 3 === 0 ? { at: 100 + row / 10 } : {}),
    values: bytes(Int16Array.of(row, -row)),
  }));
  const xdf = file.xdfFile(
    file.header(3, { channels: 2 }),
    ...[0, 1, 2, 3].map((part) => file.samples(3, list.slice(part * 250, part * 250 + 250))),
  );
  const whole = (await readFile(xdf)).streams[0]!;
  assert.deepEqual(whole.columns[0], list.map((_, row) => row));
  assert.deepEqual(whole.times.slice(0, 4).map(Number), [1e11, 1.001e11, 1.002e11, 1.003e11]);
  for (const batchRows of [1, 7, 250, 251]) {
    const { times, columns } = (await readFile(xdf, { batchRows })).streams[0]!;
    assert.deepEqual([times, columns], [whole.times, whole.columns]);
  }
});

Deno.test("does not deduce stamps without a rate or a stamp before", async () => {
  const { streams, issues } = await readFile(file.xdfFile(
    file.header(1, { rate: 0 }),
    file.header(2, { rate: 4 }),
    file.header(3, { rate: "fast" }),
    ...[1, 2, 3].map((id) =>
      file.samples(id, [
        { values: [1, 0] },
        { at: 8, values: [2, 0] },
        { values: [3, 0] },
        { at: NaN, values: [4, 0] },
        { values: [5, 0] },
      ])
    ),
  ));
  const [unknown, eight] = [MISSING_NS, 8_000_000_000n];
  assert.deepEqual(streams.map(({ times }) => times), [
    [unknown, eight, unknown, unknown, unknown],
    [unknown, eight, eight + 250_000_000n, unknown, eight + 750_000_000n],
    [unknown, eight, unknown, unknown, unknown],
  ]);
  const missing = issues.filter(({ code }) => code === "XDF_TIME_MISSING");
  assert.deepEqual(missing.map(({ params }) => params), [
    { invalid: 1, unknown: 3 },
    { invalid: 1, unknown: 1 },
    { invalid: 1, unknown: 3 },
  ]);
});

Deno.test("reads selected streams only", async () => {
  const xdf = file.xdfFile(
    file.header(1, { name: "left", more: "<hostname>pc</hostname>" }),
    file.header(2, { name: "right" }),
    file.samples(1, [{ at: 1, values: [1, 0] }]),
    file.samples(2, [{ at: 1, values: [2, 0] }]),
  );
  const { streams } = await readFile(xdf, { select: ({ name }) => name === "right" });
  assert.deepEqual(streams.map(({ reader, columns }) => [reader.info.id, columns]), [[2, [[2]]]]);
  const loaded = await loadXdf(bytesSource(xdf), {
    kernel: new Kernel(),
    select: ({ hostname }) => hostname === "pc",
  });
  assert.deepEqual(loaded.map(({ id }) => id), ["pc/left"]);
});

Deno.test("reads all streams in one walk", async () => {
  const xdf = file.xdfFile(
    file.header(1),
    file.header(2),
    ...[0, 1, 2].flatMap((part) =>
      [1, 2].map((id) => file.samples(id, [{ at: part, values: [10 * id + part, 0] }]))
    ),
  );
  const readers = await openXdf(bytesSource(xdf), { kernel: new Kernel() });
  const found: unknown[] = [];
  for await (const { index, batch } of readers.together({ batchRows: 2 })) {
    found.push([index, batch.firstRow, ...batch.columns[0]!]);
  }
  assert.deepEqual(found, [[0, 0, 10, 11], [1, 0, 20, 21], [0, 2, 12], [1, 2, 22]]);
});

/** A file of one stream with a huge chunk of unknown kind in the middle, of which only the ends exist. */
function hugeFile(
  size: number,
): ByteSource & { readonly read: (at: number, length: number) => Promise<Uint8Array> } {
  const front = file.xdfFile(file.header(1), file.samples(1, [{ at: 1, values: [1, 0] }]));
  const head = [8, ...bytes(BigUint64Array.of(BigInt(size))), 0x39, 0x30];
  const behind = Uint8Array.from([
    ...file.offset(1, 2, 0.5),
    ...file.samples(1, [{ at: 2, values: [2, 0] }]),
    ...file.footer(1),
  ]);
  const start = Uint8Array.from([...front, ...head]);
  const middle = start.length + size - 2;
  return {
    size: middle + behind.length,
    read(at, length) {
      const out = new Uint8Array(Math.min(length, middle + behind.length - at));
      for (let index = 0; index < out.length; index++) {
        const place = at + index;
        out[index] = place < start.length
          ? start[place]!
          : place < middle
          ? 0
          : behind[place - middle]!;
      }
      return Promise.resolve(out);
    },
    close: () => Promise.resolve(),
  };
}

Deno.test("reads behind 4 GB, and skips what it need not read", async () => {
  const source = hugeFile(6e9);
  let asked = 0;
  const counted = {
    ...source,
    read: (at: number, length: number) => {
      asked += length;
      return source.read(at, length);
    },
  };
  const { streams: [stream], issues } = await readFile(counted);
  assert.deepEqual(stream?.columns, [[1, 2]]);
  assert.deepEqual([...stream.reader.offsets.rows], [1]);
  assert.deepEqual(issues, []);
  assert.ok(asked < 2 ** 22, `asked for ${asked} bytes`);
});

Deno.test("closes the source with the last stream", async () => {
  const xdf = file.xdfFile(file.header(1), file.header(2));
  let closed = 0;
  const source = { ...bytesSource(xdf), close: () => Promise.resolve(void closed++) };
  const [first, second] = await openXdf(source, { kernel: new Kernel() });
  await first!.close();
  await first!.close();
  assert.equal(closed, 0);
  await second!.close();
  assert.equal(closed, 1);
});
