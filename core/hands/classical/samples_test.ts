import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { FrameImage, HandMasker, Kernel, maskBitmap } from "../../../wasm/mod.ts";
import { overlap } from "../../../wasm/facade/_hands.ts";
import { decodeRgb, rgbPicture, samplePath, testWithSamples } from "../_samples.ts";
import { colorMethod, contourMethod } from "./mod.ts";

testWithSamples("both hands are found in every thermal picture", async () => {
  const kernel = new Kernel();
  const image = new FrameImage(kernel);
  for (const make of [colorMethod, contourMethod]) {
    const method = make({ kernel, image });
    const ids = new Set<number>();
    for (let index = 0; index < 8; index++) {
      const path = samplePath(`thermal/${index + 1}_raw.png`);
      for await (const rgb of decodeRgb(path, 320, 256)) image.load(rgbPicture(rgb, 320, 256));
      const { hands } = await method.process({ index, timeNs: undefined });
      assert.equal(hands.length, 2, `${method.name} ${index}`);
      hands.forEach(({ id }) => ids.add(id));
    }
    assert.deepEqual([...ids].sort(), [0, 1]);
    await method.close();
  }
});

/** Landmarks that the full network of MediaPipe found, one hand a picture. */
async function publishedLandmarks(): Promise<Float32Array[]> {
  const text = await readFile(samplePath("rgb/asl_hand.full.json"), "utf8");
  const pictures = JSON.parse(text) as readonly (readonly (readonly number[])[])[];
  return pictures.map((points) =>
    Float32Array.from(points.flatMap(([x = NaN, y = NaN]) => [x, y, 0]))
  );
}

testWithSamples("one bare arm: its hand is found and covers that of the landmarks", async () => {
  const kernel = new Kernel();
  const image = new FrameImage(kernel);
  const masker = new HandMasker(kernel);
  const published = await publishedLandmarks();
  for (const make of [colorMethod, contourMethod]) {
    const method = make({ kernel, image, maxHands: 1 });
    const ids = new Set<number>();
    let [index, sum] = [0, 0];
    for await (const rgb of decodeRgb(samplePath("rgb/asl_hand.25fps.mp4"), 620, 1080)) {
      image.load(rgbPicture(rgb, 620, 1080));
      const { hands: [hand] } = await method.process({ index, timeNs: undefined });
      assert.ok(hand?.mask !== undefined, `${method.name} ${index}`);
      ids.add(hand.id);
      const { mask } = masker.mask(image, published[index++]!, "capsule");
      sum += overlap(maskBitmap(kernel, hand.mask), maskBitmap(kernel, mask));
    }
    assert.equal(index, 325);
    assert.deepEqual([...ids], [0]);
    assert.ok(sum / index > 0.7, `${method.name}: ${sum / index}`);
    await method.close();
  }
});
