import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { isVideo, streamPlace } from "../places.ts";

/** Frames that are missing between others. */
export const videoFrames: Check = {
  name: "video-frames",
  codes: ["VIDEO_FRAMES_DROPPED"],
  *check({ streams }) {
    for (const report of streams.filter(isVideo)) {
      const { sampling: { gaps, missingSamples } } = report;
      if (gaps > 0) {
        const params = { dropped: missingSamples, gaps };
        yield createIssue("VIDEO_FRAMES_DROPPED", params, streamPlace(report));
      }
    }
  },
};
