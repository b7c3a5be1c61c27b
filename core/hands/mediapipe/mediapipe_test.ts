import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import {
  countingBackend,
  decodeRgb,
  liteModels,
  samplePath,
  testWithSamples,
} from "../_samples.ts";
import { IssueError } from "../../base/mod.ts";
import type { MediapipeModels } from "../manifest/mod.ts";
import type { Hand, HandMethod } from "../model.ts";
import { FrameImage, HandMasker, Kernel } from "../../../wasm/mod.ts";
import { rgbPicture } from "../_samples.ts";
import { PlainPicture } from "./_picture.ts";
import { type MediapipeOptions, openMediapipe } from "./mod.ts";

/** The method, with the picture that it searches. */
interface Opened {
  readonly method: HandMethod;
  readonly image: FrameImage;
  readonly runs: Map<string, number>;
  load(rgb: Uint8Array): void;
}

async function open(
  width: number,
  height: number,
  options: Partial<MediapipeOptions<FrameImage>> = {},
): Promise<Opened> {
  const { backend, runs } = await countingBackend();
  const kernel = new Kernel();
  const image = new FrameImage(kernel);
  const masker = new HandMasker(kernel);
  const models = await liteModels();
  const method = await openMediapipe({ image, masker, backend, models, ...options });
  return { method, image, runs, load: (rgb) => image.load(rgbPicture(rgb, width, height)) };
}

/** Numbers of x and y in MediaPipe's own record of landmarks. */
async function expectedPoints(name: string): Promise<number[]> {
  const text = await readFile(samplePath(`expected/${name}`), "utf8");
  return [...text.matchAll(/[xy]: ([\d.]+)/g)].map(([, value]) => Number(value));
}

/** Greatest distance from expected points along an axis, of the picture's extent. */
function greatestError(
  hand: Hand,
  expected: readonly number[],
  image: Pick<FrameImage, "width" | "height">,
): number {
  const errors = expected.map((value, at) => {
    const extent = at % 2 === 0 ? image.width : image.height;
    return Math.abs(hand.landmarks![3 * (at >> 1) + at % 2]! / extent - value);
  });
  return Math.max(...errors);
}

testWithSamples("landmarks of a still are those that MediaPipe publishes for it", async () => {
  const { method, image, load, runs } = await open(720, 382);
  for await (const rgb of decodeRgb(samplePath("rgb/hands.jpg"), 720, 382)) load(rgb);
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
  for (const { area, box, mask } of hands) {
    assert.ok(area > 15_000 && area < 0.7 * box.width * box.height, String(area));
    assert.equal(mask!.counts.reduce((sum, count) => sum + count), 720 * 382);
  }
});

testWithSamples(
  "cutting pictures out in the kernel or by definition gives the same hands",
  async () => {
    const { method, load } = await open(720, 382, { mask: "none" });
    const plain = new PlainPicture(720, 382, new Uint8Array(720 * 382 * 3));
    for await (const rgb of decodeRgb(samplePath("rgb/hands.jpg"), 720, 382)) {
      load(rgb);
      plain.rgb.set(rgb);
    }
    const { backend } = await countingBackend();
    const byDefinition = await openMediapipe({ image: plain, backend, models: await liteModels() });
    const frame = { index: 0, timeNs: undefined };
    const [found, expected] = [await method.process(frame), await byDefinition.process(frame)];
    assert.equal(found.hands.length, expected.hands.length);
    for (const [index, { landmarks }] of found.hands.entries()) {
      const other = expected.hands[index]!.landmarks!;
      for (const [at, value] of landmarks!.entries()) assert.ok(Math.abs(value - other[at]!) < 0.5);
    }
    await method.close();
    await byDefinition.close();
  },
);

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
  const { method, load, runs } = await open(620, 1080, { maxHands: 1 });
  const pixels = await publishedCourse("asl_hand.full.json");
  const metres = await publishedCourse("asl_hand_3d.full.json");
  const [errors, worldErrors]: number[][] = [[], []];
  const ids = new Set<number>();
  let index = 0;
  for await (const rgb of decodeRgb(samplePath("rgb/asl_hand.25fps.mp4"), 620, 1080)) {
    load(rgb);
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
  const { method, load } = await open(320, 256);
  for (let number = 1; number <= 8; number++) {
    const path = samplePath(`thermal/${number}_raw.png`);
    for await (const rgb of decodeRgb(path, 320, 256)) load(rgb);
    method.reset();
    const { hands } = await method.process({ index: number, timeNs: undefined });
    assert.equal(hands.length, 2, `picture ${number}`);
  }
  await method.close();
});

/** Some frames of a clip. */
function clip(name: string, from: number, count: number): AsyncGenerator<Uint8Array> {
  const [width, height] = name.startsWith("hand_") ? [640, 360] : [1280, 720];
  const range = `select='between(n,${from},${from + count - 1})'`;
  return decodeRgb(samplePath(`rgb/${name}`), width!, height!, [range]);
}

testWithSamples("a method that was saved goes on as if it had never stopped", async () => {
  const options = { maxHands: 2, smoothing: {}, searchEvery: 4 };
  const whole = await open(640, 360, options);
  let parted = await open(640, 360, options);
  let index = 0;
  for await (const rgb of clip("hand_landmarker__test_video.mp4", 150, 20)) {
    const frame = { index, timeNs: BigInt(index) * 40_000_000n };
    whole.load(rgb);
    const expected = await whole.method.process(frame);
    if (index % 7 === 3) {
      const saved: unknown = JSON.parse(JSON.stringify(parted.method.save()));
      await parted.method.close();
      parted = await open(640, 360, options);
      parted.method.restore(saved);
    }
    parted.load(rgb);
    assert.deepEqual(await parted.method.process(frame), expected);
    index++;
  }
  assert.equal(index, 20);
  await whole.method.close();
  await parted.method.close();
});

testWithSamples("a known right hand is a right hand, under one id", async () => {
  const { method, load } = await open(1280, 720, { maxHands: 1, mask: "none" });
  const [ids, sides] = [new Set<number>(), new Set<string | undefined>()];
  let index = 0;
  // A person who looks into the camera raises the arm on the left of the picture.
  for await (const rgb of clip("gesture_recognizer__test_video.mp4", 90, 40)) {
    load(rgb);
    const { hands } = await method.process({ index, timeNs: undefined });
    for (const { id, handedness } of hands) {
      ids.add(id);
      sides.add(handedness);
    }
    assert.equal(hands.length, 1, `frame ${index}`);
    index++;
  }
  await method.close();
  assert.deepEqual([[...ids], [...sides]], [[0], ["right"]]);
});

testWithSamples("a network of another shape than described is told", async () => {
  const models = await liteModels();
  const { backend } = await countingBackend();
  const image = new FrameImage(new Kernel());
  const manifest = {
    ...models.detector.manifest,
    input: { width: 128, height: 128, layout: "nhwc" },
  };
  const wrong = [
    { ...models, detector: { ...models.detector, contents: models.landmarks.contents } },
    { ...models, detector: { ...models.detector, manifest } },
  ] as MediapipeModels[];
  for (const models of wrong) {
    await assert.rejects(
      openMediapipe({ image, backend, models }),
      (error) => error instanceof IssueError && error.issue.code === "MODEL_SHAPE_MISMATCH",
    );
  }
});
