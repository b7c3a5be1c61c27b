import type { IssueCode } from "../../base/mod.ts";
import type { EventPlan, SimulationPlan } from "../plan.ts";
import { paired } from "./bases.ts";
import type { Fault } from "./fault.ts";
import type { FaultFiles } from "./fault_files.ts";

const MOTION = "phone_1_motion_20250731_143022.csv";

/** What a phone's count of ns since its boot was when the session started. */
const BOOTED_NS = 754_669_601_255_291n;

/** Replaces dates by the phone's count since its boot, which nothing ties to a date. */
function countFromBoot(files: FaultFiles): void {
  files.editText(MOTION, (text) => text.replace("timestamp", "timestamp_ns"));
  files.editRows(MOTION, (cells) => {
    const sinceStart = BigInt(cells[0]!) - 1753965022000n;
    cells[0] = String(BOOTED_NS + sinceStart * 1_000_000n);
  });
}

/** Removes what the phone itself says of the time. */
function silencePhone(files: FaultFiles): void {
  files.remove("devices/phone_1/session_config.json");
  for (const path of [...files.files.keys()]) {
    if (path.includes("/sync_markers/")) files.files.delete(path);
  }
}

/** Flashes all through the session, each with its marker. */
function flashes(plan: SimulationPlan): SimulationPlan {
  const others = plan.events.filter(({ kind }) => kind !== "flash");
  const flash = (atSeconds: number): EventPlan => ({ kind: "flash", atSeconds, seconds: 0.05 });
  return { ...plan, events: [...[0.3, 0.7, 1.1, 1.4, 1.7].map(flash), ...others] };
}

/** Shifts what a phone believes to be the PC's time in some of its markers. */
function shiftMarkers(ms: number, chosen: (number: number) => boolean) {
  return (files: FaultFiles) => {
    const markers = [...files.files.keys()].filter((path) => path.includes("/sync_markers/"));
    markers.forEach((path, index) => {
      if (!chosen(index)) return;
      files.editText(
        path,
        (text) =>
          text.replace(/synced_time=(\d+)/, (_, time) => `synced_time=${Number(time) + ms}`),
      );
    });
  };
}

/** Trouble with what ties clocks to each other, which shows when a session is aligned. */
export const CLOCK_FAULTS = {
  CLOCK_NO_EVIDENCE: {
    base: "phones",
    // Not even the assumption that recordings overlap can place a table without times.
    edit(files) {
      const table = "phone_2_motion_20250731_143022.csv";
      files.editLines(table, (lines) => lines.map((line) => line.slice(line.indexOf(",") + 1)));
    },
  },
  CLOCK_ANCHOR_ONLY: {
    base: "motion",
    edit(files) {
      countFromBoot(files);
      silencePhone(files);
    },
  },
  CLOCK_DRIFT_IMPLAUSIBLE: {
    base: "motion",
    plan: paired({ sensorClock: { offsetSeconds: 5, driftPpm: 8000 } }, 20),
  },
  CLOCK_EVIDENCE_REJECTED: {
    base: "motion",
    plan: flashes,
    edit: shiftMarkers(4000, (number) => number === 2),
  },
  CLOCK_EVIDENCE_CONFLICT: {
    base: "motion",
    plan: flashes,
    edit: shiftMarkers(600_000, () => true),
  },
} as const satisfies Partial<Record<IssueCode, Fault>>;
