import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { streamPlace } from "../places.ts";
import { plausibleRange } from "../quantities.ts";
import { rounded } from "../window.ts";

/** Thermal cameras have a check of their own, which knows how their values are made. */
const JUDGED_ELSEWHERE = new Set(["thermal", "thermal_table"]);

/** Values that the sensor cannot measure. A constant column is reported as such. */
export const ranges: Check = {
  name: "ranges",
  codes: ["VALUE_OUT_OF_RANGE"],
  *check({ streams, config }) {
    for (const report of streams) {
      if (JUDGED_ELSEWHERE.has(report.stream.kind)) continue;
      for (const [index, { outside, constant }] of report.columns.entries()) {
        const spec = report.schema.columns[index];
        if (spec === undefined || outside === 0 || constant) continue;
        const range = plausibleRange(report.schema.id, spec, config.ranges);
        if (range === undefined) continue;
        yield createIssue("VALUE_OUT_OF_RANGE", {
          column: spec.recordedAs ?? spec.name,
          count: outside,
          low: rounded(range[0]),
          high: rounded(range[1]),
          unit: spec.unit ?? "",
        }, streamPlace(report));
      }
    }
  },
};
