import {
  type ByteSink,
  type FolderSink,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/mod.ts";
import { SampleBatch } from "../delivery.ts";
import { grayPicture, Mp4Writer, paintFrameNumber, type Picture } from "../media/mod.ts";
import type { VideoPlan } from "../plan.ts";
import type { StreamJob, WrittenStream } from "../streams.ts";
import { writeFile } from "../write_file.ts";

/** Grey levels of the scene in the dark and under a flash. */
const DARK_LEVEL = 64;
const LIT_LEVEL = 235;

/** Smallest picture that has room for a painted frame number: 8 x 4 squares of 8 pixels. */
const NUMBER_WIDTH = 64;
const NUMBER_HEIGHT = 32;

/** Ticks per second of the frame times. */
const TIMESCALE = 90_000;

/**
 * Writes a video whose frames show their sample number and any flash.
 *
 * Frame times are those of the host's crystal since the first frame, or nominal ones when a rate is declared.
 */
export async function writeVideo(
  job: StreamJob,
  folder: FolderSink,
  work: WorkOptions,
): Promise<WrittenStream> {
  const plan = job.stream;
  if (plan.kind !== "rgb_video" && plan.kind !== "webcam_video") {
    throw new TypeError(`Cannot write a video: stream is of kind ${plan.kind}`);
  }
  const bytes = await writeFile(folder, job.path, (sink) => writeFrames(job, plan, sink, work));
  const rate = plan.declaredRateHz;
  return { bytes, stamps: stampsOf(job, plan), ...(rate && { declaredRateHz: rate }) };
}

function stampsOf({ id, host }: StreamJob, { declaredRateHz }: VideoPlan) {
  if (declaredRateHz !== undefined) return [];
  const resolutionNs = 1e9 / TIMESCALE;
  return [{ column: `${id}/media`, clock: host.id, of: "sampling", resolutionNs } as const];
}

async function writeFrames(
  job: StreamJob,
  plan: VideoPlan,
  sink: ByteSink,
  { signal, progress }: WorkOptions,
): Promise<void> {
  const { width, height, index = "end" } = plan;
  const expectedFrames = job.times.rule.samples;
  const layout = { width, height, timescale: TIMESCALE, index, expectedFrames };
  const writer = new Mp4Writer(sink, { ...layout, ...creation(job) });
  const clock = new MediaClock(job, plan);
  const scene = new Scene(job, plan);
  const batch = new SampleBatch();
  for (let row = 0; job.delivery.next(batch);) {
    for (let place = 0; place < batch.length; place++, row++) {
      throwIfCancelled(signal);
      const trueNs = batch.trueNs[place]!;
      await writer.addFrame(clock.at(row, trueNs), scene.at(batch.samples[place]!, trueNs));
    }
    progress?.({
      task: `Write ${job.id}`,
      done: row,
      total: job.times.rule.samples,
      unit: "frames",
    });
  }
  await writer.finish();
}

/** A phone writes when it started the file; the library behind the webcam writes nothing. */
function creation({ stream, host, times }: StreamJob): { creationUtcNs?: bigint } {
  if (stream.kind === "webcam_video" || times.rule.samples === 0) return {};
  return { creationUtcNs: host.readingAt(times.trueNs(0)) };
}

/** Presentation times: since the first frame on the host's crystal, or nominal. */
class MediaClock {
  readonly #host: StreamJob["host"];
  readonly #declaredRateHz: number | undefined;
  readonly #leadNs: number;
  #zeroNs: number | undefined;

  constructor({ host }: StreamJob, { declaredRateHz, leadSeconds = 0 }: VideoPlan) {
    this.#host = host;
    this.#declaredRateHz = declaredRateHz;
    this.#leadNs = Math.round(leadSeconds * 1e9);
  }

  at(row: number, trueNs: number): bigint {
    if (this.#declaredRateHz !== undefined) {
      return BigInt(this.#leadNs + Math.round((row * 1e9) / this.#declaredRateHz));
    }
    const crystal = Math.round(this.#host.crystalAt(trueNs));
    this.#zeroNs ??= crystal;
    return BigInt(this.#leadNs + crystal - this.#zeroNs);
  }
}

/** What the camera sees. */
class Scene {
  readonly #job: StreamJob;
  readonly #plan: VideoPlan;
  readonly #numbered: boolean;
  #shown = -1;

  constructor(job: StreamJob, plan: VideoPlan) {
    this.#job = job;
    this.#plan = plan;
    this.#numbered = plan.width >= NUMBER_WIDTH && plan.height >= NUMBER_HEIGHT;
  }

  at(sample: number, trueNs: number): Picture {
    const level = this.#job.signals.lit(trueNs) ? LIT_LEVEL : DARK_LEVEL;
    if (!this.#numbered && level === this.#shown) return "repeat";
    this.#shown = level;
    const picture = grayPicture(this.#plan, level);
    if (this.#numbered) paintFrameNumber(picture.luma, this.#plan.width, sample);
    return picture;
  }
}
