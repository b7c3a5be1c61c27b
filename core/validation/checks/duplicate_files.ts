import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";

/** Recordings with the same size and the same contents. */
export const duplicateFiles: Check = {
  name: "duplicate-files",
  codes: ["FILE_DUPLICATE"],
  *check({ session, hashes }) {
    const seen = new Map<string, string>();
    for (const { path, size, role } of session.files) {
      const hash = hashes?.get(path);
      if (hash === undefined || size === 0 || role !== "recording") continue;
      const key = `${size} ${hash}`;
      const other = seen.get(key);
      if (other !== undefined) yield createIssue("FILE_DUPLICATE", { other }, { path });
      else seen.set(key, path);
    }
  },
};
