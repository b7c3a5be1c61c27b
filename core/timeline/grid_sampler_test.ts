import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { type AlignedBatch, type ColumnData, type ColumnSpec, MISSING_NS } from "../base/mod.ts";
import { createGrid, readTicks } from "./grid.ts";
import { joinGrids } from "./grid_joiner.ts";
import { GridSampler, type GridSamplerOptions, type GridSamples } from "./grid_sampler.ts";
import { resample } from "./resample.ts";

const MS = 1_000_000n;

function batchOf(times: BigInt64Array, columns: readonly ColumnData[], firstRow = 0): AlignedBatch {
  const { length } = times;
  const sigmas = new Float64Array(length).fill(5);
  return { firstRow, length, times, referenceTimes: times, columns, sigmas };
}

function part(data: ColumnData, from: number, to: number): ColumnData {
  return data.slice(from, to);
}

function sample(
  options: GridSamplerOptions,
  times: BigInt64Array,
  columns: readonly ColumnData[],
  size = times.length,
): GridSamples[] {
  const sampler = new GridSampler(new Kernel(), options);
  const samples: GridSamples[] = [];
  for (let row = 0; row < times.length; row += size) {
    const parts = columns.map((column) => part(column, row, row + size));
    samples.push(...sampler.push(batchOf(times.subarray(row, row + size), parts, row)));
  }
  samples.push(...sampler.end());
  return samples;
}

function joined(samples: readonly GridSamples[], column: number): (number | string | bigint)[] {
  return samples.flatMap(({ columns }) => [...columns[column]!]);
}

const NUMBER: ColumnSpec = { name: "ppg", kind: "f64" };

Deno.test("createGrid holds all ticks up to the end and none after it", () => {
  for (const rateHz of [1, 3, 128, 29.97, 1000, 0.1]) {
    for (const endNs of [0n, 1n, 1_000_000_000n, 999_999_999n, 12_345_678_901n]) {
      const grid = createGrid({ startNs: 7n, endNs: 7n + endNs, rateHz });
      const ticks = readTicks(new Kernel(), grid, 0, grid.count + 1);
      assert.ok(ticks[grid.count - 1]! <= 7n + endNs && ticks[grid.count]! > 7n + endNs);
    }
  }
  const ntsc = createGrid({
    startNs: 0n,
    endNs: 86_400_000_000_000n,
    rateHz: { numerator: 30_000n, denominator: 1001n },
  });
  const [tick] = readTicks(new Kernel(), ntsc, 2_000_000, 1);
  // 2e6 * 1001 / 30000 s
  assert.equal(tick, 66_733_333_333_333n);
  assert.throws(() => createGrid({ startNs: 0n, endNs: -1n, rateHz: 1 }), RangeError);
  assert.throws(() => createGrid({ startNs: 0n, endNs: 1n, rateHz: 0 }), RangeError);
  assert.throws(() => createGrid({ startNs: 0n, endNs: 1n, rateHz: NaN }), RangeError);
});

Deno.test("GridSampler gives every tick once, and what resample gives of the whole", () => {
  const times = BigInt64Array.from({ length: 5000 }, (_, index) => {
    const late = index >= 3000 ? 4000n * MS : 0n;
    return BigInt(index) * 8n * MS + BigInt((index * 7919) % 3_000_000) + late;
  });
  const values = Float64Array.from(
    times,
    (_, index) => (index % 11 === 4 ? NaN : Math.sin(index / 9)),
  );
  const grid = createGrid({ startNs: -100n * MS, endNs: 45_000n * MS, rateHz: 128 });
  const options = { grid, schema: { columns: [NUMBER] }, maxGapNs: 100n * MS };
  const ticks = readTicks(new Kernel(), grid, 0, grid.count);
  const expected = resample({ times, values }, ticks, {
    kernel: new Kernel(),
    maxGapNs: 100n * MS,
  });
  for (const size of [17, 1000, 5000]) {
    const samples = sample(options, times, [values], size);
    assert.deepEqual(joined(samples, 0), [...expected]);
    assert.deepEqual(samples.flatMap((one) => [...one.times]), [...ticks]);
    assert.ok(
      samples.every(({ firstTick }, index) =>
        firstTick === samples.slice(0, index).reduce((sum, { length }) => sum + length, 0)
      ),
    );
  }
  assert.equal(expected.filter(Number.isNaN).length > 500, true);
});

Deno.test("GridSampler takes means on a slower grid, so that fast changes do not alias", () => {
  // 50 Hz at 1000 Hz comes out as a constant of 10 Hz when samples are picked; its mean over 100 ms is 0.
  const times = BigInt64Array.from({ length: 10_000 }, (_, index) => BigInt(index) * MS);
  const values = Float64Array.from(times, (_, index) => Math.cos(2 * Math.PI * 50 * index / 1000));
  const grid = createGrid({ startNs: 500n * MS, endNs: 9000n * MS, rateHz: 10 });
  const schema = { columns: [NUMBER], nominalRateHz: 1000 };
  const found = joined(sample({ grid, schema }, times, [values]), 0) as number[];
  assert.ok(found.length === 86 && found.every((value) => Math.abs(value) < 1e-12));
  const picked = sample({ grid, schema, methods: { ppg: "linear" } }, times, [values]);
  assert.ok((joined(picked, 0) as number[]).every((value) => Math.abs(value - 1) < 1e-9));
});

Deno.test("GridSampler never calculates with labels, and they do not outlast a gap", () => {
  const columns: ColumnSpec[] = [
    { name: "label", kind: "text" },
    { name: "frame", kind: "i64" },
    { name: "on", kind: "bool" },
    { name: "sequence", kind: "f64", categorical: true },
  ];
  const times = BigInt64Array.of(0n, 20n * MS, 40n * MS, 60n * MS);
  const data = [
    ["a", "", "b", "a"],
    BigInt64Array.of(2n ** 62n + 1n, MISSING_NS, 3n, 4n),
    Uint8Array.of(1, 255, 0, 1),
    Float64Array.of(7, NaN, 9, 8),
  ];
  const grid = createGrid({ startNs: -10n * MS, endNs: 100n * MS, rateHz: 100 });
  for (const size of [1, 4]) {
    const samples = sample({ grid, schema: { columns }, maxGapNs: 25n * MS }, times, data, size);
    assert.deepEqual(joined(samples, 0), ["", "a", "a", "a", "", "b", "b", "a", "a", "a", "", ""]);
    const [big, none] = [2n ** 62n + 1n, MISSING_NS];
    const frames = [none, big, big, big, none, 3n, 3n, 4n, 4n, 4n, none, none];
    assert.deepEqual(joined(samples, 1), frames);
    assert.deepEqual(joined(samples, 2), [255, 1, 1, 1, 255, 0, 0, 1, 1, 1, 255, 255]);
    assert.deepEqual(joined(samples, 3), [NaN, 7, 7, 7, NaN, 9, 9, 8, 8, 8, NaN, NaN]);
  }
});

Deno.test("GridSampler sorts late samples, counts those that come too late, and survives any time", () => {
  const grid = createGrid({ startNs: 0n, endNs: 100n * MS, rateHz: 100 });
  const schema = { columns: [NUMBER] };
  const late = BigInt64Array.of(0n, 20n * MS, 10n * MS, 30n * MS);
  const samples = sample({ grid, schema }, late, [Float64Array.of(0, 2, 1, 3)], 1);
  assert.deepEqual(joined(samples, 0).slice(0, 4), [0, 1, 2, 3]);
  const wild = [0n, MISSING_NS, 2n ** 63n - 1n, MISSING_NS + 1n, -5n, 50n * MS, 10n ** 18n];
  const times = BigInt64Array.from({ length: 700 }, (_, index) => wild[index * index % 7]!);
  const many = sample({ grid, schema }, times, [new Float64Array(700).fill(1)], 33);
  assert.equal(joined(many, 0).length, grid.count);
});

Deno.test("GridSampler needs no more memory for a longer gap", () => {
  const grid = createGrid({ startNs: 0n, endNs: 3_600_000n * MS, rateHz: 1000 });
  const sampler = new GridSampler(new Kernel(), { grid, schema: { columns: [NUMBER] } });
  const ends = BigInt64Array.of(0n, 3_600_000n * MS);
  let [ticks, most] = [0, 0];
  const note = ({ length }: GridSamples) =>
    [ticks, most] = [ticks + length, Math.max(most, length)];
  for (const samples of sampler.push(batchOf(ends, [Float64Array.of(1, 2)]))) note(samples);
  for (const samples of sampler.end()) note(samples);
  assert.equal(ticks, grid.count);
  assert.ok(most < 20_000, `${most}`);
});

Deno.test("joinGrids cuts batches of different lengths alike", async () => {
  const grid = createGrid({ startNs: 0n, endNs: 9000n * MS, rateHz: 100 });
  const times = BigInt64Array.from({ length: 901 }, (_, index) => BigInt(index) * 10n * MS);
  const options = { grid, schema: { columns: [NUMBER] }, disorderNs: 0n };
  const values = (factor: number) => Float64Array.from(times, (_, index) => factor * index);
  const streams = [
    sample(options, times, [values(1)], 100),
    sample(options, times, [values(2)], 37),
  ];
  const parts = await Array.fromAsync(joinGrids(streams));
  const columns = [0, 1].map((column) => parts.flatMap((one) => [...one.columns[column]!]));
  assert.deepEqual(columns, [[...values(1)], [...values(2)]]);
  assert.equal(parts.reduce((sum, { length }) => sum + length, 0), 901);
  assert.deepEqual(await Array.fromAsync(joinGrids([])), []);
});
