import assert from "node:assert/strict";
import { MemorySink } from "../../../tests/support/memory_sink.ts";
import { rawFromCelsius, ThermalWriter } from "./mod.ts";

Deno.test("layout 1 holds magic, big-endian size and time, little-endian pixels", async () => {
  const sink = new MemorySink();
  const writer = new ThermalWriter(sink, { version: 1, width: 2, height: 1 });
  await writer.addFrame(0x0102030405060708n, Uint16Array.of(0x1122, 0x3344));
  await writer.finish();
  const expected = [..."THERMAL1"].map((letter) => letter.charCodeAt(0));
  expected.push(0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0x22, 0x11, 0x44, 0x33);
  assert.deepEqual([...sink.bytes], expected);
});

Deno.test("layout 2 adds the configuration behind its length", async () => {
  const sink = new MemorySink();
  await new ThermalWriter(sink, { config: "emissivity=0.95" }).finish();
  const view = new DataView(sink.bytes.buffer);
  assert.deepEqual([view.getInt32(8), view.getInt32(12), view.getInt32(16)], [256, 192, 15]);
  assert.equal(new TextDecoder().decode(sink.bytes.subarray(20)), "emissivity=0.95");
});

Deno.test("a frame of 256 x 192 pixels takes 98,312 bytes", async () => {
  const sink = new MemorySink();
  const writer = new ThermalWriter(sink, { version: 1 });
  for (let n = 0; n < 2; n++) await writer.addFrame(BigInt(n), new Uint16Array(256 * 192));
  assert.equal(sink.position, 16 + 2 * 98_312);
});

Deno.test("temperatures are 64 counts per kelvin", () => {
  assert.equal(rawFromCelsius(-273.15), 0);
  assert.equal(rawFromCelsius(26.85), 300 * 64);
  assert.equal(rawFromCelsius(2000), 65535);
});

Deno.test("misuse is refused", async () => {
  assert.throws(() => new ThermalWriter(new MemorySink(), { version: 1, config: "" }), TypeError);
  const writer = new ThermalWriter(new MemorySink());
  await assert.rejects(writer.addFrame(0n, new Uint16Array(3)), RangeError);
});
