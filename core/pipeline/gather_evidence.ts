import type { SeriesEvidence } from "../clock/mod.ts";
import type { StepMemory } from "./memory.ts";
import { motionEvidence } from "./motion_evidence.ts";
import type { Run } from "./run.ts";
import type { StreamScan } from "./scan.ts";
import { sharedEvidence } from "./shared_evidence.ts";

/** Finds what recordings of several clocks show together: movement, logged events, sound, flashes. */
export async function gatherEvidence(
  run: Run,
  scans: readonly StreamScan[],
  memory: StepMemory,
): Promise<SeriesEvidence[]> {
  const { evidenceKinds } = run.settings;
  const options = { ...run, scans, memory, evidenceKinds };
  const moved = await motionEvidence(options);
  return [...moved, ...await sharedEvidence({ ...options, report: run.issues.report })];
}
