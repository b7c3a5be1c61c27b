import assert from "node:assert/strict";
import { MemoryFolderSink } from "../../simulate/mod.ts";
import { ContactSheet, type RgbPicture } from "./contact_sheet.ts";

function pictureOf(value: number): RgbPicture {
  return { width: 2, height: 1, rgb: new Uint8Array(6).fill(value) };
}

/** The values of the tiles, in their order. */
function valuesOf(sheet: ContactSheet): number[] {
  const { width, height, rgb } = sheet.compose()!;
  const values: number[] = [];
  for (let y = 4; y < height; y += 5) {
    for (let x = 4; x < width; x += 6) values.push(rgb[3 * (y * width + x)]!);
  }
  return values;
}

Deno.test("a sheet shows pictures at even distances, at most sixteen, however many there are", async () => {
  for (
    const [count, expected] of [[3, [1, 2, 3, 0]], [20, [
      1,
      3,
      5,
      7,
      9,
      11,
      13,
      15,
      17,
      19,
      0,
      0,
    ]]] as const
  ) {
    const sheet = await ContactSheet.open(new MemoryFolderSink(), "work", 0);
    for (let place = 0; place < count; place++) sheet.offer(place, () => pictureOf(place + 1));
    assert.deepEqual(valuesOf(sheet), expected.slice(0, count === 3 ? 3 : 12));
  }
});

Deno.test("pictures that are not shown are not drawn", async () => {
  const sheet = await ContactSheet.open(new MemoryFolderSink(), "work", 0);
  let drawn = 0;
  for (let place = 0; place < 10_000; place++) {
    sheet.offer(place, () => {
      drawn++;
      return pictureOf(1);
    });
  }
  assert.ok(drawn < 120, `${drawn}`);
});

Deno.test("a sheet that is taken up later is the one that would have been", async () => {
  const whole = await ContactSheet.open(new MemoryFolderSink(), "work", 0);
  for (let place = 0; place < 90; place++) whole.offer(place, () => pictureOf(place));
  const output = new MemoryFolderSink();
  const first = await ContactSheet.open(output, "work", 0);
  for (let place = 0; place < 50; place++) first.offer(place, () => pictureOf(place));
  await first.save();
  // The search itself was kept only up to its fortieth picture.
  const second = await ContactSheet.open(output, "work", 40);
  for (let place = 40; place < 90; place++) second.offer(place, () => pictureOf(place));
  assert.deepEqual(second.compose(), whole.compose());
});

Deno.test("without pictures there is no sheet", async () => {
  assert.equal((await ContactSheet.open(new MemoryFolderSink(), "work", 0)).compose(), undefined);
});
