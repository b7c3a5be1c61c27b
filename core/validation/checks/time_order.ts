import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { isSampled, isVideo, streamPlace } from "../places.ts";
import { rounded } from "../window.ts";

/**
 * Times that run backwards, repeat or are not there; and rows that repeat as a whole. A stream without any time
 * is reported where it is read.
 */
export const timeOrder: Check = {
  name: "time-order",
  codes: ["TIME_BACKWARDS", "TIME_DUPLICATE", "TIME_VALUE_MISSING", "ROW_DUPLICATE"],
  *check({ streams }) {
    for (const report of streams.filter(isSampled)) {
      const { sampling: { count, backwards, worstBackwardsNs, duplicates, missingTimes } } = report;
      const where = streamPlace(report);
      if (backwards > 0) {
        const worst = rounded(Math.abs(worstBackwardsNs) / 1e9);
        yield createIssue("TIME_BACKWARDS", { count: backwards, worst }, where);
      }
      if (duplicates > 0 && !isVideo(report)) {
        yield createIssue("TIME_DUPLICATE", { count: duplicates }, where);
      }
      if (missingTimes > 0 && count > 0) {
        yield createIssue("TIME_VALUE_MISSING", { count: missingTimes }, where);
      }
      if (report.repeatedRows > 0 && !isVideo(report)) {
        yield createIssue("ROW_DUPLICATE", { count: report.repeatedRows }, where);
      }
    }
  },
};
