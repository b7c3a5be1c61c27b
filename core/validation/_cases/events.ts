import type { Case } from "./case.ts";
import { event, filesWith, gsrReport, LOG, LOG_PATH } from "./clean.ts";
export const EVENT_CASES: readonly Case[] = [
  {
    name: "no log",
    change: {
      session: {
        events: [],
        logs: [],
        files: filesWith(LOG_PATH, { role: "config", path: "x.txt" }),
      },
    },
    raises: ["LOG_MISSING"],
  },
  {
    name: "no log but sync markers",
    change: {
      session: {
        events: [event("flash_sync", 60, { device: "pc", path: "sync_markers/a.txt" })],
        logs: [],
        files: filesWith(LOG_PATH, { role: "config", path: "x.txt" }),
      },
    },
    raises: ["LOG_MISSING"],
  },
  {
    name: "a log too large to be read",
    change: { session: { events: [], logs: [], files: filesWith(LOG_PATH, { size: 1e8 }) } },
    raises: [],
  },
  {
    name: "a phone's own folder, which has no log",
    change: {
      session: {
        variant: "phone",
        events: [],
        logs: [],
        files: filesWith(LOG_PATH, { role: "config", path: "x.txt" }),
      },
    },
    raises: [],
  },
  {
    name: "a log without events",
    change: { session: { logs: [{ ...LOG, events: 0 }] } },
    raises: ["LOG_EMPTY"],
  },
  {
    name: "a clock that was set back",
    change: { session: { events: [event("marker", 60), event("marker", 59.5)] } },
    raises: ["EVENT_ORDER"],
  },
  {
    name: "two logs side by side",
    change: {
      session: { events: [event("marker", 60), event("marker", 5, { path: "other_log.json" })] },
    },
    raises: [],
  },
  {
    name: "a recording that never stopped",
    change: { session: { events: [event("start_record", 1)] } },
    raises: ["EVENT_UNPAIRED"],
    params: { start: "start_record", stop: "stop_record" },
  },
  {
    name: "a stop without a start",
    change: { session: { events: [event("stimulus_stop", 1)] } },
    raises: ["EVENT_UNPAIRED"],
    params: { start: "stimulus_stop", stop: "stimulus_play" },
  },
  {
    name: "two recordings one after the other",
    change: {
      session: {
        events: [1, 2, 3, 4].map((s) => event(s % 2 === 1 ? "start_record" : "stop_record", s)),
      },
      streams: [gsrReport()],
    },
    raises: [],
  },
  {
    name: "an event of a fork",
    change: { session: { events: [event("log_sensor_data", 1)] } },
    raises: ["EVENT_UNKNOWN"],
  },
  {
    name: "an event without a time",
    change: { session: { events: [event("marker", undefined)] } },
    raises: ["EVENT_TIME_MISSING"],
  },
  {
    name: "an event of an absent device",
    change: { session: { events: [event("device_ack", 1, { device: "phone_9" })] } },
    raises: ["EVENT_DEVICE_UNKNOWN"],
  },
  {
    name: "a received file that is not there",
    change: {
      session: {
        events: [event("file_received", 121, {
          device: "phone_1",
          details: { filename: "C:\\in\\clip.mp4" },
        })],
      },
    },
    raises: ["EVENT_FILE_MISSING"],
  },
  {
    name: "an event of another day",
    change: { session: { events: [event("marker", 86_400)] } },
    raises: ["EVENT_OUTSIDE_SESSION"],
    params: { event: "marker", seconds: 86_280 },
  },
  {
    name: "an error of the recorder",
    change: {
      session: { events: [event("error", 1, { details: { message: "Connection lost" } })] },
    },
    raises: ["EVENT_ERROR_LOGGED"],
    params: { message: "Connection lost" },
  },
];
