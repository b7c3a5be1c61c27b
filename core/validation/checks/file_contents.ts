import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";

/** Files that hold nothing or are of no known kind. Empty tables are reported where they are read. */
export const fileContents: Check = {
  name: "file-contents",
  codes: ["FILE_EMPTY", "FILE_UNKNOWN"],
  *check({ session }) {
    const tables = session.streams.filter(({ format }) => format === "csv");
    const read = new Set(tables.map(({ path }) => path));
    for (const { path, size, role, unreadable } of session.files) {
      if (unreadable !== undefined || role === "output") continue;
      if (size === 0) {
        if (!read.has(path)) yield createIssue("FILE_EMPTY", {}, { path });
      } else if (role === "unknown") {
        yield createIssue("FILE_UNKNOWN", {}, { path });
      }
    }
  },
};
