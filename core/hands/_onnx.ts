/** Small networks for tests, written as protobuf after onnx.proto3 of ONNX 1.16. */

/** An attribute of a node. */
type Attribute = number | readonly number[] | string;

/** One operation of a graph. */
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** A value of a graph: extents as numbers, or names for those that are open. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  /** As in TensorProto.DataType: 1 is float32, 2 uint8, 7 int64, 10 float16. @default {1} */
  readonly type?: number;
}

/** A graph of a network. */
export interface OnnxGraph {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly constants?: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>
  >;
}

/** The bytes of a network of opset 13. */
export function onnxModel(graph: OnnxGraph): Uint8Array {
  const body = [
    ...graph.nodes.flatMap((node) => field(1, nodeBytes(node))),
    ...field(2, text("test")),
    ...Object.entries(graph.constants ?? {}).flatMap(([name, { shape, values }]) =>
      field(5, [
        ...shape.flatMap((extent) => number(1, extent)),
        ...number(2, 1),
        ...field(8, text(name)),
        ...field(9, [...new Uint8Array(Float32Array.from(values).buffer)]),
      ])
    ),
    ...graph.inputs.flatMap((value) => field(11, valueBytes(value))),
    ...graph.outputs.flatMap((value) => field(12, valueBytes(value))),
  ];
  return Uint8Array.from([...number(1, 7), ...field(7, body), ...field(8, number(2, 13))]);
}

function nodeBytes({ op, inputs, outputs, attributes = {} }: OnnxNode): number[] {
  return [
    ...inputs.flatMap((name) => field(1, text(name))),
    ...outputs.flatMap((name) => field(2, text(name))),
    ...field(4, text(op)),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      field(5, [...field(1, text(name)), ...attributeBytes(value)])
    ),
  ];
}

/** Whole numbers, lists of them, and words. */
function attributeBytes(value: Attribute): number[] {
  if (typeof value === "number") return [...number(3, value), ...number(20, 2)];
  if (typeof value === "string") return [...field(4, text(value)), ...number(20, 3)];
  return [...value.flatMap((item) => number(8, item)), ...number(20, 7)];
}

function valueBytes({ name, shape, type = 1 }: OnnxValue): number[] {
  const extents = shape.flatMap((extent) =>
    field(1, typeof extent === "number" ? number(1, extent) : field(2, text(extent)))
  );
  const tensor = [...number(1, type), ...field(2, extents)];
  return [...field(1, text(name)), ...field(2, field(1, tensor))];
}

function text(value: string): number[] {
  return [...new TextEncoder().encode(value)];
}

function field(id: number, bytes: readonly number[]): number[] {
  return [...varint(id * 8 + 2), ...varint(bytes.length), ...bytes];
}

function number(id: number, value: number): number[] {
  return [...varint(id * 8), ...varint(value)];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

/** A network that takes a picture of 8 by 6 and gives its red channel. */
export const RED_CHANNEL = onnxModel({
  inputs: [{ name: "picture", shape: [1, 3, 6, 8] }],
  outputs: [{ name: "mask", shape: [1, 1, 6, 8] }],
  nodes: [{
    op: "Conv",
    inputs: ["picture", "weights"],
    outputs: ["mask"],
    attributes: { kernel_shape: [1, 1] },
  }],
  constants: { weights: { shape: [1, 3, 1, 1], values: [1, 0, 0] } },
});
