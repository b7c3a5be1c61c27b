/**
 * Loading, synchronising and dejittering XDF files against pyxdf.
 *
 * `deno run -A bench/xdf/run.ts [--runs 3] [--scale 1]` writes two recordings to a temporary folder, compares raw stamps
 * and values of both sides to the last bit and placed times with the truth, and only then measures each side in a
 * process of its own. pyxdf is found where `PYXDF_PYTHONPATH` says, the Python that has NumPy is `PYTHON` or else
 * `python3`. `--scale` shortens the recordings.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { option, output, print } from "../support/process.ts";
import { type Shape, trueTime, writeRecording } from "./data.ts";

const BAR = 20;
const MEMORY_BAR = 64 * 2 ** 20;
const local = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const OURS = [Deno.execPath(), "run", "-A", "--no-check", local("ours.ts")];
const PEER = [Deno.env.get("PYTHON") ?? "python3", local("peer.py")];
const PYTHONPATH = Deno.env.get("PYXDF_PYTHONPATH");
if (PYTHONPATH !== undefined) Deno.env.set("PYTHONPATH", PYTHONPATH);

interface Measured {
  readonly seconds: number;
  /** Seconds that the processor worked. */
  readonly processor: number;
  /** Bytes: before loading, at the peak, and of the arrays that are left. */
  readonly idle: number;
  readonly memory: number;
  readonly output: number;
  readonly versions?: string;
}

/** Stamps scatter by a quarter of a period, as with amplifiers that hand over every sample. */
const MANY = { streams: 20, channels: 4, rateHz: 128, jitter: 2e-3 } as const;
const ONE = { streams: 1, channels: 8, rateHz: 1000, jitter: 0.25e-3 } as const;

function shapes(scale: number): Shape[] {
  return [
    { name: "20 streams", ...MANY, seconds: Math.round(1800 * scale) },
    { name: "1 stream", ...ONE, seconds: Math.round(3600 * scale) },
  ];
}

/** Raw stamps to the last ns, values to the last bit. */
async function compareRaw(path: string): Promise<void> {
  output([...OURS, "raw", path, `${path}.ours`]);
  output([...PEER, "raw", path, `${path}.peer`]);
  const [ours, peer] = [await Deno.readFile(`${path}.ours`), await Deno.readFile(`${path}.peer`)];
  if (ours.length !== peer.length) {
    throw new Error(`Sizes differ: ${ours.length} and ${peer.length}`);
  }
  const [left, right] = [new Int32Array(ours.buffer), new Int32Array(peer.buffer)];
  for (let word = 0; word < left.length; word++) {
    if (left[word] !== right[word]) throw new Error(`Values differ at byte ${4 * word}`);
  }
}

/** Largest and 99th percentile of the error of placed times in ms. */
async function errorOf(side: readonly string[], path: string, shape: Shape): Promise<string> {
  output([...side, "dump", path, `${path}.placed`]);
  const bytes = await Deno.readFile(`${path}.placed`);
  const rows = shape.rateHz * shape.seconds;
  const errors = new Float64Array(rows * shape.streams);
  const stride = rows * (8 + 4 * shape.channels);
  for (let stream = 0; stream < shape.streams; stream++) {
    const times = new BigInt64Array(bytes.buffer, stream * stride, rows);
    for (let row = 0; row < rows; row++) {
      const error = Number(times[row]!) / 1e6 - trueTime(row, shape) * 1e3;
      errors[stream * rows + row] = Math.abs(error);
    }
  }
  errors.sort();
  const at = (share: number) => errors[Math.floor(share * (errors.length - 1))]!.toFixed(4);
  return `error p99 ${at(0.99)} ms, largest ${at(1)} ms`;
}

function measure(side: readonly string[], path: string, runs: number): Measured {
  return JSON.parse(output([...side, "time", path, String(runs)])) as Measured;
}

function report(name: string, measured: Measured, samples: number): void {
  const { seconds, processor, idle, memory, output } = measured;
  const above = (memory - idle - output) / 2 ** 20;
  const each = (value: number) => (value / samples * 1e9).toFixed(1);
  print(
    `  ${name.padEnd(16)} ${each(seconds)} ns/sample, of the processor ${each(processor)}, peak ` +
      `${(memory / 2 ** 20).toFixed(0)} MiB, ${above.toFixed(0)} MiB above process and output`,
  );
}

const runs = option("runs", 3);
const folder = await Deno.makeTempDir();
try {
  for (const shape of shapes(option("scale", 1))) {
    const path = `${folder}/recording.xdf`;
    const size = await writeRecording(path, shape);
    const samples = shape.streams * shape.rateHz * shape.seconds;
    print(
      `${shape.name} x ${shape.channels} channels, ${samples} samples, ${
        (size / 1e6).toFixed(0)
      } MB`,
    );
    await compareRaw(path);
    print(`  session-process  ${await errorOf(OURS, path, shape)}`);
    print(`  pyxdf            ${await errorOf(PEER, path, shape)}`);
    const ours = measure(OURS, path, runs);
    const peer = measure(PEER, path, Math.min(runs, 2));
    report("session-process", ours, samples);
    report("pyxdf", peer, samples);
    const ratio = peer.processor / ours.processor;
    const onWall = (peer.seconds / ours.seconds).toFixed(1);
    print(
      `  ratio ${
        ratio.toFixed(1)
      } of the processor, ${onWall} on the wall (bar ${BAR}), ${peer.versions}`,
    );
    const above = ours.memory - ours.idle - ours.output;
    if (ratio < BAR) print("  MISSED: speed");
    if (above > MEMORY_BAR) print("  MISSED: memory");
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
