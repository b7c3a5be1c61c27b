/// <reference lib="deno.worker" />
/**
 * Draws recordings, places them and scores what came of it: the work of one core.
 *
 * @module
 */
import { Kernel } from "../../mod.ts";
import { type Limit, limitOf } from "./limit.ts";
import { drawMixed, errorsOnGrid } from "./mix.ts";
import { Peer, type PeerAnswers } from "./peer.ts";
import { drawRecording, type Recording } from "./recording.ts";
import { ROWS } from "./rows.ts";
import { type Score, score } from "./score.ts";
import { place } from "./subject.ts";

/** What a worker is asked to do. */
export interface Task {
  /** Name of a condition of the table; a device of the mix when it is not given. */
  readonly condition?: string;
  readonly device?: number;
  readonly seed: number;
  /** Program that runs the peers; none when they are not asked for. */
  readonly python?: string;
}

/** What came of a task. */
export interface Outcome {
  readonly task: Task;
  readonly score?: Score;
  /** Of what has samples. */
  readonly seconds?: { readonly fit: number; readonly apply: number; readonly dejitter: number };
  readonly readings?: number;
  readonly peers?: PeerAnswers;
  /** What least squares reach, where nothing can be better. */
  readonly limit?: Limit;
  /** Of a device of the mix. */
  readonly grid?: Float32Array;
  readonly failed?: string;
}

let kernel = new Kernel();
let peer: Peer | undefined;

function draw({ condition, device = 0, seed }: Task): Recording {
  if (condition === undefined) return drawMixed(seed, device);
  const found = ROWS.flatMap((row) => row.conditions).find(({ name }) => name === condition);
  if (found === undefined) throw new Error(`Cannot draw ${condition}: no condition has this name`);
  return drawRecording(found, seed);
}

async function askPeer(python: string, recording: Recording): Promise<PeerAnswers> {
  if (peer === undefined) {
    peer = new Peer(python);
    await peer.versions();
  }
  return await peer.place(recording);
}

async function work(task: Task): Promise<Outcome> {
  const recording = draw(task);
  const answer = place(kernel, recording);
  const isMix = task.condition === undefined;
  return {
    task,
    score: score(recording, answer),
    ...(recording.shakes === undefined ? { seconds: answer.seconds } : {}),
    readings: recording.readings.rows.length,
    ...(recording.condition.isLinear ? { limit: limitOf(recording) } : {}),
    ...(isMix ? { grid: errorsOnGrid(recording, answer.times) } : {}),
    // No peer aligns movements.
    ...(task.python && recording.shakes === undefined
      ? { peers: await askPeer(task.python, recording) }
      : {}),
  };
}

self.onmessage = async ({ data }: MessageEvent<Task | "end">) => {
  if (data === "end") {
    await peer?.close();
    return self.close();
  }
  try {
    self.postMessage(await work(data));
  } catch (error) {
    kernel = new Kernel();
    self.postMessage({ task: data, failed: String(error) } satisfies Outcome);
  }
};
