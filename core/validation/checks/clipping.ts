import { createIssue, type Issue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { LIMITS } from "../limits.ts";
import { streamPlace } from "../places.ts";
import { quantityOf } from "../quantities.ts";
import type { StreamReport } from "../report.ts";
import { rounded } from "../window.ts";

/** Signals that rest at their smallest or largest value for longer than chance allows. */
export const clipping: Check = {
  name: "clipping",
  codes: ["SENSOR_CLIPPED"],
  *check({ streams }) {
    for (const report of streams) {
      if (report.rows >= LIMITS.minimumSamples) yield* clipped(report);
    }
  },
};

function* clipped(report: StreamReport): Iterable<Issue> {
  for (const [index, facts] of report.columns.entries()) {
    const spec = report.schema.columns[index];
    const least = spec === undefined ? undefined : quantityOf(spec)?.clippedShare;
    if (spec === undefined || least === undefined || facts.constant) continue;
    const limits = [[facts.min, facts.clippedLow], [facts.max, facts.clippedHigh]] as const;
    for (const [value, share] of limits) {
      if (share < least || share * facts.count < LIMITS.clippedSamples) continue;
      yield createIssue("SENSOR_CLIPPED", {
        column: spec.recordedAs ?? spec.name,
        value: rounded(value),
        percent: rounded(100 * share, 3),
      }, streamPlace(report));
    }
  }
}
