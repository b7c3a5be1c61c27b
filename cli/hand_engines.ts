import {
  createIssue,
  type HandEngine,
  type HandMethodName,
  type HandNetworks,
  type HandOptions,
  type Issue,
  IssueError,
  Kernel,
  loadMediapipeModels,
  loadSegmentationModel,
  openHandEngine,
  type VideoDecoders,
} from "session-process";
import { modelsFolder, openFolder, sha256 } from "session-process/runtime";
import { stringOption } from "./arguments.ts";
import type { Arguments, OptionSpec } from "./command.ts";
import { choiceOption, countOption, probabilityOption } from "./hand_arguments.ts";

const METHODS: readonly HandMethodName[] = ["mediapipe", "color_based", "contour_based", "model"];
const MASKS = ["adaptive", "capsule", "hull"] as const;
const BACKENDS = ["wasm", "webgpu"] as const;
/** A constant, since the last bits of results depend on it. */
const DEFAULT_THREADS = 2;

/** How hands are found. */
export const HAND_OPTIONS = {
  method: {
    type: "string",
    value: "NAME",
    help: `One of ${METHODS.join(", ")} (default: mediapipe, or color_based without its networks)`,
  },
  "max-hands": { type: "string", value: "N", help: "Most hands in one picture (default: 2)" },
  confidence: {
    type: "string",
    value: "P",
    help: "Least certainty, 0 to 1, with which a hand is found (default: 0.5)",
  },
  "tracking-confidence": {
    type: "string",
    value: "P",
    help: "Least certainty, 0 to 1, with which a hand is followed (default: 0.5)",
  },
  mask: {
    type: "string",
    value: "KIND",
    help: `Masks of landmarks: ${MASKS.join(", ")} (default: adaptive)`,
  },
  smooth: { type: "boolean", help: "Steady the landmarks, which lag a little then" },
  models: { type: "string", value: "DIR", help: "Folder of the networks (default: the cache)" },
  model: { type: "string", value: "NAME", help: "Network, or family of networks, of that folder" },
  backend: {
    type: "string",
    value: "NAME",
    help: "Where networks run: wasm, or webgpu, whose results differ a little (default: wasm)",
  },
  threads: {
    type: "string",
    value: "N",
    help: `Threads of the networks; last digits depend on it (default: ${DEFAULT_THREADS})`,
  },
} as const satisfies Record<string, OptionSpec>;

/** What finds hands, as the user wants it and as the machine has it. */
export interface HandEngines {
  readonly openEngine: () => Promise<HandEngine>;
  readonly maxHands: number | undefined;
  /** What was wrong with the networks, and that another method stands in. */
  readonly issues: readonly Issue[];
}

/** Chooses a method and loads what it runs on. Nothing heavy is loaded for methods without networks. */
export async function handEngines(args: Arguments): Promise<HandEngines> {
  const options = handOptions(args);
  const { networks, issues } = await networksFor(args, options.method);
  const fallback = options.method === undefined && networks === undefined;
  return {
    openEngine: () => openHandEngine({ ...options, kernel: new Kernel(), networks }),
    maxHands: options.maxHands,
    issues: fallback
      ? [createIssue("HANDS_NO_MODEL", { method: "color_based" }), ...issues.filter(isOther)]
      : issues,
  };
}

/** That a network is missing is said once. */
function isOther({ code }: Issue): boolean {
  return code !== "MODEL_MISSING";
}

function handOptions(args: Arguments): HandOptions {
  return {
    method: choiceOption(args, "method", METHODS),
    maxHands: countOption(args, "max-hands"),
    confidence: probabilityOption(args, "confidence"),
    trackingConfidence: probabilityOption(args, "tracking-confidence"),
    mask: choiceOption(args, "mask", MASKS),
    smoothing: args.values["smooth"] === true ? {} : undefined,
    threads: countOption(args, "threads") ?? DEFAULT_THREADS,
  };
}

/** Networks that are there, and what is wrong with those of the folder. */
interface FoundNetworks {
  readonly networks: HandNetworks | undefined;
  readonly issues: readonly Issue[];
}

/** The networks of a method. A method that was named must have its own. */
async function networksFor(
  args: Arguments,
  method: HandMethodName | undefined,
): Promise<FoundNetworks> {
  if (method === "color_based" || method === "contour_based") {
    return { networks: undefined, issues: [] };
  }
  const folder = openFolder(stringOption(args, "models") ?? modelsFolder());
  const options = { sha256, name: stringOption(args, "model") };
  const found = method === "model"
    ? await loadSegmentationModel(folder, options)
    : await loadMediapipeModels(folder, options);
  const missing = found.issues.find(({ code }) => code === "MODEL_MISSING");
  if (method !== undefined && missing !== undefined) throw new IssueError(missing);
  if (found.models === undefined) return { networks: undefined, issues: found.issues };
  const { onnxBackend } = await import("session-process/onnx");
  const backend = await onnxBackend({ backend: choiceOption(args, "backend", BACKENDS) ?? "wasm" });
  const networks = "detector" in found.models
    ? { backend, mediapipe: found.models }
    : { backend, segmentation: found.models };
  return { networks, issues: found.issues };
}

/** Decoders of video: the user's own ffmpeg where it was named, else what there is. */
export async function handDecoders(args: Arguments): Promise<VideoDecoders> {
  const { videoDecoders } = await import("session-process/video");
  const program = stringOption(args, "ffmpeg");
  return program === undefined
    ? videoDecoders()
    : videoDecoders({ decoder: "ffmpeg", ffmpegProgram: program });
}
