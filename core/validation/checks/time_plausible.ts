import { createIssue, EARLIEST_DATE_NS, LATEST_DATE_NS } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { streamPlace } from "../places.ts";
import { formatTime } from "../window.ts";

/** Absolute times before 2000 or after 2100. */
export const timePlausible: Check = {
  name: "time-plausible",
  codes: ["TIME_IMPLAUSIBLE"],
  *check({ streams }) {
    for (const report of streams) {
      const { sampling: { minNs, maxNs }, schema: { clock } } = report;
      if (minNs === undefined || maxNs === undefined) continue;
      if (clock.kind !== "utc" && clock.kind !== "local") continue;
      if (minNs >= EARLIEST_DATE_NS && maxNs < LATEST_DATE_NS) continue;
      yield createIssue("TIME_IMPLAUSIBLE", {
        start: formatTime(minNs, clock.kind),
        end: formatTime(maxNs, clock.kind),
      }, streamPlace(report));
    }
  },
};
