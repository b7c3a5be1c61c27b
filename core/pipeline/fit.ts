import { type ClockRef, createIssue, type Issue, NS_PER_SECOND, type TimeNs } from "../base/mod.ts";
import { type ClockEvidence, type ClockModel, fitGraph } from "../clock/mod.ts";
import type { Session } from "../session/mod.ts";
import { summariseClock } from "../report/mod.ts";
import { reportedClocks } from "./clock_report.ts";
import { planEvidence, zoneRule } from "./evidence.ts";
import { modelTime, placedSpan } from "./model_time.ts";
import { isPlausible } from "./plausible.ts";
import type { Run } from "./run.ts";
import type { StreamScan } from "./scan.ts";
import type { Zone } from "./timezone.ts";

/** The clocks of a session on one time axis. */
export interface SessionFit {
  readonly models: ReadonlyMap<string, ClockModel>;
  /** The models of clocks that stamp samples, and of the reference clock. */
  readonly used: readonly ClockModel[];
  readonly referenceClock: ClockRef;
  readonly originNs: TimeNs;
  readonly zone: Zone | undefined;
  readonly evidence: readonly ClockEvidence[];
  readonly issues: readonly Issue[];
}

/**
 * Fits every clock of a session to its reference clock, from what the first pass has found.
 *
 * @param shared What recordings of several clocks show together.
 */
export function fitSession(
  run: Pick<Run, "session" | "settings" | "kernel">,
  scans: readonly StreamScan[],
  shared: readonly ClockEvidence[] = [],
): SessionFit {
  const { session, settings } = run;
  const plan = planEvidence({ session, scans, shared, ...settings });
  const { models, issues } = fitGraph(run.kernel, {
    clocks: plan.clocks,
    evidence: plan.evidence,
    reference: plan.reference,
    spans: plan.spans,
  });
  // Clocks that stamp nothing but metadata, or a table without rows, are of no interest to the reader of the results.
  const stamping = new Set(
    scans.filter(({ table }) => table.rows > 0)
      .flatMap(({ schema }) => [schema.clock.id, schema.hostClock?.id ?? schema.clock.id]),
  );
  stamping.add(plan.reference.id);
  const used = models.filter(({ clock }) => stamping.has(clock.id));
  const byId = new Map(models.map((model) => [model.clock.id, model]));
  return withReasons(run, scans, {
    models: byId,
    used,
    referenceClock: plan.reference,
    originNs: sessionOrigin(run, scans, byId),
    zone: plan.zone,
    evidence: plan.evidence,
    issues: [
      ...zoneIssues(session, scans, plan.zone),
      ...issues.filter(({ params }) =>
        stamping.has(String(params["clock"])) && !restsOnZone(params, plan.zone)
      ),
    ],
  });
}

/** The issues of clocks that are not placed say why. */
function withReasons(
  { settings }: Pick<Run, "settings">,
  scans: readonly StreamScan[],
  fit: SessionFit,
): SessionFit {
  if (fit.issues.every(({ code }) => code !== "CLOCK_NO_EVIDENCE")) return fit;
  const clocks = new Map(
    reportedClocks({ scans, fit, settings, lattices: new Map() }).map((
      clock,
    ) => [clock.model.clock.id, clock]),
  );
  const issues = fit.issues.map((issue) => {
    const clock = clocks.get(String(issue.params["clock"]));
    if (issue.code !== "CLOCK_NO_EVIDENCE" || clock === undefined) return issue;
    return {
      ...issue,
      params: { ...issue.params, reason: summariseClock(clock).reasons.join("; ") },
    };
  });
  return { ...fit, issues };
}

/** An offset that is stated is certain, and of any other one `TIME_NAIVE` speaks. */
function restsOnZone({ rule }: Issue["params"], zone: Zone | undefined): boolean {
  return zone !== undefined && rule === zoneRule(zone);
}

/** A stream that begins this long before the session has a clock that was wrong. */
const LONGEST_LEAD_NS = 86_400n * NS_PER_SECOND;

/**
 * The stated start of the session, unless a stream begins before it: relative times are then negative no more.
 * Streams that are years off, as of a clock that was never set, do not move it.
 */
function sessionOrigin(
  { session, kernel }: Pick<Run, "session" | "kernel">,
  scans: readonly StreamScan[],
  models: ReadonlyMap<string, ClockModel>,
): TimeNs {
  const starts = scans.flatMap(({ schema, sampling }) => {
    const model = models.get(schema.clock.id);
    const span = model && placedSpan(kernel, model, sampling);
    return span === undefined ? [] : [span.startNs];
  });
  const stated = session.start;
  const model = stated === undefined ? undefined : models.get(stated.clock.id);
  const start = stated && model ? modelTime(kernel, model, stated.ns) : undefined;
  const near = starts.filter((time) =>
    start === undefined
      ? isPlausible({ startNs: time, endNs: time })
      : time > start - LONGEST_LEAD_NS
  );
  const first = least(near.length === 0 && start === undefined ? starts : near);
  return start !== undefined && (first === undefined || start <= first) ? start : first ?? 0n;
}

function least([first, ...rest]: readonly TimeNs[]): TimeNs | undefined {
  return rest.reduce((low, time) => low === undefined || time < low ? time : low, first);
}

/** Says how naive times were read, unless the user or a file states it. */
function zoneIssues(
  { start, metadataPath }: Session,
  scans: readonly StreamScan[],
  zone: Zone | undefined,
): Issue[] {
  const isNaive = start?.clock.kind === "local" ||
    scans.some(({ schema }) => schema.clock.kind === "local");
  if (zone === undefined || zone.stated || !isNaive) return [];
  const where = metadataPath === undefined ? {} : { path: metadataPath };
  return [createIssue("TIME_NAIVE", { offset: zone.label, source: zone.source }, where)];
}
