import {
  createIssue,
  EARLIEST_DATE_NS,
  type Issue,
  LATEST_DATE_NS,
  NS_PER_SECOND,
} from "../../base/mod.ts";
import type { Session } from "../../session/mod.ts";
import type { Check } from "../check.ts";
import { LIMITS } from "../limits.ts";
import { formatTime, rounded, seconds } from "../window.ts";

/** Start, end and duration of the session against each other and against reason. */
export const sessionTimes: Check = {
  name: "session-times",
  codes: [
    "SESSION_TIME_MISSING",
    "SESSION_TIME_IMPLAUSIBLE",
    "SESSION_END_BEFORE_START",
    "SESSION_DURATION_MISMATCH",
  ],
  *check({ session }) {
    const { start } = session;
    if (start === undefined) {
      yield createIssue("SESSION_TIME_MISSING", { value: "not known" });
      return;
    }
    if (start.ns < EARLIEST_DATE_NS || start.ns >= LATEST_DATE_NS) {
      yield createIssue("SESSION_TIME_IMPLAUSIBLE", {
        start: formatTime(start.ns, start.clock.kind),
      });
    }
    yield* endIssues(session);
  },
};

function* endIssues({ start, end, durationSeconds }: Session): Iterable<Issue> {
  if (start === undefined || end === undefined || start.clock.kind !== end.clock.kind) return;
  const span = seconds(end.ns - start.ns);
  if (span < 0) {
    yield createIssue("SESSION_END_BEFORE_START", {
      end: formatTime(end.ns, end.clock.kind),
      start: formatTime(start.ns, start.clock.kind),
    });
  }
  if (durationSeconds === undefined || !Number.isFinite(durationSeconds)) return;
  const coarse = Number(NS_PER_SECOND) * LIMITS.durationToleranceSeconds;
  const tolerance = Math.max(coarse, 3 * start.sigmaNs, 3 * end.sigmaNs) / 1e9;
  if (Math.abs(durationSeconds - span) > tolerance) {
    yield createIssue("SESSION_DURATION_MISMATCH", {
      duration: rounded(durationSeconds, 7),
      span: rounded(span, 7),
    });
  }
}
