/**
 * Frames per second of finding, following and masking hands, against the script that one would write: ffmpeg, native
 * ONNX Runtime and OpenCV with the same networks.
 *
 * `deno run -A bench/hands/run.ts VIDEO MODELS [--threads 2] [--hands 1] [--runs 3]`
 *
 * MODELS is the folder of the lite networks. The peer needs Python with onnxruntime, numpy and opencv-python;
 * `ONNX_PYTHONPATH` names a folder that holds them. Landmarks of both are compared before anything is timed. Each
 * run is a process of its own; the clocks start when the networks are loaded.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { option, output, print } from "../support/process.ts";

/** What a run prints. */
interface Answer {
  readonly seconds: number;
  readonly processor: number;
  readonly frames: readonly (readonly (readonly (readonly number[])[])[])[];
  /** Ours alone: MiB, and seconds of each stage. */
  readonly peak?: number;
  readonly stages?: Readonly<Record<string, number>>;
}

/** Median distance in pixels within which the two must agree; they cut and round differently. */
const TOLERANCE = 3;
/**
 * Frames with hands that are compared. Following is chaotic: one that loses a hand for a frame in fast motion finds
 * it again in another region than one that just does not.
 */
const COMPARED = 30;
/** Share of the frames in which both see the same number of hands. */
const SAME_COUNT = 0.95;

const [video = "", models = ""] = Deno.args;
const parameters = [video, models, String(option("threads", 2)), String(option("hands", 1))];
const local = (name: string) => fileURLToPath(new URL(name, import.meta.url));

function runOurs(): Answer {
  const command = [Deno.execPath(), "run", "-A", "--no-check", local("ours.ts"), ...parameters];
  return JSON.parse(output(command)) as Answer;
}

function runPeer(): Answer {
  const path = Deno.env.get("ONNX_PYTHONPATH");
  const python = path === undefined ? ["python3"] : ["env", `PYTHONPATH=${path}`, "python3"];
  return JSON.parse(output([...python, local("peer.py"), ...parameters])) as Answer;
}

/** Median distance of the landmarks in the first frames where both see hands. */
function compare(ours: Answer, peer: Answer): { distance: number; sameCount: number } {
  if (ours.frames.length !== peer.frames.length) {
    throw new Error(`Cannot compare: ${ours.frames.length} and ${peer.frames.length} frames`);
  }
  let same = 0;
  const found: number[] = [];
  for (const [index, hands] of ours.frames.entries()) {
    const others = peer.frames[index]!;
    if (hands.length === others.length) same++;
    for (const hand of hands) {
      const distances = others.map((other) => meanDistance(hand, other));
      if (distances.length > 0) found.push(Math.min(...distances));
    }
  }
  const distance = found.slice(0, COMPARED).toSorted((a, b) => a - b)[COMPARED >> 1] ?? NaN;
  return { distance, sameCount: same / ours.frames.length };
}

function meanDistance(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
): number {
  const distances = a.map(([x = 0, y = 0], index) =>
    Math.hypot(x - b[index]![0]!, y - b[index]![1]!)
  );
  return distances.reduce((sum, distance) => sum + distance) / distances.length;
}

function median(answers: readonly Answer[], value: (answer: Answer) => number): number {
  return answers.map(value).toSorted((a, b) => a - b)[answers.length >> 1]!;
}

const agreement = compare(runOurs(), runPeer());
print(
  `landmarks agree to ${agreement.distance.toFixed(2)} px, ` +
    `numbers of hands in ${(100 * agreement.sameCount).toFixed(0)} % of the frames`,
);
if (!(agreement.distance <= TOLERANCE && agreement.sameCount >= SAME_COUNT)) {
  throw new Error("Cannot compare: the two find other hands");
}
const [ours, theirs]: [Answer[], Answer[]] = [[], []];
for (let run = 0; run < option("runs", 3); run++) {
  ours.push(runOurs());
  theirs.push(runPeer());
}
for (const [name, answers] of [["ours", ours], ["peer", theirs]] as const) {
  const frames = answers[0]!.frames.length;
  const perSecond = frames / median(answers, ({ seconds }) => seconds);
  const processor = (1000 * median(answers, (answer) => answer.processor)) / frames;
  print(
    `  ${name}  ${perSecond.toFixed(1)} frames/s, ${processor.toFixed(1)} ms processor a frame`,
  );
}
const ratio = median(theirs, ({ seconds }) => seconds) / median(ours, ({ seconds }) => seconds);
print(`  ours / peer = ${ratio.toFixed(2)}, peak ${ours[0]!.peak?.toFixed(0)} MiB`);
