import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { LIMITS } from "../limits.ts";
import { distanceSeconds, formatTime, placeTime, sessionWindow } from "../window.ts";

/** Times in the names of recordings against the session. */
export const fileTimes: Check = {
  name: "file-times",
  codes: ["FILE_TIME_OUTSIDE_SESSION"],
  *check(context) {
    const window = sessionWindow(context);
    if (window === undefined) return;
    for (const { path, namedTime, role } of context.session.files) {
      if (namedTime === undefined || role !== "recording") continue;
      const ns = placeTime(window, namedTime, context);
      if (ns === undefined) continue;
      const distance = distanceSeconds(window, { startNs: ns, endNs: ns });
      if (distance <= LIMITS.fileNameMarginSeconds + 3 * namedTime.sigmaNs / 1e9) continue;
      yield createIssue("FILE_TIME_OUTSIDE_SESSION", {
        named: formatTime(ns, window.kind),
        start: formatTime(window.startNs, window.kind),
        end: window.endNs === undefined ? "an unknown time" : formatTime(window.endNs, window.kind),
      }, { path });
    }
  },
};
