import { type ClockRef, createIssue, type Issue, type TimeNs } from "../base/mod.ts";
import { type ClockEvidence, type ClockModel, fitClocks } from "../clock/mod.ts";
import type { Session } from "../session/mod.ts";
import { planEvidence, zoneRule } from "./evidence.ts";
import { modelTime } from "./model_time.ts";
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

/** Fits every clock of a session to its reference clock, from what the first pass has found. */
export function fitSession(
  run: Pick<Run, "session" | "settings" | "kernel">,
  scans: readonly StreamScan[],
): SessionFit {
  const { session, settings } = run;
  const plan = planEvidence({ session, scans, zoneOffsetNs: settings.zoneOffsetNs });
  const { models, issues } = fitClocks({
    clocks: plan.clocks,
    evidence: plan.evidence,
    reference: plan.reference,
    spans: plan.spans,
  });
  // Clocks that stamp nothing but metadata are of no interest to the reader of the results.
  const stamping = new Set(
    scans.flatMap(({ schema }) => [schema.clock.id, schema.hostClock?.id ?? schema.clock.id]),
  );
  stamping.add(plan.reference.id);
  const used = models.filter(({ clock }) => stamping.has(clock.id));
  const byId = new Map(models.map((model) => [model.clock.id, model]));
  return {
    models: byId,
    used,
    referenceClock: plan.reference,
    originNs: sessionOrigin(run, scans, byId),
    zone: plan.zone,
    evidence: plan.evidence,
    issues: [
      ...zoneIssues(session, plan.zone),
      ...issues.filter(({ params }) =>
        stamping.has(String(params["clock"])) && !restsOnStatedZone(params, plan.zone)
      ),
    ],
  };
}

/** Local time and its UTC offset, when stated, place a clock for certain. */
function restsOnStatedZone({ rule }: Issue["params"], zone: Zone | undefined): boolean {
  return zone?.stated === true && rule === zoneRule(zone);
}

/** The stated start of the session, unless a stream begins before it: relative times are then negative no more. */
function sessionOrigin(
  { session, kernel }: Pick<Run, "session" | "kernel">,
  scans: readonly StreamScan[],
  models: ReadonlyMap<string, ClockModel>,
): TimeNs {
  const starts = scans.flatMap(({ schema, sampling }) => {
    const model = models.get(schema.clock.id);
    if (model === undefined || sampling.minNs === undefined) return [];
    const time = modelTime(kernel, model, sampling.minNs);
    return time === undefined ? [] : [time];
  });
  const first = starts.reduce((least, time) => time < least ? time : least, starts[0] ?? 0n);
  const stated = session.start;
  const model = stated === undefined ? undefined : models.get(stated.clock.id);
  const start = stated && model ? modelTime(kernel, model, stated.ns) : undefined;
  return start !== undefined && start <= first ? start : first;
}

/** Says how naive times were read, unless the user or a file states it. */
function zoneIssues({ start, metadataPath }: Session, zone: Zone | undefined): Issue[] {
  if (zone === undefined || zone.stated || start?.clock.kind !== "local") return [];
  const where = metadataPath === undefined ? {} : { path: metadataPath };
  return [createIssue("TIME_NAIVE", { offset: zone.label, source: zone.source }, where)];
}
