import type { IssueDefinition } from "../issue.ts";

/** Issues of processing itself: checks, exports, resources. */
export const PROCESS_ISSUES = {
  CHECK_FAILED: {
    severity: "error",
    title: "A check could not be made",
    message: 'Check "{check}" failed: {reason}',
    remedy: "Please report this; the other checks are not affected.",
  },
  STEP_FAILED: {
    severity: "error",
    title: "A processing step failed",
    message: 'Step "{step}" failed: {reason}',
    remedy: "Correct the cause and run again; finished steps are not repeated.",
  },
  OUTPUT_FAILED: {
    severity: "error",
    title: "An output could not be written",
    message: "Cannot write: {reason}",
    remedy: "Free disk space or give another folder with --out, then run again.",
  },
  MAT_TOO_LARGE: {
    severity: "error",
    title: "A MATLAB file would exceed 2 GB",
    message: "File would need {size} bytes; MAT-files of level 5 end at {limit}",
    remedy: "Export fewer streams with --streams, or write CSV with --formats csv,combined.",
  },
  GRID_TOO_LARGE: {
    severity: "error",
    title: "The combined table would be endless",
    message: "Table would have {rows} rows for {samples} samples; it was not written",
    remedy: "A stream has times far from the others. Correct them, or leave it out with --streams.",
  },
  MAT_NAME_CHANGED: {
    severity: "info",
    title: "A name was changed for MATLAB",
    message: '"{name}" became "{field}"',
    remedy: "Nothing to do: the original name stands in the struct.",
  },
  OUTPUT_FOREIGN: {
    severity: "info",
    title: "Output of an earlier tool was found",
    message: "Output of {tool} was recognised and not taken as a recording",
    remedy: "Nothing to do.",
  },
  STREAM_SKIPPED: {
    severity: "error",
    title: "A stream could not be processed",
    message: 'Stream "{stream}" was left out: {reason}',
    remedy: "See the other issues of this file.",
  },
} as const satisfies Record<string, IssueDefinition>;
