import assert from "node:assert/strict";
import { Kernel, SamplingAccumulator } from "../../wasm/mod.ts";
import type { ClockRef } from "../base/mod.ts";
import { fitGraph } from "./fit_graph.ts";
import type { ClockModel } from "./model.ts";
import { type AlignmentRecord, readAlignment, writeAlignment } from "./record.ts";

const PC: ClockRef = { id: "pc/utc", kind: "utc" };
const PHONE: ClockRef = { id: "phone/utc", kind: "utc" };
const LOST: ClockRef = { id: "lost/device", kind: "device" };

function models(): readonly ClockModel[] {
  const epoch = 1_700_000_000_123_456_789n;
  const steps = Array.from({ length: 100 }, (_, index) => (index < 50 ? 0n : 7_000_000_000n));
  return fitGraph(new Kernel(), {
    clocks: [PHONE, PC, LOST],
    reference: PC,
    evidence: [{
      kind: "one-way",
      from: PHONE,
      to: PC,
      fromNs: BigInt64Array.from(steps, (step, index) => epoch + BigInt(index) * 10n ** 10n - step),
      toNs: BigInt64Array.from(steps, (_, index) => epoch + BigInt(index) * 10n ** 10n + 5n),
      counts: new Uint32Array(100).fill(1),
      rows: Float64Array.from(steps, (_, index) => index),
      resolutionNs: 1,
      source: "phone/gsr",
      streamId: "phone/gsr",
    }],
  }).models;
}

function record(): AlignmentRecord {
  const sampling = new SamplingAccumulator(new Kernel());
  sampling.add(BigInt64Array.of(0n, 10n, 20n, 50n, 60n, 70n));
  return writeAlignment(models(), [{
    id: "phone/gsr",
    clock: PHONE,
    sampling: sampling.get(),
    samplesIn: 6,
    samplesOut: 6,
  }]);
}

Deno.test("an alignment record survives JSON to the last nanosecond", () => {
  const text = JSON.stringify(record());
  // What became of each reading is no part of the record.
  const kept = models().map(({ audit: _, ...model }) => model);
  assert.deepEqual(readAlignment(JSON.parse(text)), kept);
  assert.deepEqual(record().clocks[0]!.steps.map(({ change_ns }) => change_ns), ["7000000000"]);
  assert.throws(() => readAlignment({ format: "other" } as unknown as AlignmentRecord), TypeError);
  assert.throws(() => writeAlignment([], []), RangeError);
});

/** The part of JSON Schema that the schema uses. */
type Schema = Readonly<Record<string, unknown>>;

/** What is wrong with a value, by the keywords that the schema uses; an unknown keyword is an error. */
function* faults(root: Schema, schema: Schema, value: unknown, path: string): Generator<string> {
  for (const [keyword, argument] of Object.entries(schema)) {
    const check = KEYWORDS[keyword];
    assert.ok(check !== undefined, `keyword ${keyword}`);
    yield* check(argument as never, value, path, { root, schema });
  }
}

interface Context {
  readonly root: Schema;
  readonly schema: Schema;
}
type Check = (argument: never, value: unknown, path: string, context: Context) => Iterable<string>;

const when = (wrong: boolean, message: string): string[] => (wrong ? [message] : []);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value;

const KEYWORDS: Readonly<Record<string, Check>> = {
  $schema: () => [],
  $id: () => [],
  $defs: () => [],
  title: () => [],
  description: () => [],
  $ref: (target: string, value, path, { root }) => {
    const definitions = root["$defs"] as Record<string, Schema>;
    return faults(root, definitions[target.replace("#/$defs/", "")]!, value, path);
  },
  type: (types: string | string[], value, path) =>
    when(![types].flat().includes(typeOf(value)), `${path}: ${typeOf(value)} is not ${types}`),
  const: (expected: unknown, value, path) => when(value !== expected, `${path}: not ${expected}`),
  enum: (allowed: unknown[], value, path) => when(!allowed.includes(value), `${path}: not allowed`),
  pattern: (pattern: string, value, path) =>
    when(typeof value === "string" && !new RegExp(pattern).test(value), `${path}: ${value}`),
  minimum: (least: number, value, path) =>
    when(typeof value === "number" && value < least, `${path}: ${value}`),
  minItems: (least: number, value, path) =>
    when(Array.isArray(value) && value.length < least, `${path}: too few`),
  maxItems: (most: number, value, path) =>
    when(Array.isArray(value) && value.length > most, `${path}: too many`),
  required: (names: string[], value, path) =>
    names.flatMap((name) => when(isObject(value) && !(name in value), `${path}: no ${name}`)),
  *items(schema: Schema, value, path, { root }) {
    for (const [index, item] of (Array.isArray(value) ? value : []).entries()) {
      yield* faults(root, schema, item, `${path}[${index}]`);
    }
  },
  *properties(schemas: Record<string, Schema>, value, path, { root }) {
    for (const [name, schema] of Object.entries(schemas)) {
      if (isObject(value) && name in value) {
        yield* faults(root, schema, value[name], `${path}.${name}`);
      }
    }
  },
  *additionalProperties(allowed: false | Schema, value, path, { root, schema }) {
    const named = Object.keys((schema["properties"] ?? {}) as Schema);
    for (const [name, item] of Object.entries(isObject(value) ? value : {})) {
      if (named.includes(name)) continue;
      if (allowed === false) yield `${path}: ${name} is not allowed`;
      else yield* faults(root, allowed, item, `${path}.${name}`);
    }
  },
  anyOf: (schemas: Schema[], value, path, { root }) =>
    when(
      schemas.every((schema) => [...faults(root, schema, value, path)].length > 0),
      `${path}: fits none`,
    ),
};

Deno.test("an alignment record keeps its schema", async () => {
  const url = new URL("../../docs/schemas/alignment.schema.json", import.meta.url);
  const schema: Schema = JSON.parse(await Deno.readTextFile(url));
  const good = JSON.parse(JSON.stringify(record()));
  assert.deepEqual([...faults(schema, schema, good, "")], []);
  const wrongs: ((bad: ReturnType<typeof JSON.parse>) => void)[] = [
    (bad) => delete bad.clocks[0].segments[0].knots[0].sigma_ns,
    (bad) => bad.clocks[0].segments[0].from_ns = 17,
    (bad) => bad.streams[0].first_gaps[0].from_ns = "1e9",
    (bad) => bad.clocks[0].method = "guess",
    (bad) => bad.extra = 1,
    (bad) => bad.streams[0].first_ns = 1.5,
  ];
  for (const spoil of wrongs) {
    const bad = structuredClone(good);
    spoil(bad);
    assert.equal([...faults(schema, schema, bad, "")].length, 1, String(spoil));
  }
});
