import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { LIMITS } from "../limits.ts";
import { streamPlace } from "../places.ts";
import { rounded } from "../window.ts";

/** H.264 and H.265 as MP4 names them: what phones write and every decoder knows. */
const USUAL_CODECS = /^(avc|hvc|hev)[13](\.|$)/;

/** What a video says of its codec, its frame times and when it was made. */
export const videoFormat: Check = {
  name: "video-format",
  codes: ["VIDEO_CODEC_UNUSUAL", "VIDEO_CONSTANT_RATE", "VIDEO_CREATION_TIME_MISSING"],
  *check({ streams }) {
    for (const report of streams) {
      const { video } = report;
      if (video === undefined) continue;
      const where = streamPlace(report);
      const { codec, frames, durationSeconds } = video;
      if (!USUAL_CODECS.test(codec)) yield createIssue("VIDEO_CODEC_UNUSUAL", { codec }, where);
      if (video.constantRate && frames >= LIMITS.minimumSamples) {
        const period = rounded(durationSeconds / frames, 6);
        yield createIssue("VIDEO_CONSTANT_RATE", { frames, period }, where);
      }
      if (video.creationUtcNs === undefined) {
        yield createIssue("VIDEO_CREATION_TIME_MISSING", {}, where);
      }
    }
  },
};
