/**
 * Speed of as-of joins against polars, and of linear resampling against numpy.interp, on irregular times
 * and on grids.
 *
 * `deno run -A bench/join/run.ts [--rounds 3] [--most 10000000] [--processor] [--distances]`
 * compares all answers first. Then the
 * sides take turns, ours and each peer in a process of its own, and the best of all rounds is reported in ns for
 * each time on the left. `POLARS_PYTHONPATH` names a folder that holds polars.
 *
 * @module
 */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { asofJoin, Kernel, type Matches, resample } from "../../mod.ts";
import { option, output, print } from "../support/process.ts";
import { type Data, dataOf } from "./data.ts";

const RUNS = 5;
const PEER = fileURLToPath(new URL("peer.py", import.meta.url));
const SIZES = [[1_000_000, 1_000_000], [1_000_000, 100_000], [10_000_000, 1_000_000]] as const;
/** Of whom linear resampling is asked, and of whom joins; `polars-1` has one thread, `numpy-small` small pages. */
const LINEAR_PEERS = ["numpy", "numpy-small"];
const JOIN_PEERS = ["polars-1", "polars"];

/** polars gives the matched rows without their distances. */
const DISTANCES = Deno.args.includes("--distances");

type Task = "backward" | "nearest" | "linear";

/** What our side answers, and where it may write. */
interface Ours {
  readonly answer: Int32Array | Float64Array;
  /** Best seconds with new arrays for each answer, and into the same ones. */
  readonly fresh: number;
  readonly reused: number;
}

/** On a busy machine the time of the processor says more than that of the wall. */
const PROCESSOR = Deno.args.includes("--processor");

function seconds(): number {
  if (!PROCESSOR) return performance.now() / 1e3;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function best<Answer>(work: () => Answer): { answer: Answer; seconds: number } {
  let [least, answer] = [Infinity, work()];
  for (let run = 0; run < RUNS; run++) {
    const start = seconds();
    answer = work();
    least = Math.min(least, seconds() - start);
  }
  return { answer, seconds: least };
}

function runOurs(task: Task, data: Data): Ours {
  const { left, right, values, leftGrid = left, rightGrid = right } = data;
  const kernel = new Kernel();
  if (task === "linear") {
    const samples = { times: right, values };
    const into = new Float64Array(left.length);
    const { seconds: fresh } = best(() => resample(samples, leftGrid, { kernel }));
    const { answer, seconds } = best(() => resample(samples, leftGrid, { kernel, into }));
    return { answer, fresh, reused: seconds };
  }
  const into: Matches = {
    indexes: new Int32Array(left.length),
    distances: new BigInt64Array(left.length),
  };
  // Of two equally near polars takes the later.
  const options = { kernel, direction: task, tie: "later", withDistances: DISTANCES } as const;
  const { seconds: fresh } = best(() => asofJoin(leftGrid, rightGrid, options));
  const { answer, seconds } = best(() => asofJoin(leftGrid, rightGrid, { ...options, into }));
  return { answer: answer.indexes, fresh, reused: seconds };
}

function runPeer(folder: string, library: string, task: Task): number {
  const command = [
    "/usr/bin/python3",
    PEER,
    folder,
    library,
    task,
    String(RUNS),
    PROCESSOR ? "processor" : "wall",
  ];
  return (JSON.parse(output(command)) as { seconds: number }).seconds;
}

function writeData(folder: string, { left, right, values }: Data): void {
  for (const [name, array] of Object.entries({ "left.i64": left, "right.i64": right })) {
    Deno.writeFileSync(`${folder}/${name}`, new Uint8Array(array.buffer));
  }
  Deno.writeFileSync(`${folder}/values.f64`, new Uint8Array(values.buffer));
}

function requireEqual(name: string, ours: ArrayLike<number>, path: string): void {
  const bytes = Deno.readFileSync(path).buffer;
  const theirs = ours instanceof Int32Array ? new Int32Array(bytes) : new Float64Array(bytes);
  for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
    const [one, other] = [ours[index]!, theirs[index]!];
    // Interpolation may be rounded in another order.
    if (Object.is(one, other) || Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(other))) {
      continue;
    }
    throw new Error(`Cannot compare ${name}: answer ${index} is ${one} and ${other}`);
  }
}

/** Lets the sides take turns and reports the best of each. */
function compare(task: Task, data: Data, folder: string, rounds: number): void {
  writeData(folder, data);
  const peers = task === "linear" ? LINEAR_PEERS : JOIN_PEERS;
  const ours = { fresh: Infinity, reused: Infinity };
  const theirs = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const found = runOurs(task, data);
    ours.fresh = Math.min(ours.fresh, found.fresh);
    ours.reused = Math.min(ours.reused, found.reused);
    for (const peer of peers) {
      const seconds = runPeer(folder, peer, task);
      if (round === 0) requireEqual(`${task} of ${peer}`, found.answer, `${folder}/${peer}.answer`);
      theirs.set(peer, Math.min(theirs.get(peer) ?? Infinity, seconds));
    }
  }
  const each = (seconds: number) => `${(seconds * 1e9 / data.left.length).toFixed(2)} ns`;
  const lines = [...theirs].map(([peer, seconds]) => {
    const ratios = [ours.fresh, ours.reused].map((own) => (own / seconds).toFixed(2));
    return `${peer} ${each(seconds)} (ratio ${ratios[0]} new, ${ratios[1]} into)`;
  });
  print(
    `  ${task.padEnd(9)} new ${each(ours.fresh)}, into ${each(ours.reused)}   ${lines.join("   ")}`,
  );
}

const folder = Deno.makeTempDirSync();
try {
  const [rounds, most] = [option("rounds", 3), option("most", 10_000_000)];
  for (const regular of ["none", "left", "both"] as const) {
    for (const [left, right] of SIZES.filter(([count]) => count <= most)) {
      print(`${left} x ${right}, grids: ${regular}`);
      const data = dataOf(left, right, regular);
      for (const task of ["backward", "nearest", "linear"] as const) {
        compare(task, data, folder, rounds);
      }
    }
  }
} finally {
  Deno.removeSync(folder, { recursive: true });
}
