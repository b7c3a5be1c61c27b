import type * as Ort from "onnxruntime-web";
import {
  createIssue,
  type InferenceBackend,
  type InferenceSession,
  IssueError,
  type LoadModelOptions,
  reasonOf,
  UsageError,
} from "../../core/base/mod.ts";
import { OnnxSession } from "./session.ts";

/** Where networks are computed. */
export type OnnxBackendName = "wasm" | "webgpu";

/** Options of {@linkcode onnxBackend}. */
export interface OnnxOptions {
  /** `webgpu` computes on the graphics card: faster, and not the same bits on every machine. @default {"wasm"} */
  readonly backend?: OnnxBackendName;
}

/** ONNX Runtime's own numbers: only what it cannot survive is said. */
const LOG_FATAL = 4;
/** What is said of networks that are well formed but cannot be computed. */
const UNSUPPORTED =
  /No Op registered|Could not find an implementation|not a registered|opset|is not read/i;

/**
 * Runs networks with ONNX Runtime. Its WebAssembly is found in the installed package; no network is used.
 *
 * The number of threads holds for the process: it is that of the first network that is loaded, and loading one
 * with another number rejects with `RangeError`. Deno needs `--allow-read`. In Node two threads are slower than one.
 *
 * Rejects with `UsageError` when WebGPU is asked for and the runtime has none, or ONNX Runtime is not installed.
 *
 * @example
 * ```ts
 * import { onnxBackend } from "session-process/onnx";
 * import assert from "node:assert/strict";
 *
 * const backend = await onnxBackend();
 * assert.match(backend.name, /^onnxruntime-web [\d.]+ \(wasm\)$/);
 * await assert.rejects(backend.load(new Uint8Array(64), { name: "a.onnx" }), /a\.onnx/);
 * ```
 */
export async function onnxBackend(options: OnnxOptions = {}): Promise<InferenceBackend> {
  const { backend = "wasm" } = options;
  if (backend === "webgpu") await mustHaveGpu();
  const ort = await importRuntime(backend);
  ort.env.logLevel = "fatal";
  return new OnnxBackend(ort, backend);
}

async function importRuntime(backend: OnnxBackendName): Promise<typeof Ort> {
  try {
    return backend === "webgpu"
      ? await import("onnxruntime-web/webgpu")
      : await import("onnxruntime-web");
  } catch (error) {
    throw new UsageError(
      `Cannot run networks: ${reasonOf(error)}`,
      "Install onnxruntime-web beside session-process",
    );
  }
}

async function mustHaveGpu(): Promise<void> {
  // Node before 21 has no navigator at all.
  const { navigator } = globalThis as {
    navigator?: { gpu?: { requestAdapter(): Promise<unknown> } };
  };
  const adapter = await navigator?.gpu?.requestAdapter();
  if (adapter !== undefined && adapter !== null) return;
  throw new UsageError(
    "Cannot run networks on WebGPU: this runtime has no graphics adapter",
    "Leave --backend out to run them on the processor",
  );
}

class OnnxBackend implements InferenceBackend {
  readonly name: string;
  readonly #ort: typeof Ort;
  readonly #provider: OnnxBackendName;

  constructor(ort: typeof Ort, provider: OnnxBackendName) {
    this.#ort = ort;
    this.#provider = provider;
    this.name = `onnxruntime-web ${ort.env.versions.web} (${provider})`;
  }

  async load(model: Uint8Array, options: LoadModelOptions): Promise<InferenceSession> {
    this.#fixThreads(this.#provider === "webgpu" ? 1 : options.threads ?? 1);
    try {
      const session = await this.#ort.InferenceSession.create(model, {
        executionProviders: [this.#provider],
        graphOptimizationLevel: "all",
        logSeverityLevel: LOG_FATAL,
      });
      return await opened(this.#ort, session, options.name);
    } catch (error) {
      throw refusal(error, options.name);
    }
  }

  /** ONNX Runtime starts its threads once, with the first network. */
  #fixThreads(threads: number): void {
    if (!Number.isInteger(threads) || threads < 1) {
      throw new RangeError(`Number of threads must be a whole number from 1 on: it is ${threads}`);
    }
    const { wasm } = this.#ort.env;
    // Frozen: the runtime writes the number it started with back here.
    if (wasm.numThreads !== undefined && wasm.numThreads > 0 && wasm.numThreads !== threads) {
      throw new RangeError(
        `Cannot run with ${threads} threads: this process runs networks with ${wasm.numThreads}`,
      );
    }
    wasm.numThreads = threads;
  }
}

/** A network whose values are of a type that is not read gives its memory back. */
async function opened(
  ort: typeof Ort,
  session: Ort.InferenceSession,
  name: string,
): Promise<OnnxSession> {
  try {
    return new OnnxSession(ort, session, name);
  } catch (error) {
    await session.release();
    throw error;
  }
}

function refusal(error: unknown, name: string): IssueError {
  const reason = reasonOf(error).replace(/^.*ERROR_MESSAGE: /s, "").split("\n")[0]!;
  const code = UNSUPPORTED.test(reason) ? "MODEL_UNSUPPORTED" : "MODEL_UNREADABLE";
  return new IssueError(createIssue(code, { reason }, { path: name }));
}
