import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { LIMITS } from "../limits.ts";
import { isSampled, streamPlace } from "../places.ts";

/** Streams too short for a rate. Files without any row are reported where they are read. */
export const streamSamples: Check = {
  name: "stream-samples",
  codes: ["STREAM_TOO_FEW_SAMPLES"],
  *check({ streams }) {
    for (const report of streams.filter(isSampled)) {
      if (report.rows === 0 || report.rows >= LIMITS.minimumSamples) continue;
      yield createIssue("STREAM_TOO_FEW_SAMPLES", { count: report.rows }, streamPlace(report));
    }
  },
};
