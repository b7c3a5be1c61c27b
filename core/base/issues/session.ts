import type { IssueDefinition } from "../issue.ts";

/** Issues of session folders, their names and their metadata. */
export const SESSION_ISSUES = {
  SESSION_EMPTY: {
    severity: "error",
    title: "Session folder holds no recording",
    message: "No recorded stream was found among {files} files",
    remedy:
      "Check that this is the folder of a session, and that the recordings were copied into it.",
  },
  SESSION_ID_UNUSUAL: {
    severity: "warning",
    title: "Session id breaks the naming convention",
    message: 'Session id "{id}" does not match [name_]YYYYMMDD_HHMMSS',
    remedy: "Rename the folder to letters, digits, _ and - followed by the start time.",
  },
  SESSION_ID_MISMATCH: {
    severity: "warning",
    title: "Folder name and metadata give different session ids",
    message: 'Folder is named "{folder}" but the metadata say session "{id}"',
    remedy: "Find out whether the folder was renamed or holds another session's metadata.",
  },
  SESSION_ACTIVE: {
    severity: "warning",
    title: "Session was never closed",
    message: 'Status is still "{status}", so the recorder stopped before it ended the session',
    remedy: "Take the end from the recordings themselves; the last samples may be missing.",
  },
  SESSION_RECOVERED: {
    severity: "warning",
    title: "Session was closed by a recovery program",
    message: 'Status is "{status}": its end time is an estimate, not a record',
    remedy: "Trust the last sample of each stream over the recorded end time.",
  },
  SESSION_END_BEFORE_START: {
    severity: "error",
    title: "Session ends before it starts",
    message: "End {end} lies before start {start}",
    remedy:
      "The clock of the recorder was set during the session; take the times from the streams.",
  },
  SESSION_DURATION_MISMATCH: {
    severity: "warning",
    title: "Duration disagrees with start and end",
    message: "Duration is {duration} s but end minus start is {span} s",
    remedy: "A clock or time-zone change during the session is likely; check daylight saving time.",
  },
  SESSION_TIME_MISSING: {
    severity: "warning",
    title: "Session has no usable start time",
    message: "Start time is {value}",
    remedy: "The start is taken from folder and file names, or from the earliest stream.",
  },
  SESSION_TIME_IMPLAUSIBLE: {
    severity: "warning",
    title: "Session start is not a plausible date",
    message: "Start time {start} lies outside the years 2000 to 2100",
    remedy:
      "The clock of the recorder was not set. Only times relative to each other can be trusted.",
  },
  SESSION_ROOT_UNRELATED: {
    severity: "error",
    title: "A given folder does not overlap the session",
    message: 'Folder "{root}" starts {gap} s away from the session, so it was not joined to it',
    remedy: "Give only folders of one session, or check the clock of the device that wrote it.",
  },
  SESSION_ROOT_STITCHED: {
    severity: "info",
    title: "Several folders were read as one session",
    message: 'Folder "{root}" was joined to the session by {reason}',
    remedy: "Nothing to do if these folders belong together.",
  },
  METADATA_MISSING: {
    severity: "warning",
    title: "Session has no metadata file",
    message: "No session_metadata.json and no other known metadata file was found",
    remedy: "The session is described from its files alone; add the metadata if you have them.",
  },
  METADATA_UNREADABLE: {
    severity: "error",
    title: "A JSON file cannot be read",
    message: "Not readable as JSON: {reason}",
    remedy: "Restore the file from a backup. What could be read of it was used.",
  },
  METADATA_TRUNCATED: {
    severity: "error",
    title: "A JSON file is cut off",
    message: "JSON ends inside {inside}; {kept} complete values were kept",
    remedy:
      "The recorder was stopped while writing. Restore the file from a backup if there is one.",
  },
  METADATA_CONCATENATED: {
    severity: "warning",
    title: "A JSON file holds several documents",
    message: "{count} JSON documents follow each other; they were read as a list",
    remedy: "Nothing is lost. Wrap them in [ ] and separate them by commas for other programs.",
  },
  METADATA_KOTLIN_MAP: {
    severity: "warning",
    title: "Text in Kotlin map notation stands where JSON belongs",
    message: "{key} is written as {notation} and was read as such",
    remedy: "Values with commas or equal signs inside cannot be told apart; check them.",
  },
  METADATA_VARIANT: {
    severity: "info",
    title: "Metadata follow an older or foreign layout",
    message: "Metadata were read as variant {variant}",
    remedy: "Nothing to do.",
  },
  METADATA_KEY_MISSING: {
    severity: "warning",
    title: "A required metadata key is missing",
    message: 'Key "{key}" is missing',
    remedy: "Add the key, or accept what was inferred from the files.",
  },
  METADATA_KEY_UNKNOWN: {
    severity: "info",
    title: "Metadata hold a key that is not part of the format",
    message: 'Key "{key}" is not known; it was kept',
    remedy: "Nothing to do.",
  },
  METADATA_KEY_DUPLICATE: {
    severity: "warning",
    title: "A metadata key occurs twice",
    message: 'Key "{key}" occurs more than once in one object; the last value was used',
    remedy: "Delete the value that is wrong.",
  },
  METADATA_TYPE_WRONG: {
    severity: "warning",
    title: "A metadata value has the wrong type",
    message: 'Key "{key}" should be {expected} but is {found}',
    remedy: "Correct the value; it was ignored.",
  },
  METADATA_PATH_UNSAFE: {
    severity: "error",
    title: "Metadata point outside the session",
    message: 'Path "{target}" leaves the session folder and was not followed',
    remedy: "Correct the path. Files outside the session are never read through metadata.",
  },
  TIME_NAIVE: {
    severity: "warning",
    title: "Times carry no time zone",
    message: "Times are local wall time without a zone; UTC offset taken as {offset} from {source}",
    remedy: "Give the zone of the recording with --timezone to make UTC times certain.",
  },
  DEVICE_UNKNOWN_TYPE: {
    severity: "info",
    title: "Device type is not known",
    message: 'Device "{device}" has type "{type}"; it was kept',
    remedy: "Nothing to do.",
  },
  DEVICE_WITHOUT_FILES: {
    severity: "warning",
    title: "A listed device left no file",
    message: 'Device "{device}" is in the metadata but no file of it was found',
    remedy: "Copy its recordings into the session, or give their folder as a further argument.",
  },
  DEVICE_UNLISTED: {
    severity: "warning",
    title: "A device is missing from the metadata",
    message: 'Files of device "{device}" exist but the metadata do not list it',
    remedy: "Nothing is lost: the device was added from its files.",
  },
  CAPABILITY_WITHOUT_STREAM: {
    severity: "warning",
    title: "A device left no stream for one of its capabilities",
    message: 'Device "{device}" should have {capability} but no such stream was found',
    remedy: "Look for the file on the device; it may not have been transferred.",
  },
  CONFIG_INVALID: {
    severity: "error",
    title: "session-process.json cannot be used",
    message: "{reason}",
    remedy: "Correct the file; the guide lists its keys. Defaults were used for the rest.",
  },
} as const satisfies Record<string, IssueDefinition>;
