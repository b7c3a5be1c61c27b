import assert from "node:assert/strict";
import { memoryFolder } from "../base/mod.ts";
import { MemoryFolderSink } from "../simulate/mod.ts";
import { Kernel } from "../../wasm/mod.ts";
import { sha256 } from "../../runtime/mod.ts";
import { processSession } from "./process.ts";
import { stampSigma } from "./stamp_sigma.ts";

const START_MS = 1_753_965_022_000;

/** Processes the recording of a sensor at the computer, which stamps its samples in ms. */
async function processStamps(stampsMs: readonly number[]) {
  const rows = stampsMs.map((ms, row) => `${(START_MS + ms).toFixed(4)},2.${row % 10}`);
  const text = ["timestamp_ms,GSR_uS", ...rows, ""].join("\n");
  const output = new MemoryFolderSink();
  const { issues, scans } = await processSession({
    folder: memoryFolder("pilot_20250731_143022", { "shimmer_1_gsr_20250731_143022.csv": text }),
    output,
    kernel: new Kernel(),
    sha256,
    version: "test",
    settings: { formats: ["csv"] },
  });
  const record = output.files.get("processing/synchronized_data/alignment.json");
  const [stream] = JSON.parse(new TextDecoder().decode(record)).streams;
  return { issues, stream, stampSigmaMs: scans[0]!.sampling.stampSigmaNs / 1e6 };
}

/** Evenly spread within -1 and 1, the same on every run. */
function scatterer(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

Deno.test("of a timer that wanders nothing is missing, and a stamp is as good as its neighbours say", async () => {
  const scatter = scatterer();
  let [now, pace] = [0, 1];
  const stamps = Array.from({ length: 12_000 }, () => {
    pace += 0.01 * scatter() - 0.01 * (pace - 1);
    now += 10.7 * pace;
    return now + 0.3 * scatter();
  });
  const { issues, stream, stampSigmaMs } = await processStamps(stamps);
  assert.equal(stream.lattice.skipped, "irregular");
  assert.ok(issues.every(({ code }) => code !== "SAMPLES_MISSING"));
  assert.deepEqual([stream.missing_samples, stream.gaps, stream.first_gaps], [0, 0, []]);
  assert.ok(Math.abs(stream.rate_hz / (11_999e3 / (stamps.at(-1)! - stamps[0]!)) - 1) < 0.003);
  // An even spread over 0.6 ms, and intervals that wander by 0.4 ms, on either side of two stamps.
  assert.ok(stampSigmaMs > 0.17 && stampSigmaMs < 0.5, `${stampSigmaMs}`);
});

Deno.test("events that come every now and then have no spread about a period", async () => {
  const scatter = scatterer();
  const events = Array.from({ length: 60 }, (_, index) => ({
    event: "marker",
    label: `${index}`,
    timestamp: new Date(START_MS + 2000 * index + 300 * scatter()).toISOString().slice(0, -1),
  }));
  const { scans } = await processSession({
    folder: memoryFolder("pilot_20250731_143022", {
      "pilot_20250731_143022_log.json": JSON.stringify({ events }),
    }),
    output: new MemoryFolderSink(),
    kernel: new Kernel(),
    sha256,
    version: "test",
    settings: { formats: [] },
  });
  const marked = scans.find(({ schema }) => schema.id.startsWith("session/events"));
  assert.equal(marked?.sampling.count, 60);
  assert.deepEqual([marked.sampling.regular, marked.sampling.gaps], [false, 0]);
  assert.equal(stampSigma(marked), 0);
});

Deno.test("rows that were written twice do not raise the rate of a stream", async () => {
  const scatter = scatterer();
  const stamps = Array.from({ length: 20_000 }, (_, place) => 10 * place + 0.5 * scatter());
  const doubled = stamps.flatMap((stamp, place) => (place % 500 === 250 ? [stamp, stamp] : stamp));
  const { stream } = await processStamps(doubled);
  assert.equal(doubled.length, 20_040);
  assert.ok(Math.abs(stream.rate_hz / 100 - 1) < 1e-5, `${stream.rate_hz}`);
});

Deno.test("gaps are those of the lattice, on the clock of the stream", async () => {
  const scatter = scatterer();
  const isKept = (place: number) => place % 1000 !== 7 && (place < 5000 || place > 5099);
  const places = Array.from({ length: 20_000 }, (_, place) => place).filter(isKept);
  const { stream } = await processStamps(places.map((place) => 10 * place + 0.5 * scatter()));
  assert.equal(stream.missing_samples, 20_000 - places.length);
  assert.equal(stream.missing_samples, stream.lattice.dropped);
  for (const { row, missing, from_ns, to_ns } of stream.first_gaps) {
    assert.equal(missing, places[row]! - places[row - 1]! - 1);
    const error = (time: string, place: number) =>
      Number(BigInt(time) - BigInt((START_MS + 10 * place) * 1e6));
    assert.ok(Math.abs(error(from_ns, places[row - 1]!)) < 0.1e6);
    assert.ok(Math.abs(error(to_ns, places[row]!)) < 0.1e6);
  }
});
