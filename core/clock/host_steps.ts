import type { Kernel } from "../../wasm/mod.ts";
import type { ClockRef, TimeNs, TimeSpan } from "../base/mod.ts";
import type { PointEvidence } from "./model.ts";
import { fitOneWay } from "./one_way.ts";
import type { SteadyEvidence } from "./pair.ts";
import { invert, offsetAt, type Relation, segmentAt } from "./relation.ts";
import { isSeries } from "./series.ts";

/**
 * Moves evidence from host clocks that were set during the recording to a device clock that ran on through it.
 *
 * Readings before and after a step say nothing of one straight line. A sensor that the host stamped shows each step
 * and runs on by its own crystal: on that clock the readings agree, and the host, with all streams that it stamps, is
 * placed through it, stretch by stretch. A series of readings shows the steps by itself and stays.
 */
export function moveToSteadyClocks(
  kernel: Kernel,
  evidence: readonly SteadyEvidence[],
  spans: ReadonlyMap<string, TimeSpan>,
): SteadyEvidence[] {
  const steady = steadyClocks(kernel, evidence, spans);
  if (steady.size === 0) return [...evidence];
  return evidence.map((item) =>
    item.kind === "one-way" || isSeries(item) ? item : movePoint(item, steady)
  );
}

/** For each host that was set, how it relates to the device that shows it best. */
function steadyClocks(
  kernel: Kernel,
  evidence: readonly SteadyEvidence[],
  spans: ReadonlyMap<string, TimeSpan>,
): Map<string, Relation> {
  const best = new Map<string, { readonly relation: Relation; readonly blocks: number }>();
  for (const item of evidence) {
    if (item.kind !== "one-way" || item.fromNs.length === 0) continue;
    const fit = fitOneWay(kernel, item, spans.get(item.from.id));
    if (fit === undefined || fit.steps.length === 0 || !fit.steps.every(({ inHost }) => inHost)) {
      continue;
    }
    const blocks = item.fromNs.length;
    if (blocks > (best.get(item.to.id)?.blocks ?? 0)) {
      best.set(item.to.id, { relation: invert(fit.relation), blocks });
    }
  }
  return new Map([...best].map(([host, { relation }]) => [host, relation]));
}

function movePoint(point: PointEvidence, steady: ReadonlyMap<string, Relation>): PointEvidence {
  const [from, fromNs] = move(point.from, point.fromNs, steady);
  const [to, toNs] = move(point.to, point.toNs, steady);
  return { ...point, from, fromNs, to, toNs };
}

function move(
  clock: ClockRef,
  time: TimeNs,
  steady: ReadonlyMap<string, Relation>,
): [ClockRef, TimeNs] {
  const relation = steady.get(clock.id);
  if (relation === undefined) return [clock, time];
  const segment = segmentAt(relation.segments, time);
  return [relation.to, time + offsetAt(segment, time).offsetNs];
}
