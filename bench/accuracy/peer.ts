import { fileURLToPath } from "node:url";
import { SMALLEST_DELAY_NS } from "./arrivals.ts";
import type { Recording } from "./recording.ts";
import { type Errors, forEachError } from "./score.ts";

/** What each other way reached, by its name. */
export type PeerAnswers = Readonly<Record<string, PeerAnswer>>;

/** Errors and time of another way; neither when it failed. */
export interface PeerAnswer {
  readonly errors?: readonly [p50: number, p99: number, max: number];
  readonly seconds?: number;
  readonly failed?: string;
}

/** What others reached, in the form of our own errors. */
export function peerErrors({ errors }: PeerAnswer): Errors | undefined {
  return errors && { p50: errors[0], p99: errors[1], max: errors[2] };
}

const SCRIPT = fileURLToPath(new URL("peer.py", import.meta.url));

/** A Python process that places recordings as others do. */
export class Peer {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;

  /** @param python Program to run. */
  constructor(python: string) {
    const path = [Deno.env.get("PYXDF_PYTHONPATH"), Deno.env.get("PYTHONPATH")];
    this.#process = new Deno.Command(python, {
      args: [SCRIPT],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      env: { PYTHONPATH: path.filter(Boolean).join(":"), OPENBLAS_NUM_THREADS: "1" },
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#lines = linesOf(this.#process.stdout);
  }

  /** Versions of the packages found; pyxdf is null where it is not installed. */
  async versions(): Promise<{ numpy: string; pyxdf: string | null }> {
    return JSON.parse(await this.#line()).versions;
  }

  async place(recording: Recording): Promise<PeerAnswers> {
    const { header, arrays } = taskOf(recording);
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(header)}\n`));
    for (const array of arrays) await this.#writer.write(new Uint8Array(array.buffer));
    return JSON.parse(await this.#line());
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#process.status;
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("Cannot ask the peer: it has ended");
    return value;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

/** One-way pairs are given as stamps on arrival and no readings: that is all that others can use. */
function taskOf(recording: Recording) {
  const { stamps, readings, condition, truth: { clock, masterStart, taken } } = recording;
  const isOneWay = condition.evidence === "one-way";
  const weights = new Float64Array(taken.length);
  forEachError(recording, stamps, (_, index) => weights[index] = 1);
  const [own, origin] = isOneWay ? [readings.referenceNs, masterStart] : [stamps, clock.baseNs];
  const device = isOneWay ? new BigInt64Array() : readings.deviceNs;
  const delay = isOneWay ? SMALLEST_DELAY_NS : 0;
  return {
    header: { rate: condition.rateHz, samples: taken.length, readings: device.length },
    arrays: [
      seconds(own, origin),
      Float64Array.from(taken, (time) => (time + delay) / 1e9),
      weights,
      seconds(device, origin),
      isOneWay ? new Float64Array() : seconds(readings.referenceNs, masterStart),
    ],
  };
}

function seconds(times: BigInt64Array, origin: bigint): Float64Array<ArrayBuffer> {
  return Float64Array.from(times, (time) => Number(time - origin) / 1e9);
}
