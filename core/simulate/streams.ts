import type { FolderSink, WorkOptions } from "../base/mod.ts";
import type { SimulatedClock } from "./clock.ts";
import { type Clocks, sessionIdOf } from "./context.ts";
import { SampleDelivery } from "./delivery.ts";
import { keyOf } from "./numeric/random.ts";
import type { ClockPlan, DeliveryPlan, DevicePlan, SimulationPlan, StreamPlan } from "./plan.ts";
import { SampleTimes, type SamplingTruth } from "./sampling.ts";
import { Signals } from "./signals.ts";
import type { StampColumn } from "./tables/format.ts";
import type { StreamTruth } from "./truth.ts";

/** Where a session begins and ends to record, less a stream's own times. */
const MARGIN_SECONDS = 0.1;

/** Everything that a writer of one stream needs. */
export interface StreamJob {
  readonly plan: SimulationPlan;
  readonly device: DevicePlan;
  readonly stream: StreamPlan;
  readonly sessionId: string;
  readonly path: string;
  readonly id: string;
  /** Wall clock of the host that stamps. */
  readonly host: SimulatedClock;
  /** Clock whose crystal takes the samples. */
  readonly sensor: SimulatedClock;
  readonly clocks: Clocks;
  readonly times: SampleTimes;
  readonly delivery: SampleDelivery;
  readonly signals: Signals;
}

/** What a writer reports when a file is complete. */
export interface WrittenStream {
  readonly bytes: number;
  readonly stamps: readonly StampColumn[];
  readonly declaredRateHz?: number;
}

/** Writes the file of one stream. */
export type StreamWriter = (
  job: StreamJob,
  sink: FolderSink,
  work: WorkOptions,
) => Promise<WrittenStream>;

/** Folder within a device and extension of the file, by kind of stream. */
const PLACES = {
  shimmer_phone: { folder: "sensor_data", extension: "csv" },
  shimmer_pc: { folder: "sensor_data", extension: "csv" },
  motion: { folder: "sensor_data", extension: "csv" },
  rgb_video: { folder: "rgb_videos", extension: "mp4" },
  thermal: { folder: "thermal_videos", extension: "dat" },
  webcam_video: { folder: "", extension: "mp4" },
} as const satisfies Record<StreamPlan["kind"], { folder: string; extension: string }>;

/** Path of a stream in the documented tree. */
function pathOf(device: DevicePlan, stream: StreamPlan, sessionId: string): string {
  const { folder, extension } = PLACES[stream.kind];
  const stamp = sessionId.slice(-15);
  if (stream.kind === "webcam_video") return `webcam/${device.id}_${stamp}.${extension}`;
  const type = stream.name.replace(/_video$/, "");
  return `devices/${device.id}/${folder}/${device.id}_${type}_${stamp}.${extension}`;
}

/** Prepares one stream: its clocks, its sampling rule, its losses. */
export function streamJob(
  plan: SimulationPlan,
  device: DevicePlan,
  stream: StreamPlan,
  clocks: Clocks,
): StreamJob {
  const id = `${device.id}/${stream.name}`;
  const sessionId = sessionIdOf(plan);
  const host = clocks.hostOf(device);
  const sensor = sensorOf(device, stream, host, clocks);
  const times = new SampleTimes(samplingOf(plan, stream, id, sensor), sensor);
  const delivery = new SampleDelivery(times, {
    plan: stream,
    delivery: deliveryOf(stream),
    seed: plan.seed,
    id,
    firstRow: stream.kind === "shimmer_phone" && stream.fabricatedRow ? 1 : 0,
  });
  const signals = new Signals(plan.seed, id, plan.events);
  const path = pathOf(device, stream, sessionId);
  return {
    plan,
    device,
    stream,
    sessionId,
    path,
    id,
    host,
    sensor,
    clocks,
    times,
    delivery,
    signals,
  };
}

/** The truth about a stream that has been written. */
export function truthOf(job: StreamJob, written: WrittenStream): StreamTruth {
  const { id, device, stream, path, times, delivery } = job;
  return {
    id,
    device: device.id,
    kind: stream.kind,
    path,
    rows: delivery.runs.rows,
    sampling: times.rule,
    runs: delivery.runs.runs,
    losses: delivery.losses,
    stamps: written.stamps,
    ...(written.declaredRateHz === undefined ? {} : { declaredRateHz: written.declaredRateHz }),
  };
}

function sensorOf(
  device: DevicePlan,
  stream: StreamPlan,
  host: SimulatedClock,
  clocks: Clocks,
): SimulatedClock {
  const plan: ClockPlan | undefined = stream.kind === "motion" ? undefined : stream.sensorClock;
  if (plan === undefined) return host;
  const shimmers = device.streams.filter(({ kind }) => kind.startsWith("shimmer"));
  const alone = stream.kind.startsWith("shimmer") && shimmers.length === 1;
  return clocks.sensor(alone ? `${device.id}/device` : `${device.id}/${stream.name}/device`, plan);
}

function deliveryOf(stream: StreamPlan): DeliveryPlan | undefined {
  return "delivery" in stream ? stream.delivery : undefined;
}

function samplingOf(
  plan: SimulationPlan,
  stream: StreamPlan,
  id: string,
  sensor: SimulatedClock,
): SamplingTruth {
  const start = stream.startSeconds ?? MARGIN_SECONDS;
  const end = stream.endSeconds ?? plan.durationSeconds - MARGIN_SECONDS;
  const firstNs = Math.round(sensor.crystalAt(start * 1e9));
  const periodNs = 1e9 / stream.rateHz;
  const samples = Math.floor((sensor.crystalAt(end * 1e9) - firstNs) / periodNs) + 1;
  return {
    clock: sensor.id,
    firstNs,
    periodNs,
    samples: Math.max(0, samples),
    jitterNs: Math.round((stream.jitterSeconds ?? 0) * 1e9),
    key: keyOf(plan.seed, `${id} jitter`),
  };
}
