/** The recording of two wearables that were shaken together at start and end. */
import { openFolder } from "../../runtime/mod.ts";
import { Kernel } from "../../wasm/mod.ts";
import { IssueLog } from "../base/mod.ts";
import type { MotionEvidenceOptions } from "./motion_evidence.ts";
import { openSession } from "./open_session.ts";
import { scanSession } from "./scan.ts";

const SHAKE = new URL("../../../shared/data/sessions/shake_19700101_000000", import.meta.url);

/** Opens and scans it; undefined where it is absent, which is an error in CI. */
export async function openShake(): Promise<MotionEvidenceOptions | undefined> {
  try {
    await Deno.stat(SHAKE);
  } catch (error) {
    if (Deno.env.get("CI") === "true") throw error;
    Deno.stderr.writeSync(new TextEncoder().encode("skipped: no recording of a shake\n"));
    return undefined;
  }
  const opened = await openSession(await openFolder(SHAKE.pathname));
  const kernel = new Kernel();
  const scans = await scanSession({ ...opened, kernel, issues: new IssueLog() });
  return { ...opened, kernel, scans };
}
