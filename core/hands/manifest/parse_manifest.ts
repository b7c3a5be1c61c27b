import { reasonOf } from "../../base/mod.ts";
import {
  type Check,
  DescriptionError,
  either,
  listOf,
  numeric,
  oneOf,
  record,
  text,
  whole,
} from "./check.ts";
import { MODEL_KINDS, type ModelManifest } from "./model_manifest.ts";

/** Largest side of a network's input: what a description asks for is reserved. */
const SIDE = whole(1, 4096);
const WORDS = text(/^[^\p{Cc}]{1,400}$/u, "a text of one line");
const NAME = text(/^[a-z0-9][a-z0-9._-]{0,63}$/, "lower-case letters, digits, dots and dashes");
const OUTPUT = either(whole(0, 63), WORDS);
const TRIPLE = listOf(numeric(-1000, 1000), 3, 3);
const DEVIATIONS = listOf(numeric(1e-6, 1000), 3, 3);
const LAYOUT = oneOf("nhwc", "nchw");

const FILE = {
  name: NAME,
  version: WORDS,
  family: NAME,
  fileName: text(/^[^\\/\p{Cc}]+\.onnx$/u, "a file name that ends with .onnx"),
  bytes: whole(1, 2 ** 31),
  sha256: text(/^[0-9a-f]{64}$/, "64 hexadecimal digits"),
  licence: WORDS,
  source: WORDS,
  downloads: listOf(text(/^https:\/\/\S+$/, "an address that begins with https://"), 0, 8),
};

const INPUT = record({
  "name?": WORDS,
  width: SIDE,
  height: SIDE,
  layout: LAYOUT,
  "channels?": oneOf("rgb", "bgr"),
  "mean?": TRIPLE,
  "std?": DEVIATIONS,
});

const NUMBERS = record({ output: OUTPUT, "activation?": oneOf("none", "sigmoid") });

const KINDS: Readonly<Record<string, Check>> = {
  detector: record({
    ...FILE,
    kind: oneOf("detector"),
    input: INPUT,
    anchors: listOf(record({ stride: whole(1, 1024), each: whole(1, 64) }), 1, 8),
    outputs: record({ boxes: NUMBERS, scores: NUMBERS }),
  }),
  landmarks: record({
    ...FILE,
    kind: oneOf("landmarks"),
    input: INPUT,
    outputs: record({
      landmarks: NUMBERS,
      presence: NUMBERS,
      "handedness?": NUMBERS,
      "world?": NUMBERS,
    }),
    "depthScale?": numeric(1e-3, 1e3),
  }),
  segmentation: record({
    ...FILE,
    kind: oneOf("segmentation"),
    input: INPUT,
    "fit?": oneOf("letterbox", "stretch"),
    outputs: record({
      mask: record({
        output: OUTPUT,
        layout: LAYOUT,
        "activation?": oneOf("none", "sigmoid", "softmax"),
        "channels?": listOf(whole(0, 4095), 1, 64),
        "threshold?": numeric(0, 1),
      }),
    }),
    "minArea?": numeric(0, 1),
  }),
};

/**
 * Reads the description of a network. Throws `DescriptionError` that says what is wrong with it.
 *
 * @param json The text of the description, as in docs/formats/models.md.
 */
export function parseManifest(json: string): ModelManifest {
  const value = parseJson(json);
  const kind = (value as { kind?: unknown } | null)?.kind;
  const check = typeof kind === "string" && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (check === undefined) {
    throw new DescriptionError(`kind must be one of ${MODEL_KINDS.join(", ")}`);
  }
  check(value, "");
  return value as ModelManifest;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new DescriptionError(`it is no JSON: ${reasonOf(error)}`);
  }
}
