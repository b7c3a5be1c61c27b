import {
  createIssue,
  type InferenceBackend,
  type InferenceSession,
  IssueError,
  type Tensor,
  type TensorInfo,
} from "../base/mod.ts";
import type { LoadedModel, ModelInput } from "./manifest/mod.ts";

/** An output that a description names: by its name or by its place. */
type OutputReference = string | number;

/** A network whose inputs and outputs agree with its description. */
export class Network {
  readonly #session: InferenceSession;
  readonly #path: string;
  readonly #input: ModelInput;
  readonly #inputName: string;
  readonly #shape: readonly number[];

  private constructor(session: InferenceSession, { manifest }: LoadedModel, inputName: string) {
    const { input } = manifest;
    this.#session = session;
    this.#path = manifest.fileName;
    this.#input = input;
    this.#inputName = inputName;
    this.#shape = inputShape(input);
  }

  /** Loads a network. Rejects with `IssueError` when it is none or does not take what its description says. */
  static async open(
    backend: InferenceBackend,
    model: LoadedModel,
    threads: number,
  ): Promise<Network> {
    const { manifest, contents } = model;
    const session = await backend.load(contents, { name: manifest.fileName, threads });
    try {
      const input = findInput(session, model);
      return new Network(session, model, input.name);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** How the picture is put into the network. */
  get tensorOptions(): Omit<ModelInput, "name" | "channels"> {
    const { width, height, layout, mean, std } = this.#input;
    return {
      width,
      height,
      layout,
      ...(mean === undefined ? {} : { mean: this.#ordered(mean) }),
      ...(std === undefined ? {} : { std: this.#ordered(std) }),
    };
  }

  /** Runs the network on a picture in RGB; it may be changed. */
  async run(picture: Float32Array): Promise<NetworkResult> {
    if (this.#input.channels === "bgr") swapRedAndBlue(picture, this.#input);
    const tensor: Tensor = { type: "float32", shape: this.#shape, data: picture };
    const outputs = await this.#session.run({ [this.#inputName]: tensor });
    return new NetworkResult(outputs, this.#session.outputs.map(({ name }) => name), this.#path);
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  /** Red and blue change places after the picture was made, so their means do before. */
  #ordered(values: readonly [number, number, number]): readonly [number, number, number] {
    return this.#input.channels === "bgr" ? [values[2], values[1], values[0]] : values;
  }
}

/** What a network gave. */
export class NetworkResult {
  readonly #outputs: Readonly<Record<string, Tensor>>;
  readonly #names: readonly string[];
  readonly #path: string;

  constructor(
    outputs: Readonly<Record<string, Tensor>>,
    names: readonly string[],
    path: string,
  ) {
    this.#outputs = outputs;
    this.#names = names;
    this.#path = path;
  }

  /** An output. Throws `IssueError` when there is none. */
  tensor(reference: OutputReference): Tensor {
    const name = typeof reference === "number" ? this.#names[reference] : reference;
    const tensor = name === undefined ? undefined : this.#outputs[name];
    if (tensor !== undefined) return tensor;
    const names = `one of ${this.#names.join(", ")}`;
    throw mismatch(this.#path, `Output ${reference}`, "missing", names);
  }

  /** The numbers of an output. Throws `IssueError` when there are none or not so many. */
  numbers(reference: OutputReference, count: number): Float32Array {
    const tensor = this.tensor(reference);
    const part = `Output ${reference}`;
    const expected = `${count} numbers of type float32`;
    if (!(tensor.data instanceof Float32Array) || tensor.data.length !== count) {
      throw mismatch(this.#path, part, `${tensor.type} of ${tensor.shape.join("x")}`, expected);
    }
    return tensor.data;
  }
}

function inputShape({ width, height, layout }: ModelInput): readonly number[] {
  return layout === "nhwc" ? [1, height, width, 3] : [1, 3, height, width];
}

function findInput(session: InferenceSession, { manifest }: LoadedModel): TensorInfo {
  const { name } = manifest.input;
  const found = name === undefined
    ? session.inputs[0]
    : session.inputs.find((input) => input.name === name);
  const part = name === undefined ? "Input" : `Input ${name}`;
  const shape = inputShape(manifest.input);
  const expected = `float32 of ${shape.join("x")}`;
  if (found === undefined) throw mismatch(manifest.fileName, part, "missing", expected);
  const fits = found.type === "float32" && found.shape.length === shape.length &&
    shape.every((extent, axis) => (found.shape[axis] ?? extent) === extent);
  if (fits && session.inputs.length === 1) return found;
  const extents = found.shape.map((extent) => extent ?? "?").join("x");
  const count = session.inputs.length === 1 ? "" : `, one of ${session.inputs.length}`;
  throw mismatch(manifest.fileName, part, `${found.type} of ${extents}${count}`, expected);
}

function mismatch(path: string, part: string, found: string, expected: string): IssueError {
  return new IssueError(createIssue("MODEL_SHAPE_MISMATCH", { part, found, expected }, { path }));
}

function swapRedAndBlue(picture: Float32Array, { layout }: ModelInput): void {
  const [pixel, channel] = layout === "nhwc" ? [3, 1] : [1, picture.length / 3];
  for (let count = 0, at = 0; count < picture.length / 3; count++, at += pixel) {
    [picture[at], picture[at + 2 * channel]] = [picture[at + 2 * channel]!, picture[at]!];
  }
}
