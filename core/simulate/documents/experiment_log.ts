import type { Clocks } from "../context.ts";
import { epochSeconds, isoMicroseconds } from "../clock_stamp.ts";
import type { LogEntry } from "./timeline.ts";

/** Names of this log for the events that both logs hold. */
const TYPES: Readonly<Record<string, string>> = {
  stimulus_play: "stimulus_start",
  marker: "event_marker",
  stimulus_stop: "stimulus_end",
};

/** Contents of `experiment_log_*.json`, the only log of the PC with epoch times; undefined without events. */
export function experimentLog(entries: readonly LogEntry[], clocks: Clocks): unknown {
  const shown = entries.filter(({ event }) => event in TYPES);
  const media = shown.find(({ event }) => event === "stimulus_play")?.details["media"];
  if (media === undefined) return undefined;
  const startNs = shown[0]!.trueNs;
  let markers = 0;
  return {
    experiment_info: {
      start_time: epochSeconds(clocks.pcUtc.readingAt(startNs)),
      start_time_formatted: isoMicroseconds(clocks.pcLocal.readingAt(startNs)),
      stimulus_file: `stimuli/${media}`,
      stimulus_filename: media,
    },
    events: shown.map(({ event, trueNs, details }) => ({
      event_type: TYPES[event],
      timestamp: epochSeconds(clocks.pcUtc.readingAt(trueNs)),
      timestamp_formatted: isoMicroseconds(clocks.pcLocal.readingAt(trueNs)),
      experiment_time: Math.round((trueNs - startNs) / 1e3) / 1e6,
      ...(event === "marker" ? { marker_number: ++markers, marker_label: details["label"] } : {}),
    })),
  };
}
