import { createIssue, type Issue } from "../base/mod.ts";
import type { ClockModel } from "./model.ts";
import { typicalSigma } from "./relation.ts";

/** Drift that no crystal has. */
const IMPLAUSIBLE_PPM = 500;

/** What is wrong with a model as a whole. */
export function modelIssues(model: ClockModel): Issue[] {
  const { clock, method, driftPpm } = model;
  if (method === "none") {
    return [unplacedIssue(model)];
  }
  const issues = method === "anchor" ? [anchorIssue(model)] : [];
  // The pace of media time is what the recorder assumed, not that of a crystal.
  if (Math.abs(driftPpm) > IMPLAUSIBLE_PPM && clock.kind !== "media") {
    const drift = Math.round(driftPpm);
    issues.push(createIssue("CLOCK_DRIFT_IMPLAUSIBLE", { clock: clock.id, drift }));
  }
  return issues;
}

/** Says that a clock could not be placed. */
export function unplacedIssue(
  { clock, reference }: Pick<ClockModel, "clock" | "reference">,
): Issue {
  const reason = "nothing ties it to a clock that is placed";
  return createIssue("CLOCK_NO_EVIDENCE", { clock: clock.id, reference: reference.id, reason });
}

function anchorIssue(model: ClockModel): Issue {
  const sigma = (typicalSigma(model) / 1e9).toFixed(3);
  const rules = model.evidence.filter(({ used }) => used > 0).map(({ source }) => source);
  const rule = rules.join(", ") || "an anchor";
  return createIssue("CLOCK_ANCHOR_ONLY", { clock: model.clock.id, rule, sigma });
}
