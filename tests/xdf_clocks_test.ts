import assert from "node:assert/strict";
import {
  applyClock,
  bytesSource,
  type ClockModel,
  fitClock,
  Kernel,
  type LoadedXdfStream,
  loadXdf,
} from "../mod.ts";
import { runCli } from "./support/cli.ts";
import { testWithRecording } from "./support/shared_data.ts";

interface Synchronised {
  readonly model: ClockModel;
  /** Seconds on the clock of the recorder. */
  readonly seconds: readonly number[];
}

function inNs(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e9));
}

/** What users of the arrays do: fit the offsets as stored, and place the stamps. */
function synchronise(stream: LoadedXdfStream): Synchronised {
  const { times, values, rows } = stream.offsets;
  const kernel = new Kernel();
  const deviceNs = BigInt64Array.from(times, inNs);
  const referenceNs = BigInt64Array.from(times, (time, index) => inNs(time) + inNs(values[index]!));
  const options = { streamId: stream.id, samples: stream.times };
  const { model } = fitClock(kernel, { deviceNs, referenceNs, rows }, options);
  const { referenceTimes } = applyClock(kernel, model, stream.times, { streamId: stream.id });
  return { model, seconds: Array.from(referenceTimes, (time) => Number(time) / 1e9) };
}

async function load(path: string): Promise<LoadedXdfStream[]> {
  return await loadXdf(bytesSource(await Deno.readFile(path)), { kernel: new Kernel() });
}

function assertNear(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} is not ${expected}`);
}

testWithRecording("synchronises minimal.xdf", "xdf/minimal.xdf", async (path) => {
  const [data] = await load(path);
  const { seconds } = synchronise(data!);
  for (const [index, second] of seconds.entries()) assertNear(second, 5 + index / 10, 1e-6, "time");
});

/** Drift of a part in parts per million. */
function drift({ segments }: ClockModel, part: number): number {
  const [first, last] = [segments[part]!.knots[0]!, segments[part]!.knots.at(-1)!];
  return Number(last.offsetNs - first.offsetNs) / Number(last.deviceNs - first.deviceNs) * 1e6;
}

/**
 * Expected values: straight lines by NumPy through the offsets of each part, without those that are copies.
 *
 * From the 29th offset on the recorder, which had lost the device, wrote the last offset again, 54 times, equal to the
 * last digit. pyxdf fits these as well: -1.28 and -1.45 ppm, with residuals of 127 and 137 us, and first times that are
 * 0.4 ms early (812.927904206 and 810.094847450). The offsets that were measured scatter by 35 us about -5.12 and
 * -5.35 ppm, which is near the -4.33 and -4.35 ppm of the part after the reset, for which both agree.
 */
const EXPECTED = [
  {
    row: 91,
    drifts: [-5.12, -4.33],
    first: 812.928299256,
    last: 1380.819448571,
    gap: 308.7433,
  },
  {
    row: 12_876,
    drifts: [-5.35, -4.35],
    first: 810.095258020,
    last: 1383.092325975,
    gap: 273.556,
  },
];

testWithRecording("synchronises clock_resets.xdf", "xdf/clock_resets.xdf", async (path) => {
  for (const [index, stream] of (await load(path)).entries()) {
    const { row, drifts, first, last, gap } = EXPECTED[index]!;
    const { model, seconds } = synchronise(stream);
    assert.deepEqual(model.segments.map(({ firstRows }) => firstRows[stream.id]), [0, row]);
    assertNear(drift(model, 0), drifts[0]!, 0.5, "drift before the reset in ppm");
    assertNear(drift(model, 1), drifts[1]!, 0.3, "drift after the reset in ppm");
    assertNear(seconds[0]!, first, 2e-5, "first time");
    assertNear(seconds.at(-1)!, last, 2e-5, "last time");
    assertNear(seconds[row]! - seconds[row - 1]!, gap, 5e-4, "gap");
    const verdicts = model.audit![0]!.verdicts;
    assert.ok(verdicts.slice(28, 82).every((verdict) => verdict === "garbage"), "copies");
    assert.ok(verdicts.slice(0, 28).filter((verdict) => verdict === "used").length >= 26);
  }
});

testWithRecording(
  "inspect tells how long was recorded, whatever the clock showed",
  "xdf/clock_resets.xdf",
  async (path) => {
    const { stdout } = await runCli(["inspect", path]);
    // pyxdf 1.17.5: from 810.09 to 1383.09 s.
    assert.match(stdout, /bio_semi .* 9 min 33 s /);
  },
);
