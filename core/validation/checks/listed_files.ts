import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { baseName } from "../places.ts";

/** The phone announces these in its session notes, but no version of it writes them. */
const NEVER_WRITTEN = new Set(["rgb_video.mp4", "thermal_video.mp4"]);

/**
 * Every file that the metadata list must be there, with the size they state. Those outside the session are
 * reported where the metadata are read.
 */
export const listedFiles: Check = {
  name: "listed-files",
  codes: ["FILE_MISSING", "FILE_NEVER_WRITTEN", "FILE_SIZE_MISMATCH"],
  *check({ session }) {
    const sizes = new Map(session.files.map(({ path, size }) => [path, size]));
    for (const { path, target, device, unsafe, size: expected } of session.listedFiles) {
      const found = path === undefined ? undefined : sizes.get(path);
      if (path === undefined || found === undefined) {
        if (NEVER_WRITTEN.has(baseName(target))) {
          yield createIssue("FILE_NEVER_WRITTEN", { target }, { device });
        } else if (!unsafe) {
          yield createIssue("FILE_MISSING", { target, device }, { path: target, device });
        }
      } else if (expected !== undefined && expected !== found) {
        yield createIssue("FILE_SIZE_MISMATCH", { found, expected }, { path, device });
      }
    }
  },
};
