/**
 * Speed of applying clock models, of as-of joins against pandas.merge_asof, and of linear resampling against
 * numpy.interp.
 *
 * `deno run -A bench/clock/run.ts [left] [right]` compares all answers first and only then reports the best of
 * several runs, in ns for each time on the left.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { asofJoin, ClockApplier, type ClockModel, Kernel, resample } from "../../mod.ts";
import { print } from "../support/process.ts";

const RUNS = 5;
/** Times that are converted at once. */
const BATCH = 16_384;
const START = 1_700_000_000_000_000_000n;
const PEER = fileURLToPath(new URL("peer.py", import.meta.url));

interface Data {
  readonly left: BigInt64Array;
  readonly right: BigInt64Array;
  readonly values: Float64Array;
}

/** Sorted, distinct times with irregular intervals of about a millisecond times `factor`. */
function times(count: number, factor: number, seed: number): BigInt64Array {
  let state = seed;
  let now = 0;
  return BigInt64Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    now += 1 + Math.floor(state / 2147483647 * 2e6 * factor);
    return START + BigInt(now);
  });
}

/** Answer and seconds of the quickest of several runs. */
function best<Answer>(work: () => Answer): { answer: Answer; seconds: number } {
  let seconds = Infinity;
  let answer = work();
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    answer = work();
    seconds = Math.min(seconds, (performance.now() - start) / 1e3);
  }
  return { answer, seconds };
}

function bytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Seconds of the peers by task; their answers lie in the folder. Undefined where Python is missing. */
function runPeers(folder: string, data: Data): Record<string, number> | undefined {
  Deno.writeFileSync(`${folder}/left.i64`, bytes(data.left));
  Deno.writeFileSync(`${folder}/right.i64`, bytes(data.right));
  Deno.writeFileSync(`${folder}/values.f64`, bytes(data.values));
  const command = new Deno.Command("/usr/bin/python3", { args: [PEER, folder, String(RUNS)] });
  const { success, stdout, stderr } = command.outputSync();
  if (success) return JSON.parse(new TextDecoder().decode(stdout));
  print(`peers skipped: ${new TextDecoder().decode(stderr).trim().split("\n").at(-1)}`);
  return undefined;
}

function requireEqual(name: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  for (let index = 0; index < expected.length; index++) {
    const [one, other] = [actual[index]!, expected[index]!];
    // Interpolation may be rounded in another order.
    if (Object.is(one, other) || Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(other))) {
      continue;
    }
    throw new Error(`Cannot compare ${name}: answer ${index} is ${one} and ${other}`);
  }
}

function report(name: string, count: number, seconds: number, peer?: [string, number]): void {
  const each = (value: number) => `${(value * 1e9 / count).toFixed(1)} ns`;
  const compared = peer === undefined
    ? ""
    : `   ${peer[0]} ${each(peer[1])}   ratio ${(seconds / peer[1]).toFixed(2)}`;
  print(`${name.padEnd(16)}${each(seconds).padStart(10)}${compared}`);
}

function benchJoins(kernel: Kernel, { left, right, values }: Data, folder: string): void {
  const peers = runPeers(folder, { left, right, values });
  for (const direction of ["backward", "nearest"] as const) {
    const { answer, seconds } = best(() => asofJoin(left, right, { kernel, direction }));
    const peer = peers?.[direction];
    if (peer !== undefined) {
      const theirs = new Int32Array(Deno.readFileSync(`${folder}/${direction}.i32`).buffer);
      requireEqual(direction, answer.indexes, theirs);
    }
    report(`as-of ${direction}`, left.length, seconds, named("pandas.merge_asof", peer));
  }
  const { answer, seconds } = best(() => resample({ times: right, values }, left, { kernel }));
  if (peers !== undefined) {
    const theirs = new Float64Array(Deno.readFileSync(`${folder}/linear.f64`).buffer);
    requireEqual("linear", answer, theirs);
  }
  const peer = peers?.["linear"];
  report("linear", left.length, seconds, named("numpy.interp", peer));
}

function named(name: string, seconds: number | undefined): [string, number] | undefined {
  return seconds === undefined ? undefined : [name, seconds];
}

/** A model with a knot every ten minutes. */
function curvedModel(span: bigint): ClockModel {
  const step = 600_000_000_000n;
  const knots = Array.from({ length: Number(span / step) + 2 }, (_, index) => ({
    deviceNs: START + BigInt(index) * step,
    offsetNs: BigInt(index * index * 1000),
    skew: 0,
    sigmaNs: 1e6,
  }));
  const clock = { id: "phone/utc", kind: "utc" } as const;
  return {
    clock,
    reference: clock,
    method: "one-way",
    segments: [{ fromNs: START, toNs: START + span, firstRows: {}, knots }],
    driftPpm: 0,
    driftSigmaPpm: 0,
    residualRmsNs: 0,
    evidence: [],
  };
}

function benchApply(kernel: Kernel, left: BigInt64Array): void {
  const model = curvedModel(left.at(-1)! - START);
  const applier = new ClockApplier(kernel, model, { id: "phone/gsr", resolutionNs: 1e6 });
  const into = { referenceTimes: new BigInt64Array(BATCH), sigmas: new Float64Array(BATCH) };
  const apply = (...arrays: [] | [typeof into]) => () => {
    for (let row = 0; row < left.length; row += BATCH) {
      applier.apply(left.subarray(row, row + BATCH), row, ...arrays);
    }
  };
  report("apply a model", left.length, best(apply()).seconds);
  report("... into arrays", left.length, best(apply(into)).seconds);
}

const [leftCount = 1_000_000, rightCount = 1_000_000] = Deno.args.map(Number);
const folder = Deno.makeTempDirSync();
try {
  const left = times(leftCount, 1, 7);
  const right = times(rightCount, leftCount / rightCount, 11);
  const values = Float64Array.from(right, (_, index) => Math.sin(index / 100));
  print(`${leftCount} times on the left, ${rightCount} on the right`);
  benchApply(new Kernel(), left);
  benchJoins(new Kernel(), { left, right, values }, folder);
} finally {
  Deno.removeSync(folder, { recursive: true });
}
