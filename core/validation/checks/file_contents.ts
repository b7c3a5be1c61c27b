import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";

/** Files that hold nothing, cannot be opened or are of no known kind. */
export const fileContents: Check = {
  name: "file-contents",
  codes: ["FILE_EMPTY", "FILE_UNREADABLE", "FILE_UNKNOWN"],
  *check({ session }) {
    for (const { path, size, role, unreadable } of session.files) {
      if (unreadable !== undefined) {
        yield createIssue("FILE_UNREADABLE", { reason: unreadable }, { path });
      } else if (size === 0) {
        yield createIssue("FILE_EMPTY", {}, { path });
      } else if (role === "unknown") {
        yield createIssue("FILE_UNKNOWN", {}, { path });
      }
    }
  },
};
