import { type InferenceSession, type TensorInfo, UsageError } from "../../base/mod.ts";
import { parseManifest } from "./parse_manifest.ts";
import type {
  DetectorManifest,
  LandmarksManifest,
  MaskOutput,
  ModelFile,
  ModelInput,
  ModelKind,
  ModelManifest,
  SegmentationManifest,
} from "./model_manifest.ts";

/** What a user says of a network; what is left out is read from the network, where it tells. */
export interface ModelFacts {
  readonly kind: ModelKind;
  readonly file: ModelFile;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly layout?: ModelInput["layout"] | undefined;
  readonly channels?: ModelInput["channels"] | undefined;
  readonly mean?: ModelInput["mean"] | undefined;
  readonly std?: ModelInput["std"] | undefined;
  /** Of a segmentation network: how its numbers become probabilities. */
  readonly activation?: MaskOutput["activation"] | undefined;
  /** Of a segmentation network: the output that is the mask. @default {0} */
  readonly output?: string | number | undefined;
  /** Of a segmentation network: which channels are hands. */
  readonly maskChannels?: readonly number[] | undefined;
  readonly threshold?: number | undefined;
}

/**
 * Describes a network that a user adds. Throws `UsageError` when the network does not tell what must be known, and
 * `DescriptionError` when something that was said cannot be.
 *
 * @param network Inputs and outputs of the loaded network.
 *
 * @example
 * ```ts
 * import { describeModel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const network = {
 *   inputs: [{ name: "x", type: "float32", shape: [1, 3, 256, 320] }],
 *   outputs: [{ name: "y", type: "float32", shape: [1, 2, 256, 320] }],
 * } as const;
 * const file = {
 *   name: "mine", version: "1", family: "mine", fileName: "mine.onnx", bytes: 9,
 *   sha256: "0".repeat(64), licence: "MIT", source: "my own", downloads: [],
 * };
 * const facts = { kind: "segmentation", file, activation: "softmax", maskChannels: [1] } as const;
 * const { input } = describeModel(network, facts);
 * assert.deepEqual(input, { width: 320, height: 256, layout: "nchw" });
 * ```
 */
export function describeModel(
  network: Pick<InferenceSession, "inputs" | "outputs">,
  facts: ModelFacts,
): ModelManifest {
  const input = describeInput(network.inputs, facts);
  const manifest = { ...facts.file, ...partsOf(facts.kind, network.outputs, facts), input };
  // What was said by a user goes through the same gate as a file.
  return parseManifest(JSON.stringify(manifest));
}

function describeInput(inputs: readonly TensorInfo[], facts: ModelFacts): ModelInput {
  const [first] = inputs;
  if (first === undefined || inputs.length > 1 || first.shape.length !== 4) {
    const found = inputs.map(({ shape }) => shape.map((extent) => extent ?? "?").join("x"));
    throw new UsageError(
      `Cannot use the network: it takes ${found.join(" and ") || "nothing"}, not one picture`,
    );
  }
  const { shape } = first;
  const layout = facts.layout ?? (shape[1] === 3 ? "nchw" : "nhwc");
  const [rows, columns] = layout === "nchw" ? [shape[2], shape[3]] : [shape[1], shape[2]];
  const [width, height] = [facts.width ?? columns, facts.height ?? rows];
  if (width === undefined || height === undefined) {
    throw new UsageError(
      "Cannot tell the size of the network's picture: it takes any",
      "Say it with --size WIDTHxHEIGHT",
    );
  }
  const { channels, mean, std } = facts;
  return {
    width,
    height,
    layout,
    ...(channels === undefined ? {} : { channels }),
    ...(mean === undefined ? {} : { mean }),
    ...(std === undefined ? {} : { std }),
  };
}

type Parts =
  | Pick<DetectorManifest, "kind" | "anchors" | "outputs">
  | Pick<LandmarksManifest, "kind" | "outputs" | "depthScale">
  | Pick<SegmentationManifest, "kind" | "outputs">;

function partsOf(kind: ModelKind, outputs: readonly TensorInfo[], facts: ModelFacts): Parts {
  if (kind === "segmentation") return { kind, outputs: { mask: maskOf(outputs, facts) } };
  if (kind === "detector") {
    return {
      kind,
      anchors: [{ stride: 8, each: 2 }, { stride: 16, each: 6 }],
      outputs: {
        boxes: { output: mustFind(outputs, 18, 0, "boxes") },
        scores: { output: mustFind(outputs, 1, 0, "scores"), activation: "sigmoid" },
      },
    };
  }
  const handedness = findOutput(outputs, 1, 1);
  const world = findOutput(outputs, 63, 1);
  return {
    kind,
    depthScale: 0.4,
    outputs: {
      landmarks: { output: mustFind(outputs, 63, 0, "landmarks") },
      presence: { output: mustFind(outputs, 1, 0, "presence") },
      ...(handedness === undefined ? {} : { handedness: { output: handedness } }),
      ...(world === undefined ? {} : { world: { output: world } }),
    },
  };
}

/** Place of the n-th output whose last extent is as given. */
function findOutput(
  outputs: readonly TensorInfo[],
  extent: number,
  nth: number,
): number | undefined {
  const places = outputs.flatMap(({ shape }, place) => shape.at(-1) === extent ? [place] : []);
  return places[nth];
}

function mustFind(
  outputs: readonly TensorInfo[],
  extent: number,
  nth: number,
  what: string,
): number {
  const place = findOutput(outputs, extent, nth);
  if (place !== undefined) return place;
  throw new UsageError(
    `Cannot use the network: none of its outputs has ${extent} numbers for ${what}`,
    "Describe it by hand, after docs/formats/models.md",
  );
}

function maskOf(outputs: readonly TensorInfo[], facts: ModelFacts): MaskOutput {
  const { output = 0, activation, maskChannels, threshold } = facts;
  if (activation === undefined) {
    throw new UsageError(
      "Cannot tell what makes probabilities of the network's numbers",
      "Say it with --activation none, sigmoid or softmax",
    );
  }
  const found = typeof output === "number"
    ? outputs[output]
    : outputs.find(({ name }) => name === output);
  if (found === undefined) {
    const names = outputs.map(({ name }) => name).join(", ");
    throw new UsageError(`The network has no output ${output}`, `Its outputs are ${names}`);
  }
  // The channels are the shorter axis, unless there is but one.
  const [, second = Infinity, , fourth = Infinity] = found.shape;
  return {
    output,
    layout: found.shape.length === 4 && fourth < second ? "nhwc" : "nchw",
    activation,
    ...(maskChannels === undefined ? {} : { channels: maskChannels }),
    ...(threshold === undefined ? {} : { threshold }),
  };
}
