import { throwIfCancelled } from "../base/mod.ts";
import { fitSession, type SessionFit } from "./fit.ts";
import { gatherEvidence } from "./gather_evidence.ts";
import { journalMemory } from "./memory.ts";
import { placeRows } from "./place_rows.ts";
import type { Run } from "./run.ts";
import { scanSession } from "./scan.ts";
import { type SettledScans, settleScans } from "./settle_scans.ts";

/** Every stream of a session read once, and its clocks on one time axis. */
export interface AlignedClocks extends SettledScans {
  readonly fit: SessionFit;
}

/** Reads every stream, fits all clocks and settles what is missing. What an earlier run has found is not read again. */
export async function alignClocks(run: Run): Promise<AlignedClocks> {
  const memory = journalMemory(run.journal, run.output);
  const read = await scanSession({ ...run, memory });
  const shared = await gatherEvidence(run, read, memory);
  throwIfCancelled(run.signal);
  const fit = await placeRows(fitSession(run, read, shared), read, { ...run, memory });
  return { fit, ...settleScans(run, read, fit.models) };
}
