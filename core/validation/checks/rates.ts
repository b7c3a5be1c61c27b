import { createIssue } from "../../base/mod.ts";
import type { Check, CheckContext } from "../check.ts";
import { matchesGlob } from "../glob.ts";
import { LIMITS, USUAL_GSR_RATES_HZ } from "../limits.ts";
import { isSampled, isVideo, streamPlace } from "../places.ts";
import type { StreamReport } from "../report.ts";
import { rounded } from "../window.ts";

/** The rates that would be right for a stream, and how closely. */
interface Expectation {
  readonly rates: readonly number[];
  readonly tolerance: number;
}

/** Measured rates against those that the project, the file or the usual sensors state. */
export const rates: Check = {
  name: "rates",
  codes: ["RATE_UNEXPECTED"],
  *check({ streams, config }) {
    for (const report of streams) {
      const { sampling: { count, rateHz } } = report;
      if (!isSampled(report) || count < LIMITS.minimumSamples || !(rateHz > 0)) continue;
      const expected = expectation(report, config);
      if (expected === undefined) continue;
      const { rates, tolerance } = expected;
      if (rates.some((rate) => Math.abs(rateHz / rate - 1) <= tolerance)) continue;
      yield createIssue("RATE_UNEXPECTED", {
        rate: rounded(rateHz),
        expected: rates.join(" or "),
      }, streamPlace(report));
    }
  },
};

function expectation(
  report: StreamReport,
  config: CheckContext["config"],
): Expectation | undefined {
  const stated = config.expectedRates?.findLast(({ stream }) =>
    matchesGlob(stream, report.stream.id)
  );
  const tolerance = stated?.tolerance ?? LIMITS.rateTolerance;
  if (stated !== undefined) return { rates: [stated.hz], tolerance };
  // The nominal rate of a video is compared with the session, since its own times may be made from it.
  if (isVideo(report)) return undefined;
  const { nominalRateHz } = report.schema;
  if (nominalRateHz !== undefined) return { rates: [nominalRateHz], tolerance };
  return report.stream.kind === "gsr" ? { rates: USUAL_GSR_RATES_HZ, tolerance } : undefined;
}
