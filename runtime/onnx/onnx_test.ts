import assert from "node:assert/strict";
import { IssueError } from "../../core/base/mod.ts";
import { type OnnxGraph, onnxModel } from "../../core/hands/_onnx.ts";
import { onnxBackend } from "./mod.ts";

/** y = 2 x + 1 and z = relu(x), of two by three numbers. */
const GRAPH: OnnxGraph = {
  inputs: [{ name: "x", shape: [2, 3] }],
  outputs: [{ name: "y", shape: [2, 3] }, { name: "z", shape: [2, 3] }],
  nodes: [
    { op: "Mul", inputs: ["x", "two"], outputs: ["doubled"] },
    { op: "Add", inputs: ["doubled", "one"], outputs: ["y"] },
    { op: "Relu", inputs: ["x"], outputs: ["z"] },
  ],
  constants: { two: { shape: [1], values: [2] }, one: { shape: [1], values: [1] } },
};

const INPUT = {
  type: "float32",
  shape: [2, 3],
  data: Float32Array.of(-3, -1, 0, 1, 2, 5),
} as const;

/** Loads a network that cannot be used; gives the code of the issue. */
async function refusal(contents: Uint8Array): Promise<string> {
  const backend = await onnxBackend();
  try {
    const session = await backend.load(contents, { name: "a.onnx" });
    await session.close();
  } catch (error) {
    assert.ok(error instanceof IssueError, String(error));
    assert.equal(error.issue.where.path, "a.onnx");
    return error.issue.code;
  }
  throw new Error("Network was loaded");
}

Deno.test("a network is described and computed", async () => {
  const backend = await onnxBackend();
  const session = await backend.load(onnxModel(GRAPH), { name: "graph.onnx" });
  assert.deepEqual(session.inputs, [{ name: "x", type: "float32", shape: [2, 3] }]);
  assert.deepEqual(session.outputs.map(({ name }) => name), ["y", "z"]);
  const { y, z } = await session.run({ x: INPUT });
  assert.deepEqual(y, {
    type: "float32",
    shape: [2, 3],
    data: Float32Array.of(-5, -1, 1, 3, 5, 11),
  });
  assert.deepEqual([...z!.data], [0, 0, 0, 1, 2, 5]);
  await session.close();
  await session.close();
  await assert.rejects(session.run({ x: INPUT }), /Cannot run graph\.onnx: it was closed/);
});

Deno.test("extents that a network leaves open are told as open", async () => {
  const backend = await onnxBackend();
  const open = { ...GRAPH, inputs: [{ name: "x", shape: ["rows", 3] }] };
  const session = await backend.load(onnxModel(open), { name: "graph.onnx" });
  assert.deepEqual(session.inputs[0]!.shape, [undefined, 3]);
  const { z } = await session.run({ x: { ...INPUT, shape: [1, 3], data: INPUT.data.subarray(3) } });
  assert.deepEqual(z!.shape, [1, 3]);
  await session.close();
});

Deno.test("tensors that do not fit are an error, after which the network still runs", async () => {
  const backend = await onnxBackend();
  const session = await backend.load(onnxModel(GRAPH), { name: "graph.onnx" });
  const short = { type: "float32", shape: [1, 3], data: new Float32Array(3) } as const;
  await assert.rejects(session.run({ x: short }), /dimensions/);
  await assert.rejects(session.run({}), /missing/);
  assert.deepEqual([...(await session.run({ x: INPUT }))["z"]!.data], [0, 0, 0, 1, 2, 5]);
  await session.close();
});

Deno.test("files that are no network are told as unreadable", async () => {
  const whole = onnxModel(GRAPH);
  const damaged = [
    new Uint8Array(0),
    new Uint8Array(1000).fill(7),
    whole.subarray(0, whole.length >> 1),
    new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\n"),
  ];
  for (const contents of damaged) assert.equal(await refusal(contents), "MODEL_UNREADABLE");
});

Deno.test("networks of unknown operations or numbers are told as not supported", async () => {
  const [multiply, ...rest] = GRAPH.nodes;
  const unknown = { ...GRAPH, nodes: [{ ...multiply!, op: "Multiply" }, ...rest] };
  assert.equal(await refusal(onnxModel(unknown)), "MODEL_UNSUPPORTED");
  const half = {
    inputs: [{ name: "x", shape: [2], type: 10 }],
    outputs: [{ name: "y", shape: [2], type: 10 }],
    nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
  };
  assert.equal(await refusal(onnxModel(half)), "MODEL_UNSUPPORTED");
});

Deno.test("any byte changed gives a network or an issue, never anything else", async () => {
  const whole = onnxModel(GRAPH);
  const backend = await onnxBackend();
  for (let at = 0; at < whole.length; at++) {
    const changed = whole.slice();
    changed[at] = changed[at]! ^ 0x5a;
    try {
      const session = await backend.load(changed, { name: "a.onnx" });
      await session.close();
    } catch (error) {
      assert.ok(error instanceof IssueError, `byte ${at}: ${error}`);
    }
  }
});

Deno.test("the number of threads holds for the process", async () => {
  const backend = await onnxBackend();
  const session = await backend.load(onnxModel(GRAPH), { name: "graph.onnx" });
  await assert.rejects(
    backend.load(onnxModel(GRAPH), { name: "graph.onnx", threads: 2 }),
    /Cannot run with 2 threads: this process runs networks with 1/,
  );
  await assert.rejects(backend.load(onnxModel(GRAPH), { name: "a", threads: 0 }), RangeError);
  await session.close();
});
