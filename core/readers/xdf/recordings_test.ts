import assert from "node:assert/strict";
import { testWithRecording } from "../../../tests/support/shared_data.ts";
import { readFile, type ReadStream } from "./_read.ts";

/** Counts the chunks of a file by tag, by a reading of its own that knows nothing of damage. */
function countChunks(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const counts = [0, 0, 0, 0, 0, 0, 0];
  for (let at = 4; at < bytes.length;) {
    const size = bytes[at]!;
    const length = size === 1 ? bytes[at + 1]! : Number(view.getUint32(at + 1, true));
    counts[view.getUint16(at + 1 + size, true)]!++;
    at += 1 + size + length;
  }
  return counts;
}

/** Stamps of a stream moved to the clock of the recorder by a constant. */
function seconds(times: readonly bigint[]): number[] {
  return times.map((time) => Number(time) / 1e9);
}

testWithRecording("reads minimal.xdf", "xdf/minimal.xdf", async (path) => {
  const bytes = await Deno.readFile(path);
  assert.deepEqual(countChunks(bytes).slice(2), [2, 6, 2, 2, 2]);
  const { streams: [data, texts], issues } = await readFile(bytes);
  const stamps = [5.1, 5.2, 5.3, 5.4, 5.5, 5.6, 5.7, 5.8, 5.9];

  assert.equal(data!.reader.info.name, "SendDataC");
  assert.equal(data!.reader.info.id, 0);
  assert.equal(data!.reader.info.createdAt, 50942.723319709003);
  assert.equal(data!.reader.schema.nominalRateHz, 10);
  assert.deepEqual(seconds(data!.times), stamps);
  assert.deepEqual(data!.columns, [
    [192, 12, 13, 14, 15, 12, 13, 14, 15],
    [255, 22, 23, 24, 25, 22, 23, 24, 25],
    [238, 32, 33, 34, 35, 32, 33, 34, 35],
  ]);
  // The footer says 50979.76 and -0.01.
  assert.deepEqual([...data!.reader.offsets.times], [6.1, 7.1]);
  assert.deepEqual([...data!.reader.offsets.values], [-0.1, -0.1]);

  assert.equal(texts!.reader.info.id, 0x02c0ffee);
  assert.deepEqual(seconds(texts!.times), stamps);
  const [first, ...rest] = texts!.columns[0]!;
  assert.match(String(first), /^<\?xml version="1.0"\?><info><writer>LabRecorder/);
  assert.deepEqual(rest, ["Hello", "World", "from", "LSL", "Hello", "World", "from", "LSL"]);
  assert.equal(texts!.reader.offsets.times.length, 0);
  assert.deepEqual(issues.map(({ code, where }) => [code, where.stream]), [
    ["XDF_OFFSETS_MISSING", "lsl/send_data_string"],
  ]);
});

/** Checks what is known of the clock readings of both streams of the file. */
function checkOffsets({ reader: { offsets }, times }: ReadStream, split: number): void {
  assert.equal(offsets.times.length, 115);
  const steps = offsets.times.slice(1).map((time, index) => time - offsets.times[index]!);
  assert.deepEqual([...steps.keys()].filter((index) => steps[index]! < 0), [81]);
  // In file order the readings of each part stand among the samples of that part.
  assert.ok(offsets.rows[81]! <= split && offsets.rows[82]! >= split);
  assert.ok(offsets.rows.every((rows, index) => index === 0 || rows >= offsets.rows[index - 1]!));
  const back = times.findIndex((time, row) => row > 0 && time < times[row - 1]! - 10n ** 9n);
  assert.equal(back, split);
}

testWithRecording("reads clock_resets.xdf", "xdf/clock_resets.xdf", async (path) => {
  const bytes = await Deno.readFile(path);
  assert.deepEqual(countChunks(bytes).slice(2), [2, 761, 230, 57, 2]);
  const { streams: [markers, signal], issues } = await readFile(bytes);
  assert.deepEqual(issues, []);

  assert.equal(markers!.reader.info.name, "MyMarkerStream");
  assert.equal(markers!.times.length, 175);
  assert.equal(markers!.reader.schema.nominalRateHz, undefined);
  assert.equal(markers!.times[0], 653_153_212_188_500n);
  assert.equal(markers!.times.at(-1), 259_653_827_900n);
  const texts = markers!.columns[0]!;
  assert.deepEqual(texts.slice(0, 5), ["XXX", "Test", "Blah", "Test", "Test-1-2-3"]);
  assert.deepEqual(texts.slice(-5), ["Test-1-2-3", "Testtest", "Test", "Test-1-2-3", "XXX"]);
  checkOffsets(markers!, 91);

  assert.equal(signal!.reader.info.name, "BioSemi");
  assert.equal(signal!.times.length, 27_815);
  assert.equal(signal!.times[0], 653_150_379_117_000n);
  assert.equal(signal!.times.at(-1), 261_926_703_300n);
  const row = (at: number) => signal!.columns.map((column) => Number(column.at(at)).toFixed(3));
  const [start, end] = [row(0).join(" "), row(-1).join(" ")];
  assert.equal(start, "0.142 0.463 0.354 0.220 0.761 0.323 0.312 0.861");
  assert.equal(end, "0.873 0.064 0.684 0.153 0.306 0.123 0.711 0.892");
  checkOffsets(signal!, 12_876);
  const { times, values } = signal!.reader.offsets;
  assert.deepEqual([times[82]!.toFixed(2), values[82]!.toFixed(4)], ["104.62", "1121.1662"]);

  // Both were sent by one laptop, so that they share its clock.
  assert.equal(markers!.reader.schema.clock.id, "bp_lp_022/lsl");
  assert.deepEqual(markers!.reader.schema.clock, signal!.reader.schema.clock);
});
