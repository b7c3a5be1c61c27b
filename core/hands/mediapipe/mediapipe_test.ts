import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import {
  countingBackend,
  decodeRgb,
  liteModels,
  samplePath,
  testWithSamples,
} from "../_samples.ts";
import type { Hand, HandMethod } from "../model.ts";
import { PlainPicture } from "./_picture.ts";
import { type MediapipeOptions, openMediapipe } from "./mod.ts";

/** The method, with a picture that can be exchanged. */
async function open(
  width: number,
  height: number,
  options: Partial<MediapipeOptions> = {},
): Promise<{ method: HandMethod; image: PlainPicture; runs: Map<string, number> }> {
  const { backend, runs } = await countingBackend();
  const image = new PlainPicture(width, height, new Uint8Array(width * height * 3));
  const models = await liteModels();
  return { method: await openMediapipe({ image, backend, models, ...options }), image, runs };
}

/** Numbers of x and y in MediaPipe's own record of landmarks. */
async function expectedPoints(name: string): Promise<number[]> {
  const text = await readFile(samplePath(`expected/${name}`), "utf8");
  return [...text.matchAll(/[xy]: ([\d.]+)/g)].map(([, value]) => Number(value));
}

/** Greatest distance from expected points along an axis, of the picture's extent. */
function greatestError(hand: Hand, expected: readonly number[], image: PlainPicture): number {
  const errors = expected.map((value, at) => {
    const extent = at % 2 === 0 ? image.width : image.height;
    return Math.abs(hand.landmarks![3 * (at >> 1) + at % 2]! / extent - value);
  });
  return Math.max(...errors);
}

testWithSamples("landmarks of a still are those that MediaPipe publishes for it", async () => {
  const { method, image, runs } = await open(720, 382);
  for await (const rgb of decodeRgb(samplePath("rgb/hands.jpg"), 720, 382)) image.rgb.set(rgb);
  const { hands, searched } = await method.process({ index: 0, timeNs: 0n });
  await method.close();
  assert.ok(searched);
  assert.equal(hands.length, 2);
  for (const name of ["left_up", "left_down"]) {
    const expected = await expectedPoints(`expected_${name}_hand_landmarks.prototxt`);
    assert.equal(expected.length, 42);
    const errors = hands.map((hand) => greatestError(hand, expected, image));
    // Hands with only the lite networks' tolerance between them and the published points.
    assert.ok(Math.min(...errors) <= 0.03, `${name}: ${errors}`);
  }
  // Both are seen from the back with the thumb to the inside of a left hand.
  assert.deepEqual(hands.map(({ handedness }) => handedness), ["left", "left"]);
  assert.equal(runs.get("palm_detection_lite.onnx"), 1);
});

/** The published course of a hand: of each frame 21 points of x, y, z. */
async function publishedCourse(name: string): Promise<number[][][]> {
  return JSON.parse(await readFile(samplePath(`rgb/${name}`), "utf8"));
}

function meanDistance(points: Float32Array, expected: readonly number[][], axes: number): number {
  let sum = 0;
  for (const [index, point] of expected.entries()) {
    let squares = 0;
    for (let axis = 0; axis < axes; axis++) {
      squares += (points[3 * index + axis]! - point[axis]!) ** 2;
    }
    sum += Math.sqrt(squares);
  }
  return sum / expected.length;
}

testWithSamples("a hand is followed through a clip without being looked for again", async () => {
  const { method, image, runs } = await open(620, 1080, { maxHands: 1 });
  const pixels = await publishedCourse("asl_hand.full.json");
  const metres = await publishedCourse("asl_hand_3d.full.json");
  const [errors, worldErrors]: number[][] = [[], []];
  const ids = new Set<number>();
  let index = 0;
  for await (const rgb of decodeRgb(samplePath("rgb/asl_hand.25fps.mp4"), 620, 1080)) {
    image.rgb.set(rgb);
    const { hands } = await method.process({ index, timeNs: BigInt(index) * 40_000_000n });
    const hand = hands[0];
    assert.ok(hand !== undefined, `frame ${index} has no hand`);
    ids.add(hand.id);
    errors!.push(meanDistance(hand.landmarks!, pixels[index]!, 2));
    worldErrors!.push(meanDistance(hand.worldLandmarks!, metres[index]!, 3));
    index++;
  }
  await method.close();
  assert.equal(index, 325);
  assert.deepEqual([...ids], [0]);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  assert.ok(mean(errors!) <= 9, `mean error is ${mean(errors!)} px`);
  // The published course is of the larger network; its own tests allow 0.012 m.
  assert.ok(mean(worldErrors!) <= 0.012, `mean error is ${mean(worldErrors!)} m`);
  assert.equal(runs.get("palm_detection_lite.onnx"), 1);
  assert.equal(runs.get("hand_landmark_lite.onnx"), 325);
});

testWithSamples("both hands are found in thermal pictures", async () => {
  const { method, image } = await open(320, 256);
  for (let number = 1; number <= 8; number++) {
    const path = samplePath(`thermal/${number}_raw.png`);
    for await (const rgb of decodeRgb(path, 320, 256)) image.rgb.set(rgb);
    method.reset();
    const { hands } = await method.process({ index: number, timeNs: undefined });
    assert.equal(hands.length, 2, `picture ${number}`);
  }
  await method.close();
});
