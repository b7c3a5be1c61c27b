import assert from "node:assert/strict";
import { FrameImage, Kernel } from "../../../wasm/mod.ts";
import { bytesSource, type Issue } from "../../base/mod.ts";
import { findHands, type HandMethod } from "../../hands/mod.ts";
import { openThermal, openThermalFrames } from "./mod.ts";

const START_MS = 1_753_790_000_000;

/** Three frames of 4 x 2 pixels, the last of them cut. */
function recording(): Uint8Array {
  const frame = 8 + 16;
  const file = new Uint8Array(16 + 3 * frame - 5);
  file.set(new TextEncoder().encode("THERMAL1"));
  const view = new DataView(file.buffer);
  view.setInt32(8, 4);
  view.setInt32(12, 2);
  for (let nth = 0; nth < 3; nth++) {
    view.setBigInt64(16 + nth * frame, BigInt(START_MS + 40 * nth));
    for (let pixel = 0; pixel < (nth < 2 ? 8 : 5); pixel++) {
      view.setUint16(24 + nth * frame + 2 * pixel, 19_000 + 100 * nth + pixel * 10, true);
    }
  }
  return file;
}

Deno.test("thermal frames are grey pictures with their raw values at hand", async () => {
  const issues: Issue[] = [];
  const kernel = new Kernel();
  const source = await openThermalFrames(bytesSource(recording()), {
    kernel,
    path: "a.dat",
    low: 0,
    high: 100,
    report: (issue) => void issues.push(issue),
  });
  assert.ok(source !== undefined);
  assert.deepEqual([source.width, source.height, source.frameCount, source.divisor], [4, 2, 2, 64]);
  assert.equal(source.raw().length, 0);
  const seen: [number, bigint | undefined, number[], number[]][] = [];
  for await (const { index, timeNs, data, thermal } of source.frames()) {
    assert.deepEqual(thermal, { raw: source.raw(), divisor: 64 });
    seen.push([index, timeNs, [...data], [...source.raw()]]);
  }
  const ramp = [0, 36, 73, 109, 146, 182, 219, 255];
  assert.deepEqual(
    seen,
    [0, 1].map((nth) => [
      nth,
      BigInt(START_MS + 40 * nth) * 1_000_000n,
      ramp,
      ramp.map((_, pixel) => 19_000 + 100 * nth + pixel * 10),
    ]),
  );
  assert.deepEqual(issues.map(({ code }) => code), ["THERMAL_FRAME_CUT"]);
  assert.deepEqual(source.issues, issues);
  const part: number[] = [];
  for await (const { index } of source.frames({ from: 1 })) part.push(index);
  for await (const { index } of source.frames({ to: 1 })) part.push(index);
  assert.deepEqual(part, [1, 0]);
  await source.close();
});

Deno.test("positions and times of thermal frames are the rows of the stream", async () => {
  const kernel = new Kernel();
  const options = { kernel, path: "a.dat", device: "phone_1", name: "thermal" };
  const [stream] = await openThermal(bytesSource(recording()), options);
  const times: bigint[] = [];
  for await (const batch of stream!.batches()) times.push(...batch.times);
  const source = await openThermalFrames(bytesSource(recording()), { kernel, path: "a.dat" });
  for await (const { index, timeNs } of source!.frames()) assert.equal(timeNs, times[index]);
});

Deno.test("a file without a header gives no thermal frames", async () => {
  const issues: string[] = [];
  const source = await openThermalFrames(bytesSource(new Uint8Array(100)), {
    kernel: new Kernel(),
    path: "a.dat",
    report: ({ code }) => void issues.push(code),
  });
  assert.equal(source, undefined);
  assert.deepEqual(issues, ["THERMAL_BAD_MAGIC"]);
});

Deno.test("hands in thermal frames have the mean temperature of the pixels of their masks", async () => {
  const source = await openThermalFrames(bytesSource(recording()), {
    kernel: new Kernel(),
    path: "a.dat",
    divisor: 63,
  });
  const image = new FrameImage(new Kernel());
  // The right half: columns 2 and 3 of both rows.
  const mask = { width: 4, height: 2, counts: Uint32Array.of(4, 4) };
  const hand = { id: 0, confidence: 1, box: { x: 2, y: 0, width: 2, height: 2 }, area: 4, mask };
  const method: HandMethod = {
    name: "contour_based",
    parameters: {},
    process: ({ index, timeNs }) =>
      Promise.resolve({ frame: index, timeNs, width: 4, height: 2, hands: [hand], searched: true }),
    reset: () => {},
    save: () => null,
    restore: () => {},
    close: () => Promise.resolve(),
  };
  const means: (number | undefined)[] = [];
  for await (const { record } of findHands(source!.frames(), { image, method })) {
    means.push(record.hands[0]?.meanTemperature);
  }
  // Pixels 2, 3, 6 and 7 of each frame, 10 apart.
  assert.deepEqual(
    means,
    [0, 1].map((nth) => (19_000 + 100 * nth + 45) / 63 - 273.15),
  );
});
