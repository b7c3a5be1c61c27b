/** Type of the elements of a tensor. */
export type TensorType = "float32" | "uint8" | "int32" | "int64" | "bool";

/** Numbers in the order of a row-major array. */
export interface Tensor {
  readonly type: TensorType;
  /** Extent of each axis, slowest first. */
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array | Int32Array | BigInt64Array;
}

/** What a network takes or gives under one name. */
export interface TensorInfo {
  readonly name: string;
  readonly type: TensorType;
  /** Extents as declared; undefined where the network leaves one open. */
  readonly shape: readonly (number | undefined)[];
}

/** A network that is loaded and ready. */
export interface InferenceSession {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Runs the network once. Rejects with `Error` when the tensors do not fit it. One run at a time. */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  /** Gives the memory back; running after it is an error. */
  close(): Promise<void>;
}

/** How a network is loaded. */
export interface LoadModelOptions {
  /** Path or name of the model, for messages. */
  readonly name: string;
  /** Threads of one run. Some networks give other last bits with other numbers of threads. @default {1} */
  readonly threads?: number;
}

/** Runs neural networks in the ONNX format. Core has none; whoever runs it gives it one. */
export interface InferenceBackend {
  /** What runs, such as `onnxruntime-web 1.30.0 (wasm)`. Results depend on it. */
  readonly name: string;
  /** Loads a network. Rejects with `IssueError` when the bytes are none or use what is not known. */
  load(model: Uint8Array, options: LoadModelOptions): Promise<InferenceSession>;
}
