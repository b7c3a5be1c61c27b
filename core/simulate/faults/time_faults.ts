import type { IssueCode } from "../../base/mod.ts";
import type { ClockPlan, MotionPlan, SimulationPlan } from "../plan.ts";
import { paired, withStreams } from "./bases.ts";
import type { Fault } from "./fault.ts";
import type { FaultFiles } from "./fault_files.ts";

const MOTION = "phone_1_motion_20250731_143022.csv";

/** From the session back to 1990, in seconds: what a clock that was never set lacks. */
const NEVER_SET_SECONDS = -1122768000;

function motion(changes: Partial<MotionPlan>): (plan: SimulationPlan) => SimulationPlan {
  return (plan) =>
    withStreams(plan, (stream) => stream.kind === "motion" ? { ...stream, ...changes } : stream);
}

/** Gives the phones another clock. */
function phoneClock(changes: ClockPlan): (plan: SimulationPlan) => SimulationPlan {
  return (plan) => ({
    ...plan,
    devices: plan.devices.map((device) => ({ ...device, clock: { ...device.clock, ...changes } })),
  });
}

function inStamps(change: (stamp: string, row: number) => string): (files: FaultFiles) => void {
  return (files) =>
    files.editRows(MOTION, (cells, row) => {
      cells[0] = change(cells[0]!, row);
    });
}

/** Trouble with time columns and sampling. */
export const TIME_FAULTS = {
  TIME_COLUMN_MISSING: {
    base: "motion",
    edit: (files) =>
      files.editLines(MOTION, (lines) => lines.map((line) => line.replace(/^[^,]*,/, ""))),
  },
  TIME_UNIT_AMBIGUOUS: {
    base: "motion",
    // Some rows in UTC, others in local time.
    edit: inStamps((stamp, row) => {
      const iso = new Date(Number(stamp)).toISOString();
      return row % 2 === 0 ? iso : iso.slice(0, -1);
    }),
  },
  TIME_UNIT_INFERRED: { base: "motion", plan: motion({ stampUnit: "us" }) },
  TIME_UNIT_CONFLICT: {
    base: "motion",
    plan: motion({ stampUnit: "ns" }),
    edit: (files) => files.editText(MOTION, (text) => text.replace("timestamp", "timestamp_ms")),
  },
  TIME_VALUE_MISSING: { base: "motion", edit: inStamps((stamp, row) => row === 20 ? "" : stamp) },
  TIME_CONSTANT: {
    base: "motion",
    edit: (files) =>
      files.editLines(MOTION, ([header, ...rows]) => [
        `${header},SessionTime_ms`,
        ...rows.map((row) => `${row},0`),
      ]),
  },
  TIME_QUANTISED: {
    base: "motion",
    edit: inStamps((stamp) => String(Math.floor(Number(stamp) / 10) * 10)),
  },
  TIME_BACKWARDS: { base: "motion", plan: motion({ reorderRate: 0.1 }) },
  TIME_DUPLICATE: {
    base: "motion",
    edit(files) {
      let before = "";
      inStamps((stamp, row) => {
        before = row % 9 === 5 ? before : stamp;
        return before;
      })(files);
    },
  },
  ROW_DUPLICATE: { base: "motion", plan: motion({ duplicateRate: 0.08 }) },
  TIME_STEP: {
    base: "motion",
    plan: (plan) =>
      phoneClock({ steps: [{ atSeconds: 10, bySeconds: 1.5 }] })(paired({}, 20)(plan)),
  },
  TIME_JITTER: { base: "motion", plan: motion({ jitterSeconds: 0.02 }) },
  TIME_IMPLAUSIBLE: {
    base: "motion",
    plan: phoneClock({ offsetSeconds: NEVER_SET_SECONDS }),
    edit: inStamps((stamp) => new Date(Number(stamp)).toISOString()),
  },
  STREAM_OUTSIDE_SESSION: { base: "motion", plan: phoneClock({ offsetSeconds: 3600 }) },
  STREAM_SHORT: { base: "motion", plan: motion({ endSeconds: 0.9 }) },
  STREAM_TOO_FEW_SAMPLES: { base: "motion", plan: motion({ rateHz: 3 }) },
  RATE_UNEXPECTED: { base: "motion", plan: paired({ rateHz: 100 }) },
  RATE_MIXED: {
    base: "motion",
    edit: (files) =>
      files.editRows(
        MOTION,
        (cells, row) => row % 2 === 0 ? cells : [...cells.slice(0, 7), "", "", ""],
      ),
  },
  SAMPLES_MISSING: {
    base: "motion",
    plan: motion({ gaps: [{ atSeconds: 0.8, seconds: 0.3 }] }),
  },
  SEQUENCE_BROKEN: { base: "motion", plan: paired({ dropRate: 0.05 }) },
  SAMPLE_FABRICATED: { base: "motion", plan: paired({ fabricatedRow: true }) },
  MAT_NAME_CHANGED: {
    base: "motion",
    plan: (plan) => ({ ...plan, devices: [{ ...plan.devices[0]!, id: "9-left-hand" }] }),
  },
} as const satisfies Partial<Record<IssueCode, Fault>>;
