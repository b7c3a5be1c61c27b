import type { IssueDefinition } from "../issue.ts";

/** Issues of files on disk: their presence, size, name and place. */
export const FILE_ISSUES = {
  FILE_MISSING: {
    severity: "error",
    title: "A listed file is missing",
    message: 'Metadata list "{target}" for device "{device}" but it is not in the session',
    remedy: "Copy the file into the session. If it was renamed, correct the metadata.",
  },
  FILE_NEVER_WRITTEN: {
    severity: "info",
    title: "A file is named that no recorder version writes",
    message: '"{target}" is only announced by the phone and was never written',
    remedy: "Nothing is lost; look for the Session_<ms>.mp4 of the phone instead.",
  },
  FILE_UNREGISTERED: {
    severity: "warning",
    title: "A recording is missing from the metadata",
    message: "The file is in the session but the metadata do not list it",
    remedy: "Nothing is lost: it was read. Check that it belongs to this session.",
  },
  FILE_SIZE_MISMATCH: {
    severity: "error",
    title: "A file has another size than the metadata say",
    message: "Size is {found} bytes, metadata say {expected}",
    remedy: "The transfer was cut or the file was changed. Copy it again from the device.",
  },
  FILE_EMPTY: {
    severity: "error",
    title: "A file is empty",
    message: "File has 0 bytes",
    remedy: "Copy it again from the device; if it is empty there too, the recording is lost.",
  },
  FILE_UNREADABLE: {
    severity: "error",
    title: "A file cannot be opened",
    message: "Cannot be read: {reason}",
    remedy: "Check the permissions and the disk.",
  },
  FILE_NAME_UNUSUAL: {
    severity: "info",
    title: "A file name breaks the naming convention",
    message: "Name does not match <device>_<type>_YYYYMMDD_HHMMSS",
    remedy: "Nothing is lost: the type was taken from the contents.",
  },
  FILE_MISPLACED: {
    severity: "warning",
    title: "A file lies in the folder of another kind or device",
    message: "File is named for {named} but lies in the folder of {folder}",
    remedy: "Move it where it belongs; it was read as its name says.",
  },
  FILE_TIME_OUTSIDE_SESSION: {
    severity: "warning",
    title: "A file is named for a time outside the session",
    message: "Name says {named}, session runs from {start} to {end}",
    remedy: "Check that the file belongs to this session and that the device clock was set.",
  },
  FILE_DUPLICATE: {
    severity: "warning",
    title: "Two files have the same contents",
    message: 'Same contents as "{other}"',
    remedy: "Delete one of them; both were read.",
  },
  FILE_UNKNOWN: {
    severity: "info",
    title: "A file is of no known kind",
    message: "Kind of this file is not known; it was left alone",
    remedy: "Nothing to do.",
  },
  FILE_NOT_READ: {
    severity: "warning",
    title: "Recordings are in a format that is not read",
    message:
      "{count} files of type .{type} in this folder are not read and missing from the results",
    remedy: "Convert videos to MP4 and tables to CSV with a time column to have them included.",
  },
  FILE_PLACEHOLDER: {
    severity: "warning",
    title: "A file holds placeholder text instead of data",
    message: 'Contents begin with "{text}"',
    remedy: "The recorder wrote no data here. Nothing can be recovered.",
  },
  FILE_TYPE_MISMATCH: {
    severity: "warning",
    title: "Contents do not match the file name",
    message: "Named {named} but the contents are {found}",
    remedy: "Rename the file; it was treated as its contents say.",
  },
  FILE_TRUNCATED: {
    severity: "error",
    title: "A file is cut off",
    message: "File ends inside {inside}; everything before was read",
    remedy: "Copy it again from the device.",
  },
  FILE_TOO_LARGE: {
    severity: "warning",
    title: "A file is too large for what it should hold",
    message:
      "File has {size} bytes; files of this kind are read up to {limit} bytes, so it was not",
    remedy: "Check that the file is what its name says. Logs of this size are damaged as a rule.",
  },
  FILE_CHANGED: {
    severity: "error",
    title: "A file changed while it was read",
    message: "Contents changed from {before} to {after} while they were processed",
    remedy: "Wait until the recorder or the copy has finished, then run again.",
  },
  FOLDER_SYMLINK: {
    severity: "warning",
    title: "A symbolic link was not followed",
    message: 'Link to "{target}" was not followed',
    remedy: "Copy the data into the session instead of linking to it.",
  },
  FOLDER_UNEXPECTED: {
    severity: "info",
    title: "A folder is not part of the documented tree",
    message: 'Folder "{folder}" is not part of the documented tree; its files were read',
    remedy: "Nothing to do.",
  },
  FOLDER_TOO_DEEP: {
    severity: "warning",
    title: "Folders are nested too deep",
    message: "Folders below depth {depth} were not read",
    remedy: "Move the recordings closer to the session folder.",
  },
  LOG_IN_SIBLING: {
    severity: "info",
    title: "The event log lies in a second session folder",
    message: 'Log was found in "{folder}", whose name doubles the time stamp',
    remedy: "Nothing is lost: the recorder makes this folder. Move the log beside the metadata.",
  },
} as const satisfies Record<string, IssueDefinition>;
