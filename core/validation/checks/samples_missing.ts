import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { isSampled, isVideo, streamPlace } from "../places.ts";
import { rounded } from "../window.ts";

/** Gaps in the times and holes in the sequence numbers. */
export const samplesMissing: Check = {
  name: "samples-missing",
  codes: ["SAMPLES_MISSING", "SEQUENCE_BROKEN"],
  *check({ streams }) {
    for (const report of streams) {
      if (!isSampled(report) || isVideo(report)) continue;
      const { sampling: { gaps, missingSamples, longestGapNs }, sequence } = report;
      const where = streamPlace(report);
      if (gaps > 0) {
        const longest = rounded(longestGapNs / 1e9);
        yield createIssue("SAMPLES_MISSING", { missing: missingSamples, gaps, longest }, where);
      }
      if (sequence !== undefined && sequence.holes > 0) {
        const { holes, missing } = sequence;
        yield createIssue("SEQUENCE_BROKEN", { missing, gaps: holes }, where);
      }
    }
  },
};
