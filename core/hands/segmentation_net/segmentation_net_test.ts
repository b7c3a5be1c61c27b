import assert from "node:assert/strict";
import { FrameImage, HandMasker, Kernel } from "../../../wasm/mod.ts";
import { onnxBackend } from "../../../runtime/onnx/mod.ts";
import { IssueError } from "../../base/mod.ts";
import { type OnnxGraph, onnxModel } from "../_onnx.ts";
import { rgbPicture } from "../_samples.ts";
import type { LoadedModel, SegmentationManifest } from "../manifest/mod.ts";
import type { HandMethod } from "../model.ts";
import { encode, plainMasker } from "./_masker.ts";
import { openSegmentationNet, type SegmentationNetOptions } from "./mod.ts";

const [WIDTH, HEIGHT] = [64, 48];
const [INPUT_WIDTH, INPUT_HEIGHT] = [32, 24];

/** A part of a picture in a colour. */
interface Patch {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: readonly [number, number, number];
}

const RED = [255, 0, 0] as const;

function draw(patches: readonly Patch[]): Uint8Array {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  for (const { x, y, width, height, colour } of patches) {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) {
        rgb.set(colour, 3 * (row * WIDTH + column));
      }
    }
  }
  return rgb;
}

/** The mask of a patch by itself. */
function maskOf({ x, y, width, height }: Patch) {
  const bitmap = new Uint8Array(WIDTH * HEIGHT);
  for (let row = y; row < y + height; row++) {
    bitmap.fill(1, row * WIDTH + x, row * WIDTH + x + width);
  }
  return encode(bitmap, WIDTH, HEIGHT);
}

type Layout = "nchw" | "nhwc";

/** A network that mixes the channels of each pixel: as many outputs as rows of weights. */
function mixer(layout: Layout, weights: readonly (readonly number[])[], bias: number): OnnxGraph {
  const shape = (channels: number) =>
    layout === "nchw"
      ? [1, channels, INPUT_HEIGHT, INPUT_WIDTH]
      : [1, INPUT_HEIGHT, INPUT_WIDTH, channels];
  const turn = (from: string, to: string, perm: readonly number[]) =>
    layout === "nchw"
      ? { op: "Identity", inputs: [from], outputs: [to] }
      : { op: "Transpose", inputs: [from], outputs: [to], attributes: { perm } };
  const conv = { kernel_shape: [1, 1] };
  return {
    inputs: [{ name: "picture", shape: shape(3) }],
    outputs: [{ name: "mask", shape: shape(weights.length) }],
    nodes: [
      turn("picture", "planes", [0, 3, 1, 2]),
      { op: "Conv", inputs: ["planes", "w", "b"], outputs: ["mixed"], attributes: conv },
      turn("mixed", "mask", [0, 2, 3, 1]),
    ],
    constants: {
      w: { shape: [weights.length, 3, 1, 1], values: weights.flat() },
      b: { shape: [weights.length], values: weights.map(() => bias) },
    },
  };
}

function modelOf(
  graph: OnnxGraph,
  layout: Layout,
  change: Partial<SegmentationManifest> & {
    readonly mask?: Partial<SegmentationManifest["outputs"]["mask"]>;
  } = {},
): LoadedModel<SegmentationManifest> {
  const contents = onnxModel(graph);
  const { mask, ...rest } = change;
  const manifest: SegmentationManifest = {
    kind: "segmentation",
    name: "test",
    version: "1",
    family: "test",
    fileName: "test.onnx",
    bytes: contents.length,
    sha256: "0".repeat(64),
    licence: "none",
    source: "this test",
    downloads: [],
    input: { width: INPUT_WIDTH, height: INPUT_HEIGHT, layout },
    outputs: { mask: { output: "mask", layout, ...mask } },
    ...rest,
  };
  return { manifest, contents };
}

/** The method and a way to show it pictures. */
async function open(
  model: LoadedModel<SegmentationManifest>,
  options: Partial<SegmentationNetOptions> = {},
): Promise<
  { method: HandMethod; show: (patches: readonly Patch[]) => ReturnType<HandMethod["process"]> }
> {
  const kernel = new Kernel();
  const [image, masker] = [new FrameImage(kernel), new HandMasker(kernel)];
  const backend = await onnxBackend();
  const method = await openSegmentationNet({
    image,
    masker,
    backend,
    model,
    ...options,
  });
  let index = 0;
  return {
    method,
    show: (patches) => {
      image.load(rgbPicture(draw(patches), WIDTH, HEIGHT));
      return method.process({ index: index++, timeNs: undefined });
    },
  };
}

const LARGE: Patch = { x: 8, y: 10, width: 16, height: 20, colour: RED };
const SMALL: Patch = { x: 40, y: 20, width: 12, height: 10, colour: RED };

/** Networks that find red in different words. */
const WORDS: readonly (readonly [string, LoadedModel<SegmentationManifest>])[] = [
  ["probabilities, channels first", modelOf(mixer("nchw", [[1, 0, 0]], 0), "nchw")],
  ["probabilities, channels last", modelOf(mixer("nhwc", [[1, 0, 0]], 0), "nhwc")],
  [
    "logits of one channel",
    modelOf(mixer("nchw", [[20, 0, 0]], -10), "nchw", { mask: { activation: "sigmoid" } }),
  ],
  [
    "logits of three channels, of which the second is a hand",
    modelOf(mixer("nchw", [[-9, 9, 9], [9, 0, 0], [0, 0, 9]], 0), "nchw", {
      mask: { activation: "softmax", channels: [1], threshold: 0.51 },
    }),
  ],
  [
    "a picture in blue, green, red",
    modelOf(mixer("nchw", [[0, 0, 1]], 0), "nchw", {
      input: { width: INPUT_WIDTH, height: INPUT_HEIGHT, layout: "nchw", channels: "bgr" },
    }),
  ],
  [
    "numbers that are shifted and scaled",
    modelOf(mixer("nhwc", [[0.25, 0, 0]], 0.5), "nhwc", {
      input: {
        width: INPUT_WIDTH,
        height: INPUT_HEIGHT,
        layout: "nhwc",
        mean: [0.5, 0.5, 0.5],
        std: [0.25, 0.25, 0.25],
      },
    }),
  ],
];

for (const [name, model] of WORDS) {
  Deno.test(`a network masks hands pixel by pixel: ${name}`, async () => {
    const { method, show } = await open(model);
    const blue: Patch = { ...LARGE, x: 30, y: 0, height: 8, colour: [0, 0, 255] };
    const { hands, searched } = await show([SMALL, LARGE, blue]);
    await method.close();
    assert.ok(searched);
    assert.equal(hands.length, 2);
    for (const [index, patch] of [LARGE, SMALL].entries()) {
      const { id, mask, area, box, confidence } = hands[index]!;
      assert.deepEqual({ mask, area, box }, maskOf(patch));
      assert.equal(id, index);
      assert.ok(confidence > 0.9 && confidence <= 1, String(confidence));
    }
  });
}

Deno.test("a picture of another shape is letterboxed or stretched as described", async () => {
  const square = { width: 32, height: 32, layout: "nchw" } as const;
  const graph = mixer("nchw", [[1, 0, 0]], 0);
  const open32 = {
    ...graph,
    inputs: [{ name: "picture", shape: [1, 3, 32, 32] }],
    outputs: [{ name: "mask", shape: [1, 1, 32, 32] }],
  };
  for (const fit of ["letterbox", "stretch"] as const) {
    const { method, show } = await open(modelOf(open32, "nchw", { input: square, fit }));
    const patch = { ...LARGE, y: 12, height: 24 };
    const { hands } = await show([patch]);
    await method.close();
    assert.deepEqual(hands[0]!.box, maskOf(patch).box, fit);
    assert.deepEqual(hands[0]!.mask, maskOf(patch).mask, fit);
  }
});

Deno.test("masks of slanted edges are those of the definition, made in the kernel or not", async () => {
  const model = modelOf(mixer("nchw", [[1, 0, 0]], 0), "nchw", { minArea: 0 });
  const stairs = Array.from({ length: 14 }, (_, step) => ({
    x: 5 + step * 3,
    y: 3 + step * 2,
    width: 13 - (step % 3),
    height: 9,
    colour: [255 - 7 * step, 0, 0] as const,
  }));
  const [kernel, plain] = [await open(model), await open(model, { masker: plainMasker })];
  const [found, expected] = [await kernel.show(stairs), await plain.show(stairs)];
  assert.equal(found.hands.length, 1);
  assert.deepEqual(found, expected);
  await kernel.method.close();
  await plain.method.close();
});

Deno.test("only the largest hands are kept, and specks are none", async () => {
  const model = modelOf(mixer("nchw", [[1, 0, 0]], 0), "nchw", { minArea: 0.01 });
  const { method, show } = await open(model, { maxHands: 1 });
  assert.deepEqual((await show([SMALL, LARGE])).hands.map(({ area }) => area), [320]);
  // 24 of 3072 pixels are less than a hundredth.
  assert.deepEqual((await show([{ ...SMALL, width: 4, height: 6 }])).hands, []);
  assert.equal((await show([{ ...SMALL, width: 8, height: 4 }])).hands.length, 1);
  await method.close();
});

Deno.test("a hand keeps its id while its places overlap, also after saving", async () => {
  const model = modelOf(mixer("nchw", [[1, 0, 0]], 0), "nchw");
  const first = await open(model);
  await first.show([LARGE, SMALL]);
  // The small one grows to be the larger one; both move a little.
  const moved = [{ ...LARGE, x: 10, height: 8 }, { ...SMALL, x: 36, width: 20, height: 20 }];
  const saved: unknown = JSON.parse(JSON.stringify(first.method.save()));
  const boxes = (hands: readonly { id: number; box: { x: number } }[]) =>
    hands.map(({ id, box }) => [id, box.x]);
  const expected = boxes((await first.show(moved)).hands);
  assert.deepEqual(expected, [[0, 10], [1, 36]]);
  const second = await open(model);
  second.method.restore(saved);
  assert.deepEqual(boxes((await second.show(moved)).hands), expected);
  // After a gap nothing is known any more, and ids are not used again.
  first.method.reset();
  assert.deepEqual((await first.show([LARGE])).hands.map(({ id }) => id), [2]);
  await first.method.close();
  await second.method.close();
});

Deno.test("a network that gives something else than described is told", async () => {
  const graph = mixer("nchw", [[1, 0, 0]], 0);
  const isMismatch = (error: unknown) =>
    error instanceof IssueError && error.issue.code === "MODEL_SHAPE_MISMATCH";
  const input = { width: 64, height: 64, layout: "nchw" } as const;
  await assert.rejects(open(modelOf(graph, "nchw", { input })), isMismatch);
  for (const mask of [{ channels: [1] }, { output: 3 }, { output: "no" }]) {
    const { method, show } = await open(modelOf(graph, "nchw", { mask }));
    await assert.rejects(show([LARGE]), isMismatch);
    await method.close();
  }
});
