import { type FolderSink, throwIfCancelled, type WorkOptions } from "../base/mod.ts";
import { checkPlan } from "./check_plan.ts";
import { Clocks, sessionIdOf, startOf } from "./context.ts";
import { experimentLog } from "./documents/experiment_log.ts";
import { writeJson } from "./documents/json.ts";
import { sessionMetadata } from "./documents/metadata.ts";
import { writePhoneFiles, zoneName } from "./documents/phone_files.ts";
import { sessionLog } from "./documents/session_log.ts";
import { eventTruths, logEntries, type RecordedFile } from "./documents/timeline.ts";
import type { SimulationPlan, StreamPlan } from "./plan.ts";
import { streamJob, type StreamWriter, truthOf } from "./streams.ts";
import { writeTable } from "./tables/write_table.ts";
import type { StreamTruth, Truth } from "./truth.ts";
import { writeThermal } from "./video/write_thermal.ts";
import { writeVideo } from "./video/write_video.ts";

/** Writer of each kind of stream. */
const WRITERS = {
  shimmer_phone: writeTable,
  shimmer_pc: writeTable,
  motion: writeTable,
  rgb_video: writeVideo,
  webcam_video: writeVideo,
  thermal: writeThermal,
} as const satisfies Record<StreamPlan["kind"], StreamWriter>;

/** `file_type` of each kind of stream in the metadata. */
const FILE_TYPES = {
  shimmer_phone: "gsr_data",
  shimmer_pc: "gsr_data",
  motion: "motion_data",
  rgb_video: "rgb_video",
  webcam_video: "webcam_video",
  thermal: "thermal_video",
} as const satisfies Record<StreamPlan["kind"], string>;

/**
 * Writes a recorded session in the documented tree, with `truth.json` that tells the true time of every
 * row. The same plan gives the same bytes on every platform; memory does not grow with its length.
 *
 * @param plan What to simulate; see `defaultPlan` and `demoPlan`.
 * @param sink The session folder itself. Its name should be `sessionIdOf(plan)`.
 * @returns What `truth.json` holds.
 *
 * Throws `RangeError` when the plan contradicts itself, `CancelledError` when the signal is aborted.
 *
 * @example
 * ```ts
 * import { defaultPlan, MemoryFolderSink, simulateSession, trueTimeOf } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const sink = new MemoryFolderSink();
 * const truth = await simulateSession(defaultPlan({ seed: 1, durationSeconds: 2 }), sink);
 * assert.ok(sink.files.has("session_metadata.json"));
 * assert.equal(typeof trueTimeOf(truth, "phone_1/gsr", 0), "bigint");
 * ```
 */
export async function simulateSession(
  plan: SimulationPlan,
  sink: FolderSink,
  work: WorkOptions = {},
): Promise<Truth> {
  checkPlan(plan);
  const clocks = new Clocks(plan);
  const { streams, files } = await writeStreams(plan, clocks, sink, work);
  throwIfCancelled(work.signal);
  for (const device of plan.devices) {
    if (device.type === "android_phone") await writePhoneFiles(plan, device, clocks, sink);
  }
  await writeDocuments(plan, clocks, files, sink);
  const truth: Truth = {
    format: 1,
    sessionId: sessionIdOf(plan),
    startUtcNs: String(startOf(plan)),
    plan,
    clocks: clocks.truths,
    streams,
    events: eventTruths(plan),
  };
  await writeJson(sink, "truth.json", truth);
  return truth;
}

async function writeStreams(
  plan: SimulationPlan,
  clocks: Clocks,
  sink: FolderSink,
  work: WorkOptions,
): Promise<{ streams: StreamTruth[]; files: RecordedFile[] }> {
  const streams: StreamTruth[] = [];
  const files: RecordedFile[] = [];
  for (const device of plan.devices) {
    for (const stream of device.streams) {
      const job = streamJob(plan, device, stream, clocks);
      const written = await WRITERS[stream.kind](job, sink, work);
      streams.push(truthOf(job, written));
      files.push({
        device: device.id,
        type: FILE_TYPES[stream.kind],
        path: job.path,
        bytes: written.bytes,
      });
    }
  }
  return { streams, files };
}

async function writeDocuments(
  plan: SimulationPlan,
  clocks: Clocks,
  files: readonly RecordedFile[],
  sink: FolderSink,
): Promise<void> {
  const sessionId = sessionIdOf(plan);
  const entries = logEntries(plan, sessionId, files);
  const wall = clocks.pcLocal;
  await writeJson(sink, `${sessionId}_log.json`, sessionLog(plan, sessionId, entries, wall));
  const experiment = experimentLog(entries, clocks);
  if (experiment !== undefined) {
    await writeJson(sink, `experiment_log_${sessionId.slice(-15)}.json`, experiment);
  }
  if (plan.statesZone) {
    await writeJson(sink, "session-process.json", { timezone: zoneName(plan.zoneMinutes) });
  }
  const metadata = sessionMetadata(plan, sessionId, { entries, files, wall });
  await writeJson(sink, "session_metadata.json", metadata);
}
