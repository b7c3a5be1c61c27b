import { createIssue, type Issue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { LIMITS } from "../limits.ts";
import { isIrregular, isSampled, isVideo, streamPlace } from "../places.ts";
import type { StreamReport } from "../report.ts";
import { rounded } from "../window.ts";

/** How fine and how regular the times of a stream are. */
export const timeGrain: Check = {
  name: "time-grain",
  codes: ["TIME_QUANTISED", "TIME_JITTER"],
  *check({ streams }) {
    for (const report of streams) {
      if (!isSampled(report) || isVideo(report) || isIrregular(report)) continue;
      if (report.sampling.count < LIMITS.minimumSamples) continue;
      yield* quantised(report);
      yield* jittery(report);
    }
  },
};

/** Perfectly regular times are multiples of their period without being coarse. */
function* quantised(report: StreamReport): Iterable<Issue> {
  const { quantumNs: step, medianIntervalNs, jitterNs } = report.sampling;
  if (!(step > 1) || !(medianIntervalNs > 0)) return;
  const regular = jitterNs === 0 && medianIntervalNs % step === 0;
  if (regular || step < LIMITS.quantumShare * medianIntervalNs) return;
  yield createIssue("TIME_QUANTISED", {
    step: rounded(step / 1e9),
    period: rounded(medianIntervalNs / 1e9),
  }, streamPlace(report));
}

function* jittery(report: StreamReport): Iterable<Issue> {
  const { jitterNs, medianIntervalNs, quantumNs } = report.sampling;
  const least = Math.max(LIMITS.jitterShare * medianIntervalNs, quantumNs);
  if (!(jitterNs > least)) return;
  yield createIssue("TIME_JITTER", { jitter: rounded(jitterNs / 1e6) }, streamPlace(report));
}
