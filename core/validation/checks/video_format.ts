import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { USUAL_CODECS } from "../limits.ts";
import { streamPlace } from "../places.ts";

/** What a video says of its codec and of when it was made. */
export const videoFormat: Check = {
  name: "video-format",
  codes: ["VIDEO_CODEC_UNUSUAL", "VIDEO_CREATION_TIME_MISSING"],
  *check({ streams }) {
    for (const report of streams) {
      const { video } = report;
      if (video === undefined) continue;
      const where = streamPlace(report);
      if (!USUAL_CODECS.has(video.codec)) {
        yield createIssue("VIDEO_CODEC_UNUSUAL", { codec: video.codec }, where);
      }
      if (video.creationUtcNs === undefined) {
        yield createIssue("VIDEO_CREATION_TIME_MISSING", {}, where);
      }
    }
  },
};
