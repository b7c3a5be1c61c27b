import { createIssue, type Issue, type TimeSpan } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { LIMITS } from "../limits.ts";
import { isSampled, streamPlace } from "../places.ts";
import type { StreamReport } from "../report.ts";
import {
  distanceSeconds,
  formatTime,
  placeStream,
  rounded,
  seconds,
  type SessionWindow,
  sessionWindow,
} from "../window.ts";

/** Where each stream lies in the session and how much of it it covers. */
export const streamWindow: Check = {
  name: "stream-window",
  codes: ["STREAM_OUTSIDE_SESSION", "STREAM_SHORT"],
  *check(context) {
    const window = sessionWindow(context);
    if (window === undefined) return;
    for (const report of context.streams.filter(isSampled)) {
      const span = placeStream(window, report, context);
      if (span !== undefined) yield* issuesOf(report, span, window);
    }
  },
};

function* issuesOf(report: StreamReport, span: TimeSpan, window: SessionWindow): Iterable<Issue> {
  const gap = distanceSeconds(window, span);
  if (gap > LIMITS.streamMarginSeconds) {
    yield createIssue("STREAM_OUTSIDE_SESSION", {
      start: formatTime(span.startNs, window.kind),
      end: formatTime(span.endNs, window.kind),
      gap: rounded(gap),
    }, streamPlace(report));
    return;
  }
  const covered = coverage(span, window);
  if (covered === undefined || covered >= LIMITS.streamCoverage) return;
  // Of videos, VIDEO_DURATION_MISMATCH says the same.
  if (report.sampling.count < LIMITS.minimumSamples || report.video !== undefined) return;
  yield createIssue("STREAM_SHORT", { percent: rounded(100 * covered, 3) }, streamPlace(report));
}

/** By length, since a stream that is placed roughly may seem to stick out of the session. */
function coverage(span: TimeSpan, { startNs, endNs }: SessionWindow): number | undefined {
  if (endNs === undefined || endNs === startNs) return undefined;
  return seconds(span.endNs - span.startNs) / seconds(endNs - startNs);
}
