import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { LIMITS } from "../limits.ts";

/** Pieces of evidence about a clock that disagree with others of their own source. */
export const clockEvidence: Check = {
  name: "clock-evidence",
  codes: ["CLOCK_EVIDENCE_REJECTED"],
  *check({ clocks = [] }) {
    for (const { clock, evidence } of clocks) {
      for (const { kind, used, rejected } of evidence) {
        // A source that was rejected as a whole gave way to a better one.
        if (used === 0 || rejected <= LIMITS.rejectedShare * (used + rejected)) continue;
        yield createIssue("CLOCK_EVIDENCE_REJECTED", {
          count: rejected,
          total: used + rejected,
          kind,
          clock: clock.id,
        });
      }
    }
  },
};
