import {
  type ByteSink,
  type FolderSink,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/mod.ts";
import { MillisecondStamps } from "../clock_stamp.ts";
import { SampleBatch } from "../delivery.ts";
import { rawFromCelsius, ThermalWriter } from "../media/mod.ts";
import { bellAt, keyOf } from "../numeric/random.ts";
import type { ThermalPlan } from "../plan.ts";
import type { StreamJob, WrittenStream } from "../streams.ts";
import { writeFile } from "../write_file.ts";

/** Temperatures of the room and of the hand in degrees Celsius. */
const ROOM = 22;
const HAND = 33;

/** Writes a thermal recording of a warm hand that moves; the phone stamps each frame when it arrives. */
export async function writeThermal(
  job: StreamJob,
  folder: FolderSink,
  work: WorkOptions,
): Promise<WrittenStream> {
  const plan = job.stream;
  if (plan.kind !== "thermal") {
    throw new TypeError(`Cannot write a thermal recording: stream is of kind ${plan.kind}`);
  }
  const bytes = await writeFile(folder, job.path, (sink) => writeFrames(job, plan, sink, work));
  const stamp = { column: "time", clock: job.host.id, of: "arrival", resolutionNs: 1e6 } as const;
  return { bytes, stamps: [stamp] };
}

async function writeFrames(
  job: StreamJob,
  plan: ThermalPlan,
  sink: ByteSink,
  { signal, progress }: WorkOptions,
): Promise<void> {
  const { width, height, rateHz } = plan;
  const writer = new ThermalWriter(sink, { width, height, config: configOf(rateHz) });
  const stamps = new MillisecondStamps(job.host);
  const pixels = new Uint16Array(plan.width * plan.height);
  const key = keyOf(job.plan.seed, `${job.id} pixels`);
  const batch = new SampleBatch();
  while (job.delivery.next(batch)) {
    for (let place = 0; place < batch.length; place++) {
      throwIfCancelled(signal);
      paint(pixels, plan, key, batch.samples[place]!);
      await writer.addFrame(BigInt(stamps.at(batch.arrivalNs[place]!)), pixels);
    }
    const done = job.delivery.runs.rows;
    progress?.({ task: `Write ${job.id}`, done, total: job.times.rule.samples, unit: "frames" });
  }
  await writer.finish();
}

/** What the phone writes of the camera. */
function configOf(rateHz: number): string {
  return `thermal_enabled=true,frame_rate=${Math.round(rateHz)},color_palette=iron,` +
    "temp_range=auto,emissivity=0.95,auto_calibration=true,high_resolution=false," +
    "temp_units=celsius,usb_priority=true,data_format=radiometric";
}

/** A warm disc that moves by a pixel a frame, with a noise of 0.2 degrees. */
function paint(pixels: Uint16Array, plan: ThermalPlan, key: number, frame: number): void {
  const { width, height } = plan;
  const centre = width / 4 + (frame % Math.max(1, Math.floor(width / 2)));
  const radius = Math.min(width, height) / 3;
  for (let index = 0; index < pixels.length; index++) {
    const across = (index % width) - centre;
    const down = Math.floor(index / width) - height / 2;
    const warm = across * across + down * down < radius * radius;
    const noise = 0.2 * bellAt(key, frame * pixels.length + index);
    pixels[index] = rawFromCelsius((warm ? HAND : ROOM) + noise);
  }
}
