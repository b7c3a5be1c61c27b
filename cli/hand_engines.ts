import { stat } from "node:fs/promises";
import {
  createIssue,
  type HandEngine,
  type HandMethodName,
  type HandNetworks,
  type HandOptions,
  type Issue,
  IssueError,
  issueMessage,
  Kernel,
  loadMediapipeModels,
  loadSegmentationModel,
  openHandEngine,
  UsageError,
  type VideoDecoders,
} from "session-process";
import { modelsFolder, openFolder, sha256 } from "session-process/runtime";
import { stringOption } from "./arguments.ts";
import type { Arguments, OptionSpec } from "./command.ts";
import { choiceOption, countOption, probabilityOption } from "./hand_arguments.ts";

const METHODS: readonly HandMethodName[] = ["mediapipe", "color_based", "contour_based", "model"];
const MASKS = ["adaptive", "capsule", "hull"] as const;
const BACKENDS = ["wasm", "webgpu"] as const;
/**
 * A constant, since the last bits of results depend on it. A second thread waits by spinning: measured, it takes half
 * as much processor time again and brings nothing in Deno, and is slower in Node.
 */
const DEFAULT_THREADS = 1;

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
  const backend = choiceOption(args, "backend", BACKENDS);
  const { networks, issues } = await networksFor(args, options.method, backend);
  return {
    openEngine: () => openHandEngine({ ...options, kernel: new Kernel(), networks }),
    maxHands: options.maxHands,
    issues: options.method === undefined && networks === undefined ? standIn(issues) : issues,
  };
}

/** Says that another method stands in; that a network is missing is the reason, and said once. */
function standIn(issues: readonly Issue[]): readonly Issue[] {
  const missing = issues.find(isMissing);
  const reason = missing === undefined ? "No network can be used" : issueMessage(missing);
  return [
    createIssue("HANDS_NO_MODEL", { method: "color_based", reason }),
    ...issues.filter((issue) => !isMissing(issue)),
  ];
}

function isMissing({ code }: Issue): boolean {
  return code === "MODEL_MISSING";
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
  backendName: (typeof BACKENDS)[number] | undefined,
): Promise<FoundNetworks> {
  if (method === "color_based" || method === "contour_based") {
    return { networks: undefined, issues: [] };
  }
  const place = await modelsPlace(args, method);
  if (typeof place !== "string") return { networks: undefined, issues: [place] };
  const options = { sha256, name: stringOption(args, "model") };
  const found = method === "model"
    ? await loadSegmentationModel(openFolder(place), options)
    : await loadMediapipeModels(openFolder(place), options);
  if (found.models === undefined) {
    if (method !== undefined) throw new IssueError(reasonOfNone(found.issues));
    return { networks: undefined, issues: found.issues };
  }
  const { onnxBackend } = await import("session-process/onnx");
  const backend = await onnxBackend({ backend: backendName ?? "wasm" });
  const networks = "detector" in found.models
    ? { backend, mediapipe: found.models }
    : { backend, segmentation: found.models };
  return { networks, issues: found.issues };
}

/** Why there is no network: a file that is damaged says more than that none is usable. */
function reasonOfNone(issues: readonly Issue[]): Issue {
  return issues.find((issue) => !isMissing(issue)) ?? issues.find(isMissing)!;
}

/** Folder of the networks, or why it cannot be told where no method was named that needs them. */
async function modelsPlace(
  args: Arguments,
  method: HandMethodName | undefined,
): Promise<string | Issue> {
  const named = stringOption(args, "models");
  if (named !== undefined) {
    const found = await stat(named).catch(() => undefined);
    if (found?.isDirectory()) return named;
    throw new UsageError(
      `No such folder: ${named}`,
      "Name the folder of the networks with --models, or leave it out to use the cache",
    );
  }
  try {
    return modelsFolder();
  } catch (error) {
    if (method !== undefined || !(error instanceof UsageError)) throw error;
    return createIssue("MODEL_MISSING", {
      name: "mediapipe",
      folder: `the cache, whose place is not known (${error.message})`,
    });
  }
}

/** Decoders of video: the user's own ffmpeg where it was named, else what there is. */
export async function handDecoders(args: Arguments): Promise<VideoDecoders> {
  const { videoDecoders } = await import("session-process/video");
  const program = stringOption(args, "ffmpeg");
  return program === undefined
    ? videoDecoders()
    : videoDecoders({ decoder: "ffmpeg", ffmpegProgram: program });
}
