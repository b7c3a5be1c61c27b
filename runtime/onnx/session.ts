import type * as Ort from "onnxruntime-web";
import type { InferenceSession, Tensor, TensorInfo, TensorType } from "../../core/base/mod.ts";

/** One loaded network. */
export class OnnxSession implements InferenceSession {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;
  readonly #name: string;
  #closed = false;

  constructor(ort: typeof Ort, session: Ort.InferenceSession, name: string) {
    this.#ort = ort;
    this.#session = session;
    this.#name = name;
    this.inputs = session.inputMetadata.map(describe);
    this.outputs = session.outputMetadata.map(describe);
  }

  async run(inputs: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    if (this.#closed) throw new Error(`Cannot run ${this.#name}: it was closed`);
    const feeds: Record<string, Ort.Tensor> = {};
    for (const [name, { type, data, shape }] of Object.entries(inputs)) {
      feeds[name] = new this.#ort.Tensor(type, data, shape);
    }
    const results = await this.#session.run(feeds);
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [name, tensorOf(name, tensor)]),
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // The memory of WebAssembly never shrinks; without this it grows with every network that is loaded.
    await this.#session.release();
  }
}

function describe(value: Ort.InferenceSession.ValueMetadata): TensorInfo {
  if (!value.isTensor) throw new Error(`value ${value.name} is not a tensor`);
  return {
    name: value.name,
    type: typeOf(value.name, value.type),
    shape: value.shape.map((extent) =>
      typeof extent === "number" && extent >= 0 ? extent : undefined
    ),
  };
}

function typeOf(name: string, type: string): TensorType {
  switch (type) {
    case "float32":
    case "uint8":
    case "int32":
    case "int64":
    case "bool":
      return type;
    default:
      throw new Error(`value ${name} is of type ${type}, which is not read`);
  }
}

function tensorOf(name: string, tensor: Ort.Tensor): Tensor {
  const data = tensor.data;
  if (
    data instanceof Float32Array || data instanceof Uint8Array || data instanceof Int32Array ||
    data instanceof BigInt64Array
  ) {
    return { type: typeOf(name, tensor.type), shape: tensor.dims, data };
  }
  throw new Error(`value ${name} is of type ${tensor.type}, which is not read`);
}
