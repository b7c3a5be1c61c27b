import type { SimulatedClock } from "../clock.ts";
import type { ChannelWriter } from "./channels.ts";
import { COMMA, type TableFormat } from "./format.ts";
import { WallTimeWriter } from "./wall_time.ts";

const HEADER = "timestamp,system_time,device_id,connection_type,android_device_id,session_id," +
  "gsr_conductance,ppg_a13,accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z,mag_x,mag_y,mag_z," +
  "ecg,emg,battery_percentage,signal_strength";

/** What {@linkcode shimmerPcTable} needs. */
export interface ShimmerPcOptions {
  readonly deviceName: string;
  readonly sessionId: string;
  readonly pcUtc: SimulatedClock;
  readonly pcLocal: SimulatedClock;
  readonly channels: ChannelWriter;
}

/** The table of a Shimmer sensor as the PC writes it: both stamps are the time of arrival on its clock. */
export function shimmerPcTable(options: ShimmerPcOptions): TableFormat {
  const { deviceName, sessionId, pcUtc, pcLocal, channels } = options;
  const names = new TextEncoder().encode(`,${deviceName},direct_bluetooth,,${sessionId}`);
  const strength = new TextEncoder().encode(",-61\n");
  const epoch = new WallTimeWriter(pcUtc);
  const wall = new WallTimeWriter(pcLocal);
  const arrival = { of: "arrival", resolutionNs: 1000 } as const;
  return {
    header: HEADER,
    maxRowBytes: 320 + names.length,
    stamps: [
      { column: "timestamp", clock: pcUtc.id, ...arrival },
      { column: "system_time", clock: pcLocal.id, ...arrival },
    ],
    writeRow(writer, sample) {
      epoch.epoch(writer, sample.arrivalNs);
      writer.byte(COMMA);
      wall.iso(writer, sample.arrivalNs);
      writer.text(names);
      channels.write(writer, sample);
      writer.text(strength);
    },
  };
}
