import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { isVideo, streamPlace } from "../places.ts";

/** Frames that are missing between others, or share their time. */
export const videoFrames: Check = {
  name: "video-frames",
  codes: ["VIDEO_FRAMES_DROPPED", "VIDEO_TIME_DUPLICATE"],
  *check({ streams }) {
    for (const report of streams.filter(isVideo)) {
      const { sampling: { gaps, missingSamples, duplicates } } = report;
      const where = streamPlace(report);
      if (gaps > 0) {
        yield createIssue("VIDEO_FRAMES_DROPPED", { dropped: missingSamples, gaps }, where);
      }
      if (duplicates > 0) yield createIssue("VIDEO_TIME_DUPLICATE", { count: duplicates }, where);
    }
  },
};
