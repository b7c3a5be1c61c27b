import assert from "node:assert/strict";
import { bytesSource } from "../base/mod.ts";
import * as file from "../readers/xdf/_files.ts";
import { loadXdf } from "../readers/mod.ts";
import { Kernel } from "../../wasm/mod.ts";
import { synchronizeXdf } from "./mod.ts";

const RATE = 50;

/** Stamps 1 ms early and late in turn, of a clock that runs 40 ppm fast; one sample in 500 is missing. */
function recording(): Uint8Array {
  const clock = (t: number) => 300 + t * (1 + 40e-6);
  const chunks = [
    file.header(1, { name: "eeg", rate: RATE, more: "<hostname>laptop</hostname>" }),
    file.header(2, {
      name: "keys",
      format: "string",
      rate: 0,
      more: "<hostname>laptop</hostname>",
    }),
  ];
  for (let second = 0; second < 300; second++) {
    const places = Array.from({ length: RATE }, (_, row) => second * RATE + row);
    chunks.push(file.samples(
      1,
      places.filter((place) => place % 500 !== 499).map((place) => ({
        at: clock(place / RATE) + (place % 2 === 0 ? 0.001 : -0.001),
        values: [place & 255, place >> 8],
      })),
    ));
    if (second % 5 !== 4) continue;
    const now = second + 1;
    chunks.push(file.offset(1, clock(now), now - clock(now)));
    chunks.push(file.samples(2, [{ at: clock(now), values: file.text(`key ${second}`) }]));
  }
  return file.xdfFile(...chunks);
}

Deno.test("puts streams on the clock of the recorder and takes out their jitter", async () => {
  const kernel = new Kernel();
  const loaded = await loadXdf(bytesSource(recording()), { kernel });
  const { streams: [eeg, keys], issues } = synchronizeXdf(kernel, loaded);
  assert.deepEqual(issues, []);
  assert.equal(eeg!.model?.driftPpm.toFixed(1), "-40.0");
  assert.equal(eeg!.dropped, 29);
  assert.equal(eeg!.rateHz.toFixed(3), "50.000");
  const places = eeg!.stream.channels[0] as Int16Array;
  for (const [row, time] of eeg!.times.entries()) {
    const error = Number(time) - places[row]! / RATE * 1e9;
    assert.ok(Math.abs(error) < 20_000, `sample ${row} is ${error} ns off`);
  }
  // Texts come when they come: they are moved to the clock of the recorder by the readings of the same computer.
  assert.equal(keys!.model, eeg!.model);
  assert.equal(keys!.dropped, undefined);
  for (const [row, time] of keys!.times.entries()) {
    assert.ok(Math.abs(Number(time) - (5 * row + 5) * 1e9) < 1000);
  }
});

Deno.test("leaves jitter in when asked to, and stamps alone that nothing places", async () => {
  const kernel = new Kernel();
  const [eeg] = await loadXdf(bytesSource(recording()), { kernel });
  const { streams } = synchronizeXdf(kernel, [eeg!], { dejitter: false });
  const error = Number(streams[0]!.times[0]) - 1e6;
  assert.ok(Math.abs(error) < 1000, `first sample is ${error} ns off`);
  const alone = file.xdfFile(
    file.header(1),
    file.samples(1, [{ at: 1, values: [1, 0] }, { at: 2, values: [1, 0] }]),
  );
  const raw = await loadXdf(bytesSource(alone), { kernel });
  const { streams: [untouched] } = synchronizeXdf(kernel, raw);
  assert.equal(untouched!.model, undefined);
  assert.deepEqual([...untouched!.times], [1_000_000_000n, 2_000_000_000n]);
});

Deno.test("samples behind the last offset are not placed by a clock that was set since", async () => {
  const [seconds, at] = [300, 297];
  const clock = (t: number) => 5000 + t - (t >= at ? 4000 : 0);
  const chunks = [file.header(1, { name: "eeg", rate: RATE, more: "<hostname>laptop</hostname>" })];
  for (let second = 0; second < seconds; second++) {
    const places = Array.from({ length: RATE }, (_, row) => second + row / RATE);
    chunks.push(file.samples(1, places.map((t) => ({ at: clock(t), values: [0, 0] }))));
    if (second % 5 === 4 && second < at - 2) {
      chunks.push(file.offset(1, clock(second), second - clock(second) + 1e-6 * (second % 7)));
    }
  }
  const kernel = new Kernel();
  const loaded = await loadXdf(bytesSource(file.xdfFile(...chunks)), { kernel });
  const { streams: [eeg], issues } = synchronizeXdf(kernel, loaded);
  assert.deepEqual(issues.map(({ code }) => code), ["TIME_STEP", "CLOCK_SET_UNSEEN"]);
  for (const [row, time] of eeg!.times.entries()) {
    const error = Math.abs(Number(time) / 1e9 - row / RATE);
    assert.ok(error <= 1.96 * eeg!.sigmas[row]! / 1e9 + 1e-5, `sample ${row} is ${error} s off`);
    assert.ok(
      row >= at * RATE || eeg!.sigmas[row]! < 1e7,
      `${row}: ${eeg!.sigmas[row]} ${eeg!.dropped}`,
    );
  }
});
