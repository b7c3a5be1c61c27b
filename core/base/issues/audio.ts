import type { IssueDefinition } from "../issue.ts";

/** Issues of recorded sound. */
export const AUDIO_ISSUES = {
  AUDIO_UNREADABLE: {
    severity: "error",
    title: "A sound recording cannot be read",
    message: "Sound cannot be read: {reason}",
    remedy: "Copy the file again from the device, or convert it to WAV.",
  },
  AUDIO_CUT_OFF: {
    severity: "warning",
    title: "A sound recording was not finished",
    message: "The header does not match what is there: {bytes} bytes are missing",
    remedy: "Nothing: what is there was read. If much is missing, copy the file again.",
  },
} as const satisfies Record<string, IssueDefinition>;
