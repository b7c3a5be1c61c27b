import type { ColumnBatch, StreamSchema } from "../base/mod.ts";
import type { MotionQuantity, MotionSignal, MotionSource } from "../clock/mod.ts";
import type { OpenStreamOptions } from "./open_stream.ts";
import { readAgain } from "./read_again.ts";
import type { StreamScan } from "./scan.ts";

/** Columns of the axes of each quantity that a stream measures. */
export type MotionColumns = Partial<Record<MotionQuantity, readonly [number, number, number]>>;

/** Such as `accel_x`, or `accel_ln_x` of a sensor with two accelerometers. */
const COLUMN_REGEXP = /^(accel|gyro)((?:_[a-z]+)?)_([xyz])$/;

/** Finds the columns of motion of a stream; of two sensors for one quantity the first is taken. */
export function motionColumns({ columns }: StreamSchema): MotionColumns {
  const axes = new Map<string, Map<string, number>>();
  for (const [index, { name, kind }] of columns.entries()) {
    const found = name.match(COLUMN_REGEXP);
    if (found === null || kind !== "f64") continue;
    const [, quantity, sensor, axis] = found as unknown as [string, string, string, string];
    const key = `${quantity}${sensor}`;
    const known = axes.get(key) ?? new Map<string, number>();
    axes.set(key, known.set(axis, index));
  }
  const columnsOf = (quantity: MotionQuantity) =>
    [...axes].filter(([key]) => key.startsWith(quantity))
      .map(([, found]) => ["x", "y", "z"].map((axis) => found.get(axis) ?? -1))
      .find((found) => !found.includes(-1)) as [number, number, number] | undefined;
  const [accel, gyro] = [columnsOf("accel"), columnsOf("gyro")];
  return { ...(accel && { accel }), ...(gyro && { gyro }) };
}

/** A stream as a recording of motion that is opened anew for each reading. */
export function motionSource(scan: StreamScan, options: OpenStreamOptions): MotionSource {
  const columns = motionColumns(scan.schema);
  return {
    async *chunks() {
      for await (const batch of readAgain(scan, options)) yield signalOf(batch, columns);
    },
  };
}

function signalOf(batch: ColumnBatch, columns: MotionColumns): MotionSignal {
  const pick = (indexes: readonly [number, number, number]) => {
    const [x, y, z] = indexes.map((index) => batch.columns[index] as Float64Array);
    return [x!, y!, z!] as const;
  };
  return {
    timesNs: batch.times,
    ...(columns.accel && { accel: pick(columns.accel) }),
    ...(columns.gyro && { gyro: pick(columns.gyro) }),
  };
}
