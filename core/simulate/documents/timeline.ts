import type { SimulationPlan } from "../plan.ts";
import type { EventTruth } from "../truth.ts";

/** An event of the session log with the time at which the PC wrote it. */
export interface LogEntry {
  readonly event: string;
  /** ns since the start of the session. */
  readonly trueNs: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A file that a device left. */
export interface RecordedFile {
  readonly device: string;
  readonly type: string;
  readonly path: string;
  readonly bytes: number;
}

/** Steps of the recorder before and after the recording, in ns. */
const CONNECT_NS = 4_000_000;
const START_NS = 60_000_000;
const ACK_NS = 8_000_000;
const STOP_NS = 60_000_000;
const RECEIVE_NS = 2_000_000;

/** Everything that the PC logs, in the order of time. */
export function logEntries(
  plan: SimulationPlan,
  sessionId: string,
  files: readonly RecordedFile[],
): LogEntry[] {
  const entries = [...opening(plan, sessionId), ...happenings(plan), ...closing(plan, files)];
  return entries.sort((a, b) => a.trueNs - b.trueNs);
}

function opening({ devices }: SimulationPlan, session: string): LogEntry[] {
  const ids = devices.map(({ id }) => id);
  const acks = devices.filter(({ type }) => type === "android_phone");
  return [
    { event: "session_start", trueNs: 0, details: { session_id: session, devices: ids } },
    ...devices.map((device, index) => ({
      event: "device_connected",
      trueNs: (index + 1) * CONNECT_NS,
      details: {
        device: device.id,
        device_type: device.type,
        capabilities: capabilitiesOf(device.streams),
      },
    })),
    { event: "start_record", trueNs: START_NS, details: { devices: ids, session } },
    ...acks.map(({ id }, index) => ({
      event: "device_ack",
      trueNs: START_NS + (index + 1) * ACK_NS,
      details: { device: id, command: "start_record" },
    })),
  ];
}

function happenings({ events }: SimulationPlan): LogEntry[] {
  return events.flatMap((event) => {
    const trueNs = Math.round(event.atSeconds * 1e9);
    if (event.kind === "marker") return [marker(trueNs, event.label)];
    if (event.kind !== "stimulus") return [marker(trueNs, event.kind)];
    const endNs = trueNs + Math.round(event.seconds * 1e9);
    return [
      { event: "stimulus_play", trueNs, details: { media: event.media } },
      { event: "stimulus_stop", trueNs: endNs, details: { media: event.media } },
    ];
  });
}

function marker(trueNs: number, label: string): LogEntry {
  return { event: "marker", trueNs, details: { label } };
}

function closing(plan: SimulationPlan, files: readonly RecordedFile[]): LogEntry[] {
  const endNs = Math.round(plan.durationSeconds * 1e9);
  const phones = new Set(
    plan.devices.filter(({ type }) => type === "android_phone").map(({ id }) => id),
  );
  const received = files.filter(({ device }) => phones.has(device));
  return [
    { event: "stop_record", trueNs: endNs - STOP_NS, details: {} },
    ...received.map((file, index) => ({
      event: "file_received",
      trueNs: endNs - STOP_NS + (index + 1) * RECEIVE_NS,
      details: {
        device: file.device,
        filename: file.path.slice(file.path.lastIndexOf("/") + 1),
        file_type: file.type,
        size: file.bytes,
      },
    })),
    {
      event: "session_end",
      trueNs: Math.max(endNs, endNs - STOP_NS + (received.length + 1) * RECEIVE_NS),
      details: {},
    },
  ];
}

/** When the session ends: when the last file has arrived. */
export function endOf(entries: readonly LogEntry[]): number {
  return entries.at(-1)!.trueNs;
}

/** Capabilities by kind of stream, as devices announce them. */
const CAPABILITIES = {
  shimmer_phone: "gsr_data",
  shimmer_pc: "gsr_data",
  motion: "motion_data",
  rgb_video: "rgb_video",
  thermal: "thermal_video",
  webcam_video: "video_recording",
} as const;

/** What a device says that it can record. */
export function capabilitiesOf(streams: SimulationPlan["devices"][number]["streams"]): string[] {
  return [...new Set(streams.map(({ kind }) => CAPABILITIES[kind]))];
}

/** The events of a plan as the truth tells them. */
export function eventTruths(plan: SimulationPlan): EventTruth[] {
  return plan.events.map((event) => ({
    kind: event.kind,
    label: event.kind === "marker" ? event.label : event.kind === "stimulus" ? event.media : "",
    trueNs: Math.round(event.atSeconds * 1e9),
    ...("seconds" in event ? { lengthNs: Math.round(event.seconds * 1e9) } : {}),
  }));
}
