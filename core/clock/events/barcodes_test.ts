import assert from "node:assert/strict";
import { Kernel } from "../../../wasm/mod.ts";
import { Random } from "../_support.ts";
import { type BarcodeFormat, type BarcodeLevels, decodeBarcodes } from "./barcodes.ts";
import { matchEvents } from "./match_events.ts";

const MS = 1e6;

/** 32-bit words of 30 ms bits, least first, between three pulses of 10 ms, as Arduino generators write them. */
const WRAPPED: BarcodeFormat = {
  bitNs: 30 * MS,
  startNs: [10 * MS, 10 * MS, 10 * MS, 10 * MS],
  endNs: [],
  idleNs: 200 * MS,
  tolerance: 0.1,
};

/** Draws words on a line, each from its own time, as changes with jitter. Written without the decoder's tables. */
function draw(
  words: readonly { atNs: number; word: number }[],
  { bits, bitNs, lead, jitter }: {
    readonly bits: number;
    readonly bitNs: number;
    readonly lead: readonly (readonly [number, number])[];
    readonly jitter?: () => number;
  },
): BarcodeLevels {
  const times: bigint[] = [];
  const levels: number[] = [];
  for (const { atNs, word } of words) {
    const pieces = [...lead];
    for (let bit = 0; bit < bits; bit++) pieces.push([Math.floor(word / 2 ** bit) % 2, bitNs]);
    let at = atNs;
    for (const [level, length] of pieces) {
      if (level !== (levels.at(-1) ?? 0)) {
        times.push(BigInt(Math.round(at + (jitter?.() ?? 0))));
        levels.push(level);
      }
      at += length;
    }
    if (levels.at(-1) === 1) {
      times.push(BigInt(Math.round(at)));
      levels.push(0);
    }
  }
  return { timesNs: BigInt64Array.from(times), levels: Uint8Array.from(levels) };
}

const LEAD = [[1, 10 * MS], [0, 10 * MS], [1, 10 * MS], [0, 10 * MS]] as const;

Deno.test("wrapped words of 32 bits are read with their times", () => {
  const random = new Random(4);
  const words = Array.from({ length: 50 }, (_, k) => ({
    atNs: 5e9 * (k + 1),
    word: Math.floor(random.uniform() * 2 ** 32),
  }));
  const jitter = () => (random.uniform() - 0.5) * 2 * MS;
  const line = draw(words, { bits: 32, bitNs: 30 * MS, lead: LEAD, jitter });
  const found = decodeBarcodes(line, WRAPPED);
  assert.deepEqual(found.labels, words.map(({ word }) => String(word)));
  assert.equal(found.damaged, 0);
  for (const [index, { atNs }] of words.entries()) {
    assert.ok(Math.abs(Number(found.timesNs[index]) - atNs) <= MS);
  }
});

Deno.test("bits come in either order", () => {
  const line = draw([{ atNs: 1e9, word: 0b0001_0110 }], { bits: 8, bitNs: MS, lead: [[1, MS]] });
  assert.deepEqual(decodeBarcodes(line, { bitNs: MS, bits: 8 }).labels, ["22"]);
  assert.deepEqual(decodeBarcodes(line, { bitNs: MS, bits: 8, first: "most" }).labels, ["104"]);
});

Deno.test("damaged words are left out and counted", () => {
  const words = [1, 2, 3, 4].map((k) => ({ atNs: k * 5e9, word: 1000 + k }));
  const line = draw(words, { bits: 32, bitNs: 30 * MS, lead: LEAD });
  // A change in the middle of a bit of the second word.
  const times = [...line.timesNs];
  const levels = [...line.levels];
  const at = times.findIndex((time) => time > 10_055_000_000n);
  times.splice(at, 0, 10_055_000_000n, 10_062_000_000n);
  levels.splice(at, 0, 1 - levels[at - 1]!, levels[at - 1]!);
  const found = decodeBarcodes(
    { timesNs: BigInt64Array.from(times), levels: Uint8Array.from(levels) },
    WRAPPED,
  );
  assert.ok(found.damaged >= 1);
  assert.ok(!found.labels.includes("1002"));
  assert.deepEqual(found.labels.filter((label) => label !== "1002"), ["1001", "1003", "1004"]);
});

Deno.test("words of two recorders match where each missed some", () => {
  const random = new Random(8);
  const words = Array.from({ length: 40 }, (_, k) => ({ atNs: 30e9 * (k + 1), word: 70_000 + k }));
  const seen = () => words.filter(() => random.uniform() > 0.4);
  const read = (some: typeof words, shift: number) =>
    decodeBarcodes(
      draw(some.map(({ atNs, word }) => ({ atNs: atNs * (1 + shift) + shift * 1e15, word })), {
        bits: 32,
        bitNs: 30 * MS,
        lead: LEAD,
      }),
      WRAPPED,
    );
  // Pulses each 30 s without their words would fit at any multiple of it.
  const [first, second] = [read(seen(), 0), read(seen(), 5e-5)];
  const match = matchEvents(new Kernel(), first, second);
  assert.equal(match.verdict, "matched");
  const shared = first.labels.filter((label) => second.labels.includes(label));
  assert.deepEqual(Array.from(match.first, (index) => first.labels[index]), shared);
  const { timesNs } = second;
  assert.equal(
    matchEvents(new Kernel(), { timesNs: first.timesNs }, { timesNs }).verdict,
    "ambiguous",
  );
});

Deno.test("a line at rest holds no words", () => {
  const line = { timesNs: new BigInt64Array(0), levels: new Uint8Array(0) };
  assert.deepEqual(decodeBarcodes(line, WRAPPED).labels, []);
  assert.throws(() => decodeBarcodes(line, { bitNs: 0 }), RangeError);
  assert.throws(() => decodeBarcodes(line, { bitNs: 1, bits: 65 }), RangeError);
});
