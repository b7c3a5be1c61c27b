import type { SimulatedClock } from "../clock.ts";
import { epochSeconds, isoMicroseconds } from "../clock_stamp.ts";
import type { DevicePlan, SimulationPlan } from "../plan.ts";
import { capabilitiesOf, endOf, type LogEntry } from "./timeline.ts";

/** Seconds between two true times on a clock, with microseconds. */
export function secondsBetween(clock: SimulatedClock, fromNs: number, toNs: number): number {
  return epochSeconds(clock.readingAt(toNs) - clock.readingAt(fromNs));
}

/** Contents of `<session>_log.json`. */
export function sessionLog(
  plan: SimulationPlan,
  sessionId: string,
  entries: readonly LogEntry[],
  wall: SimulatedClock,
): unknown {
  const endNs = endOf(entries);
  return {
    session: sessionId,
    session_name: plan.name,
    start_time: isoMicroseconds(wall.readingAt(0)),
    end_time: isoMicroseconds(wall.readingAt(endNs)),
    duration: secondsBetween(wall, 0, endNs),
    devices: plan.devices.map(deviceLine),
    events: entries.map((entry) => eventLine(entry, wall)),
    calibration_files: [],
    status: "completed",
  };
}

function deviceLine({ id, type, streams }: DevicePlan) {
  return { id, type, capabilities: capabilitiesOf(streams) };
}

function eventLine({ event, trueNs, details }: LogEntry, wall: SimulatedClock) {
  const timestamp = isoMicroseconds(wall.readingAt(trueNs));
  const time = `${timestamp.slice(11)}${timestamp.length === 19 ? ".000" : ""}`.slice(0, 12);
  return { event, time, timestamp, ...details };
}
