import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { LIMITS } from "../limits.ts";
import { streamPlace } from "../places.ts";
import type { AccelerationStatistics } from "../report.ts";

/** The unit in which most vectors are as long as gravity; undefined when no unit stands out. */
function gravityUnit(acceleration: AccelerationStatistics): string | undefined {
  const { count, metresPerSecondSquared, g, milliG } = acceleration;
  if (count < LIMITS.minimumSamples) return undefined;
  const shares = [["m/s^2", metresPerSecondSquared / count], ["g", g / count], [
    "mg",
    milliG / count,
  ]] as const;
  const [best, rival] = shares.toSorted((a, b) => b[1] - a[1]);
  if (best === undefined || rival === undefined) return undefined;
  return best[1] >= LIMITS.gravityShare && rival[1] <= LIMITS.gravityRivalShare
    ? best[0]
    : undefined;
}

/** Accelerations whose length at rest is gravity in another unit than theirs. */
export const units: Check = {
  name: "units",
  codes: ["UNIT_MISMATCH"],
  *check({ streams }) {
    for (const report of streams) {
      for (const acceleration of report.accelerations) {
        const spec = report.schema.columns.find(({ name }) => name === acceleration.columns[0]);
        const found = gravityUnit(acceleration);
        if (spec?.unit === undefined || found === undefined || spec.unit === found) continue;
        yield createIssue("UNIT_MISMATCH", {
          column: spec.recordedAs ?? spec.name,
          named: spec.unit,
          found,
          reason: `at rest the vector is as long as gravity in ${found}`,
        }, streamPlace(report));
      }
    }
  },
};
