import { createIssue, type Issue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { LIMITS } from "../limits.ts";
import { isSampled, isVideo, streamPlace } from "../places.ts";
import { quantityOf } from "../quantities.ts";
import type { StreamReport } from "../report.ts";
import { rounded } from "../window.ts";

/** Columns without a value, and measured ones that never change. */
export const columns: Check = {
  name: "columns",
  codes: ["COLUMN_EMPTY", "COLUMN_CONSTANT"],
  *check({ streams }) {
    for (const report of streams) {
      if (report.rows > 0 && isSampled(report) && !isVideo(report)) yield* columnIssues(report);
    }
  },
};

function* columnIssues(report: StreamReport): Iterable<Issue> {
  const where = streamPlace(report);
  const { rows } = report;
  for (const [index, facts] of report.columns.entries()) {
    const spec = report.schema.columns[index];
    if (spec === undefined) continue;
    const column = spec.recordedAs ?? spec.name;
    const { count, constant, min } = facts;
    if (count === 0) {
      yield createIssue("COLUMN_EMPTY", { column }, where);
    } else if (constant && rows >= LIMITS.constantRows && quantityOf(spec)?.varies === true) {
      yield createIssue("COLUMN_CONSTANT", { column, value: rounded(min), rows: count }, where);
    }
  }
}
