import assert from "node:assert/strict";
import { IssueError, memoryFolder, UsageError } from "../../base/mod.ts";
import { sha256 } from "../../../runtime/mod.ts";
import {
  describeModel,
  findModels,
  KNOWN_MODELS,
  loadMediapipeModels,
  loadSegmentationModel,
  type ModelManifest,
  parseManifest,
  readModel,
} from "./mod.ts";

function hashOf(bytes: Uint8Array): string {
  const hash = sha256();
  hash.update(bytes);
  return hash.hex();
}

const [DETECTOR, LANDMARKS] = KNOWN_MODELS as [ModelManifest, ModelManifest];

/** The description of contents that stand for a network. */
function described(base: ModelManifest, fileName: string, contents: Uint8Array): ModelManifest {
  const name = fileName.replace(".onnx", "");
  const file = { name, fileName, family: "mine", bytes: contents.length };
  return { ...base, ...file, sha256: hashOf(contents) };
}

function asFile(manifest: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(manifest));
}

const PALM = Uint8Array.of(1, 2, 3);
const HAND = Uint8Array.of(4, 5);
const PALM_MANIFEST = described(DETECTOR, "palm.onnx", PALM);
const HAND_MANIFEST = described(LANDMARKS, "hand.onnx", HAND);
const PAIR = {
  "palm.onnx": PALM,
  "palm.model.json": asFile(PALM_MANIFEST),
  "hand.onnx": HAND,
  "hand.model.json": asFile(HAND_MANIFEST),
};

Deno.test("a folder that is not there has no network, and nothing is wrong with it", async () => {
  const folder = memoryFolder("models", {});
  const missing = {
    ...folder,
    list: () => {
      throw new Error("no such folder");
    },
  };
  const { models, issues } = await findModels(missing, { sha256 });
  assert.deepEqual(issues, []);
  assert.ok(models.every(({ state }) => state === "absent"));
  assert.equal(models.length, KNOWN_MODELS.length);
});

Deno.test("networks that were added are found and used before others", async () => {
  const { models, issues } = await loadMediapipeModels(memoryFolder("m", PAIR), { sha256 });
  assert.deepEqual(issues, []);
  assert.deepEqual(models?.detector, { manifest: PALM_MANIFEST, contents: PALM });
  assert.deepEqual(models?.landmarks, { manifest: HAND_MANIFEST, contents: HAND });
});

Deno.test("a network is found by its contents when it has another name", async () => {
  const renamed = { ...PAIR, "renamed.onnx": PALM, "palm.onnx": Uint8Array.of(9, 9, 9) };
  const { models, issues } = await findModels(memoryFolder("m", renamed), { sha256 });
  const palm = models.find(({ manifest }) => manifest.name === "palm");
  assert.deepEqual([palm?.state, palm?.path], ["ready", "renamed.onnx"]);
  assert.deepEqual(issues, []);
});

Deno.test("a network with a wrong hash is an issue and not used", async () => {
  for (const wrong of [Uint8Array.of(1, 2, 4), Uint8Array.of(1)]) {
    const folder = memoryFolder("m", { ...PAIR, "palm.onnx": wrong });
    const { models, issues } = await loadMediapipeModels(folder, { sha256 });
    assert.equal(models, undefined);
    assert.deepEqual(issues.map(({ code }) => code), ["MODEL_HASH_MISMATCH", "MODEL_MISSING"]);
    assert.equal(issues[0]!.params["found"], hashOf(wrong));
    assert.equal(issues[0]!.params["expected"], hashOf(PALM));
  }
});

Deno.test("contents that change after the search are not used", async () => {
  const folder = memoryFolder("m", { "palm.onnx": Uint8Array.of(7) });
  await assert.rejects(readModel(folder, PALM_MANIFEST, "palm.onnx", sha256), IssueError);
});

Deno.test("half a pair is none, and families are not mixed", async () => {
  const other = { ...HAND_MANIFEST, family: "other" };
  const folder = memoryFolder("m", { ...PAIR, "hand.model.json": asFile(other) });
  assert.equal((await loadMediapipeModels(folder, { sha256 })).models, undefined);
});

Deno.test("a name that is not known is told with the one that was meant", async () => {
  const folder = memoryFolder("m", PAIR);
  const wrong = loadMediapipeModels(folder, { sha256, name: "mediapipe-lit" });
  await assert.rejects(wrong, /did you mean mediapipe-lite\?/);
  await assert.rejects(loadSegmentationModel(folder, { sha256, name: "x" }), UsageError);
  const { issues } = await loadSegmentationModel(folder, { sha256 });
  assert.deepEqual(issues.map(({ code }) => code), ["MODEL_MISSING"]);
});

/** Descriptions that are wrong in one place, and what is said of it. */
const WRONG: readonly (readonly [Record<string, unknown>, RegExp])[] = [
  [{ kind: "classifier" }, /kind must be one of/],
  [{ kind: "toString" }, /kind must be one of/],
  [{ sha256: "abc" }, /sha256 must be 64 hexadecimal digits/],
  [{ fileName: "../evil.onnx" }, /fileName must be a file name/],
  [{ bytes: -1 }, /bytes must be a whole number/],
  [{ bytes: 1.5 }, /bytes must be a whole number/],
  [{ downloads: ["http://example.org/a"] }, /downloads\[0\] must be .*https/],
  [{ input: { width: 1e9, height: 1, layout: "nchw" } }, /input\.width must be/],
  [{ input: { width: 9, height: 9, layout: "nchw", std: [0, 1, 1] } }, /input\.std\[0\]/],
  [{ outputs: { boxes: { output: 0 } } }, /outputs\.scores must be an object/],
  [{ colour: "blue" }, /colour is not a known key/],
  [{ name: undefined }, /name must be .*missing/],
];

for (const [change, message] of WRONG) {
  Deno.test(`a description is refused: ${message.source}`, async () => {
    const wrong = asFile({ ...PALM_MANIFEST, ...change });
    assert.throws(() => parseManifest(new TextDecoder().decode(wrong)), message);
    const folder = memoryFolder("m", { ...PAIR, "palm.model.json": wrong });
    const { issues } = await findModels(folder, { sha256 });
    assert.deepEqual(issues.map(({ code }) => code), ["MODEL_DESCRIPTION_INVALID"]);
    assert.equal(issues[0]!.where.path, "palm.model.json");
  });
}

Deno.test("any bytes as a description give an issue at most", async () => {
  const whole = asFile(PALM_MANIFEST);
  for (let at = 0; at < whole.length; at += 3) {
    const damaged = whole.slice();
    damaged[at] = damaged[at]! ^ 0x41;
    await findModels(memoryFolder("m", { "palm.model.json": damaged }), { sha256 });
  }
  const huge = new Uint8Array(1 << 17).fill(0x20);
  const { issues } = await findModels(memoryFolder("m", { "a.model.json": huge }), { sha256 });
  assert.deepEqual(issues.map(({ code }) => code), ["MODEL_DESCRIPTION_INVALID"]);
});

Deno.test("every description of the toolkit passes its own gate, and names differ", () => {
  for (const manifest of KNOWN_MODELS) {
    assert.deepEqual(parseManifest(JSON.stringify(manifest)), manifest);
  }
  assert.equal(new Set(KNOWN_MODELS.map(({ name }) => name)).size, KNOWN_MODELS.length);
  assert.equal(new Set(KNOWN_MODELS.map(({ sha256 }) => sha256)).size, KNOWN_MODELS.length);
});

const FILE = {
  name: "mine",
  version: "1",
  family: "mine",
  fileName: "mine.onnx",
  bytes: 1,
  sha256: "0".repeat(64),
  licence: "MIT",
  source: "mine",
  downloads: [],
};

Deno.test("a network that takes any size or no picture is asked for or refused", () => {
  const open = {
    inputs: [{ name: "x", type: "float32", shape: [undefined, 3, undefined, undefined] }],
    outputs: [{ name: "y", type: "float32", shape: [undefined, 1, undefined, undefined] }],
  } as const;
  const facts = { kind: "segmentation", file: FILE, activation: "sigmoid" } as const;
  assert.throws(() => describeModel(open, facts), /Cannot tell the size/);
  const { input } = describeModel(open, { ...facts, width: 320, height: 240 });
  assert.deepEqual(input, { width: 320, height: 240, layout: "nchw" });
  assert.throws(
    () => describeModel(open, { kind: "segmentation", file: FILE, width: 9, height: 9 }),
    /what makes probabilities/,
  );
  const vector = { ...open, inputs: [{ name: "x", type: "float32", shape: [1, 10] }] } as const;
  assert.throws(() => describeModel(vector, facts), /it takes 1x10, not one picture/);
});

Deno.test("a pair in MediaPipe's form is described as the known ones are", () => {
  const value = (shape: readonly number[]) => ({ name: "n", type: "float32", shape } as const);
  const palm = {
    inputs: [value([1, 192, 192, 3])],
    outputs: [value([1, 2016, 18]), value([1, 2016, 1])],
  };
  const hand = {
    inputs: [value([1, 224, 224, 3])],
    outputs: [value([1, 63]), value([1, 1]), value([1, 1]), value([1, 63])],
  };
  const parts = (manifest: ModelManifest) => {
    const { kind, input, outputs } = manifest;
    return { kind, input, outputs };
  };
  const detector = describeModel(palm, { kind: "detector", file: FILE });
  assert.deepEqual(parts(detector), parts(DETECTOR));
  const landmarks = describeModel(hand, { kind: "landmarks", file: FILE });
  assert.deepEqual(parts(landmarks), parts(LANDMARKS));
  assert.throws(
    () => describeModel(palm, { kind: "landmarks", file: FILE }),
    /none of its outputs has 63 numbers/,
  );
});
