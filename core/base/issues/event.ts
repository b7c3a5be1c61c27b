import type { IssueDefinition } from "../issue.ts";

/** Issues of event logs and markers. */
export const EVENT_ISSUES = {
  LOG_MISSING: {
    severity: "warning",
    title: "Session has no event log",
    message: "No <session>_log.json was found",
    remedy:
      "Events cannot be used to align or segment. Look for the log beside the session folder.",
  },
  LOG_EMPTY: {
    severity: "warning",
    title: "Event log holds no event",
    message: "Log holds no event",
    remedy: "Nothing to do.",
  },
  EVENT_ORDER: {
    severity: "warning",
    title: "Events are out of order",
    message: 'Event "{event}" at {time} comes after one at {previous}',
    remedy: "The clock was set back, or the log was edited. File order was kept.",
  },
  EVENT_UNKNOWN: {
    severity: "info",
    title: "Event type is not known",
    message: 'Event type "{event}" is not known; it was kept',
    remedy: "Nothing to do.",
  },
  EVENT_TIME_MISSING: {
    severity: "warning",
    title: "Event has no usable time",
    message: 'Event "{event}" has no usable time',
    remedy: "It was kept without a time.",
  },
  EVENT_TIME_CONFLICT: {
    severity: "warning",
    title: "Two times of one event disagree",
    message: 'Event "{event}" has time {time} but timestamp {timestamp}',
    remedy: "The full time stamp was used.",
  },
  EVENT_OUTSIDE_SESSION: {
    severity: "warning",
    title: "Event lies outside the session",
    message: 'Event "{event}" lies {seconds} s outside the session',
    remedy: "Check the clock of the program that wrote it.",
  },
  EVENT_UNPAIRED: {
    severity: "warning",
    title: "A start has no stop",
    message: '"{start}" has no matching "{stop}"',
    remedy: "The recorder was stopped in between; the end is open.",
  },
  EVENT_DEVICE_UNKNOWN: {
    severity: "warning",
    title: "An event names a device that is not in the session",
    message: 'Event "{event}" names device "{device}"',
    remedy: "Give the folder of that device as a further argument.",
  },
  EVENT_FILE_MISSING: {
    severity: "warning",
    title: "A received file is missing",
    message: 'Log says "{target}" was received from "{device}" but it is not in the session',
    remedy: "Look in the folders that the recorder makes when no session is active.",
  },
  EVENT_ERROR_LOGGED: {
    severity: "warning",
    title: "The recorder logged an error",
    message: "Recorder logged: {message}",
    remedy: "Read the log around this time.",
  },
  MARKER_FIELD_INVALID: {
    severity: "warning",
    title: "A sync marker cannot be read in full",
    message: 'Field "{field}" is {value}',
    remedy: "The marker was kept without it.",
  },
  SYNC_OFFSET_FABRICATED: {
    severity: "warning",
    title: "A stored clock offset was not measured",
    message: 'Offset {offset} ms comes from method "{method}", which makes it up; it was not used',
    remedy: "Nothing to do: alignment rests on other evidence.",
  },
} as const satisfies Record<string, IssueDefinition>;
