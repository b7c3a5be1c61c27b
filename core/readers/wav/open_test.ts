import assert from "node:assert/strict";
import { type ByteSource, bytesSource, type Issue } from "../../base/mod.ts";
import { openWav, type WavReader } from "./open.ts";

/** Parts of a file that a test builds. */
interface Parts {
  readonly tag?: number;
  readonly channels?: number;
  readonly rateHz?: number;
  readonly bytes?: number;
  readonly riff?: string;
  /** Chunks before the data, each a name and its contents. */
  readonly before?: readonly (readonly [string, Uint8Array])[];
  readonly subformat?: number;
  readonly statedSize?: number;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function little(value: number | bigint, bytes: number): number[] {
  let rest = BigInt(value);
  return Array.from({ length: bytes }, () => {
    const byte = Number(rest & 0xffn);
    rest >>= 8n;
    return byte;
  });
}

function file(data: Uint8Array, parts: Parts = {}): Uint8Array {
  const { tag = 1, channels = 1, rateHz = 8000, bytes = 2, riff = "RIFF", before = [] } = parts;
  const frame = channels * bytes;
  const plain = [
    ...little(parts.subformat === undefined ? tag : 0xfffe, 2),
    ...little(channels, 2),
    ...little(rateHz, 4),
    ...little(rateHz * frame, 4),
    ...little(frame, 2),
    ...little(8 * bytes, 2),
  ];
  const extension = parts.subformat === undefined
    ? []
    : [...little(22, 2), ...little(8 * bytes, 2), ...little(3, 4), ...little(parts.subformat, 2)];
  const format = [...plain, ...extension, ...Array(extension.length === 0 ? 0 : 14).fill(0)];
  const chunk = (name: string, contents: ArrayLike<number>, size = contents.length) => [
    ...ascii(name),
    ...little(size, 4),
    ...Array.from(contents),
    ...(contents.length % 2 === 1 ? [0] : []),
  ];
  const body = [
    ...ascii("WAVE"),
    ...before.flatMap(([name, contents]) => chunk(name, contents)),
    ...chunk("fmt ", format),
    ...chunk("data", data, parts.statedSize ?? data.length),
  ];
  return Uint8Array.from([
    ...ascii(riff),
    ...little(riff === "RIFF" ? body.length : 0xffffffff, 4),
    ...body,
  ]);
}

async function open(bytes: Uint8Array): Promise<{ wav: WavReader | undefined; issues: Issue[] }> {
  const issues: Issue[] = [];
  const report = (issue: Issue) => issues.push(issue);
  const [wav] = await openWav(bytesSource(bytes), {
    path: "a.wav",
    device: "pc",
    name: "audio",
    report,
  });
  return { wav, issues };
}

async function samplesOf(wav: WavReader | undefined, from = 0): Promise<number[]> {
  const all: number[] = [];
  if (wav !== undefined) {
    for await (const block of wav.audio.samples({ from })) all.push(...block);
  }
  return all;
}

/** Contents in which each number takes some bytes. */
function numbers(
  values: readonly number[],
  bytes: number,
  write: (view: DataView, at: number, value: number) => void,
) {
  const data = new Uint8Array(values.length * bytes);
  const view = new DataView(data.buffer);
  values.forEach((value, index) => write(view, index * bytes, value));
  return data;
}

Deno.test("every encoding is read to full scale", async () => {
  const values = [0, 0.5, -0.5, -1];
  const write24 = (view: DataView, at: number, value: number) => {
    const units = BigInt.asUintN(24, BigInt(value * 8_388_608));
    little(units, 3).forEach((byte, index) => view.setUint8(at + index, byte));
  };
  const cases: readonly (readonly [Parts, Uint8Array])[] = [
    [{ bytes: 1 }, numbers(values, 1, (view, at, value) => view.setUint8(at, 128 + value * 128))],
    [
      { bytes: 2 },
      numbers(values, 2, (view, at, value) => view.setInt16(at, value * 32_768, true)),
    ],
    [{ bytes: 3 }, numbers(values, 3, write24)],
    [
      { bytes: 4 },
      numbers(values, 4, (view, at, value) => view.setInt32(at, value * 2 ** 31, true)),
    ],
    [
      { tag: 3, bytes: 4 },
      numbers(values, 4, (view, at, value) => view.setFloat32(at, value, true)),
    ],
    [
      { tag: 3, bytes: 8 },
      numbers(values, 8, (view, at, value) => view.setFloat64(at, value, true)),
    ],
    [
      { subformat: 1, bytes: 2 },
      numbers(values, 2, (view, at, value) => view.setInt16(at, value * 32_768, true)),
    ],
    [
      { subformat: 3, bytes: 4 },
      numbers(values, 4, (view, at, value) => view.setFloat32(at, value, true)),
    ],
  ];
  for (const [parts, data] of cases) {
    const { wav, issues } = await open(file(data, parts));
    assert.deepEqual(issues, []);
    assert.deepEqual(await samplesOf(wav), values, JSON.stringify(parts));
    assert.equal(wav!.info.bits, 8 * parts.bytes!);
  }
});

Deno.test("channels are mixed to their mean, and reading may begin anywhere", async () => {
  const data = numbers(
    [0.5, -0.25, 0.75, 0.25, -1, -0.5],
    2,
    (view, at, value) => view.setInt16(at, value * 32_768, true),
  );
  const { wav } = await open(file(data, { channels: 2 }));
  assert.equal(wav!.info.frames, 3);
  assert.deepEqual(await samplesOf(wav), [0.125, 0.5, -0.75]);
  assert.deepEqual(await samplesOf(wav, 2), [-0.75]);
  assert.deepEqual(await samplesOf(wav, 9), []);
});

Deno.test("a recorder that was cut off leaves its samples", async () => {
  const data = numbers(
    [0.5, 0.25, -0.5],
    2,
    (view, at, value) => view.setInt16(at, value * 32_768, true),
  );
  for (const statedSize of [0, 0xffffffff, 1000]) {
    const { wav, issues } = await open(file(data, { statedSize }));
    assert.deepEqual(await samplesOf(wav), [0.5, 0.25, -0.5]);
    assert.deepEqual(issues.map(({ code }) => code), ["AUDIO_CUT_OFF"]);
  }
  const odd = await open(file(data).subarray(0, -1));
  assert.deepEqual(await samplesOf(odd.wav), [0.5, 0.25]);
});

Deno.test("files above 4 GB state their size apart", async () => {
  const data = numbers(
    [0.5, 0.25],
    2,
    (view, at, value) => view.setInt16(at, value * 32_768, true),
  );
  const ds64 = Uint8Array.from([
    ...little(100, 8),
    ...little(4, 8),
    ...little(2, 8),
    ...little(0, 4),
  ]);
  const whole = file(data, { riff: "RF64", before: [["ds64", ds64]], statedSize: 0xffffffff });
  const longer = Uint8Array.from([...whole, ...ascii("LIST"), ...little(2, 4), 7, 7]);
  const { wav, issues } = await open(longer);
  assert.deepEqual(issues, []);
  assert.deepEqual(await samplesOf(wav), [0.5, 0.25]);
});

Deno.test("Broadcast Wave says when recording began", async () => {
  const data = new Uint8Array(4);
  const bext = (date: string, time: string, reference: bigint) => {
    const chunk = new Uint8Array(602);
    chunk.set(ascii(date), 320);
    chunk.set(ascii(time), 330);
    chunk.set(little(reference, 8), 338);
    return file(data, { before: [["bext", chunk]] });
  };
  const utc = (text: string) => BigInt(Date.parse(text)) * 1_000_000n;
  // 8000 samples a second since midnight.
  const exact = await open(bext("2025-07-31", "14:30:22", 8000n * 52_222n + 4000n));
  assert.equal(exact.wav!.info.originLocalNs, utc("2025-07-31T14:30:22.500Z"));
  const plain = await open(bext("2025:07:31", "14:30:22", 0n));
  assert.equal(plain.wav!.info.originLocalNs, utc("2025-07-31T14:30:22Z"));
  const none = await open(bext("\0\0\0\0\0\0\0\0\0\0", "", 0n));
  assert.equal(none.wav!.info.originLocalNs, undefined);
});

Deno.test("levels are those of each 10 ms", async () => {
  // 8 kHz: 80 samples a level. A square wave of 0.5, then silence.
  const values = Array.from({ length: 200 }, (_, n) => n < 80 ? (n % 2 === 0 ? 0.5 : -0.5) : 0);
  const { wav } = await open(
    file(numbers(values, 2, (view, at, value) => view.setInt16(at, value * 32_768, true))),
  );
  assert.equal(wav!.schema.clock.id, "pc/audio/media");
  for await (const { times, columns } of wav!.batches()) {
    assert.deepEqual([...times], [0n, 10_000_000n, 20_000_000n]);
    assert.deepEqual([...columns[0] as Float64Array], [0.5, 0, 0]);
    assert.deepEqual([...columns[1] as Float64Array], [0.5, 0, 0]);
  }
});

Deno.test("what is no sound is told and closed", async () => {
  const good = file(new Uint8Array(4));
  const damaged = [
    new Uint8Array(0),
    ascii("RIFF"),
    ascii("not a sound file at all"),
    good.subarray(0, 30),
    file(new Uint8Array(4), { bytes: 7 }),
    file(new Uint8Array(4), { channels: 0 }),
    file(new Uint8Array(4), { rateHz: 0 }),
    file(new Uint8Array(4), { tag: 85 }),
  ];
  for (const bytes of damaged) {
    let closed = false;
    const source: ByteSource = {
      ...bytesSource(bytes),
      close: async () => void (closed = await true),
    };
    const issues: Issue[] = [];
    const found = await openWav(source, {
      path: "a.wav",
      device: "pc",
      name: "audio",
      report: (issue) => issues.push(issue),
    });
    assert.deepEqual(found, []);
    assert.equal(issues[0]?.code, "AUDIO_UNREADABLE");
    assert.ok(closed);
  }
});

Deno.test("no change of a byte breaks the reading", async () => {
  const good = file(new Uint8Array(40), { before: [["bext", new Uint8Array(602)]] });
  let state = 7;
  for (let round = 0; round < 400; round++) {
    const bytes = good.slice();
    for (let change = 0; change < 3; change++) {
      state = (state * 48271) % 2147483647;
      bytes[state % bytes.length] = state >> 8;
    }
    const { wav } = await open(bytes);
    const samples = await samplesOf(wav);
    assert.ok(samples.length <= bytes.length && samples.every(Number.isFinite));
  }
});
