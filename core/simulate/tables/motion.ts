import type { SimulatedClock } from "../clock.ts";
import { floorDivide } from "../clock_stamp.ts";
import type { MotionPlan } from "../plan.ts";
import { GRAVITY, type Signals } from "../signals.ts";
import { COMMA, NEWLINE, type TableFormat } from "./format.ts";
import type { TextWriter } from "./text_writer.ts";

const HEADER = "timestamp,accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z,mag_x,mag_y,mag_z";

/** Microtesla of one gauss. */
const MICROTESLA = 100;

/** Radians of one degree. */
const RADIANS = 0.017453292519943295;

/** Decimals of a second that each unit of a stamp holds, and its length in ns. */
const UNITS = {
  s: { digits: 0, stepNs: 1e9 },
  ms: { digits: 3, stepNs: 1e6 },
  us: { digits: 6, stepNs: 1e3 },
  ns: { digits: 9, stepNs: 1 },
} as const;

/** The motion sensors of a phone in m/s^2, rad/s and uT, stamped by the phone when they were read. */
export function motionTable(
  clock: SimulatedClock,
  signals: Signals,
  stampUnit: MotionPlan["stampUnit"] = "ms",
): TableFormat {
  const { digits, stepNs } = UNITS[stampUnit];
  const baseSeconds = Number(floorDivide(clock.baseNs, 1_000_000_000n));
  const restNs = Number(clock.baseNs - BigInt(baseSeconds) * 1_000_000_000n);
  return {
    header: HEADER,
    maxRowBytes: 200,
    stamps: [{
      column: "timestamp",
      clock: clock.id,
      of: "sampling",
      resolutionNs: stepNs,
    }],
    writeRow(writer, { index, trueNs }) {
      const ns = clock.relativeAt(trueNs) + restNs;
      const seconds = Math.floor(ns / 1e9);
      writer.integer(baseSeconds + seconds);
      if (digits > 0) {
        writer.padded(Math.floor((ns - seconds * 1e9) / stepNs), digits);
      }
      writeMotion(writer, signals, trueNs / 1e9, index);
      writer.byte(NEWLINE);
    },
  };
}

function writeMotion(writer: TextWriter, signals: Signals, seconds: number, index: number): void {
  for (let axis = 0; axis < 3; axis++) {
    writer.byte(COMMA);
    writer.fixed(signals.accel(seconds, axis, index) * GRAVITY, 4);
  }
  for (let axis = 0; axis < 3; axis++) {
    writer.byte(COMMA);
    writer.fixed(signals.gyro(seconds, axis, index) * RADIANS, 5);
  }
  for (let axis = 0; axis < 3; axis++) {
    writer.byte(COMMA);
    writer.fixed(signals.mag(seconds, axis, index) * MICROTESLA, 3);
  }
}
