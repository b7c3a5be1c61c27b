import { type ClockRef, rootSumSquares } from "../base/mod.ts";
import { type ClockModel, EVIDENCE_KINDS, type LatticeSummary } from "../clock/mod.ts";
import type { ClockStream, ReportedClock } from "../report/mod.ts";
import type { AlignOutcome } from "./align_session.ts";
import type { StreamScan } from "./scan.ts";
import { stampSigma } from "./stamp_sigma.ts";

/**
 * Everything that the report of each clock of a session is written from, the reference clock first.
 *
 * @example
 * ```ts
 * import { alignSession, faultySession, Kernel, MemoryFolderSink, reportedClocks, summariseClock } from "session-process";
 * import { sha256 } from "session-process/runtime";
 * import assert from "node:assert/strict";
 *
 * const { folder } = await faultySession("clean");
 * const output = new MemoryFolderSink();
 * const aligned = await alignSession({ folder, output, kernel: new Kernel(), sha256, version: "1" });
 * const [reference] = reportedClocks(aligned).map(summariseClock);
 * assert.equal(reference?.method, "reference");
 * ```
 */
export function reportedClocks(
  { scans, fit, settings, lattices }: Pick<
    AlignOutcome,
    "scans" | "fit" | "settings" | "lattices"
  >,
): ReportedClock[] {
  const { used, referenceClock, issues } = fit;
  const ordered = [
    ...used.filter(({ clock }) => clock.id === referenceClock.id),
    ...used.filter(({ clock }) => clock.id !== referenceClock.id),
  ];
  const excluded = EVIDENCE_KINDS.filter((kind) => !settings.evidenceKinds.includes(kind));
  return ordered.map((model) => ({
    model,
    streams: scans.filter(({ schema }) => schema.clock.id === model.clock.id)
      .map((scan) => clockStream(scan, lattices.get(scan.schema.id))),
    ties: tiesOf(model, fit.evidence),
    excluded,
    issues: issues.filter(({ params }) => params["clock"] === model.clock.id),
  }));
}

function clockStream(scan: StreamScan, lattice: LatticeSummary | undefined): ClockStream {
  const { schema, sampling } = scan;
  const stampSigmaNs = rootSumSquares(
    stampSigma(scan, lattice),
    schema.resolutionNs / Math.sqrt(3),
  );
  return { id: schema.id, sampling, stampSigmaNs };
}

/** The other clocks of the evidence on a clock, each once, but for other names of a clock in another zone. */
function tiesOf(
  { clock }: ClockModel,
  evidence: readonly { readonly from: ClockRef; readonly to: ClockRef }[],
): ClockRef[] {
  const ties = new Map<string, ClockRef>();
  for (const { from, to } of evidence) {
    if (from.id === clock.id && to.id !== clock.id) ties.set(to.id, to);
    if (to.id === clock.id && from.id !== clock.id) ties.set(from.id, from);
  }
  return [...ties.values()].filter(({ kind }) => kind !== "local");
}
