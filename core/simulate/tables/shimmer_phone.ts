import type { SimulatedClock } from "../clock.ts";
import { MillisecondStamps } from "../clock_stamp.ts";
import type { SampleTimes } from "../sampling.ts";
import type { ChannelWriter } from "./channels.ts";
import { COMMA, NEWLINE, type StampColumn, type TableFormat } from "./format.ts";

const HEADER = "Timestamp_ms,DeviceTime_ms,SystemTime_ms,SessionTime_ms,DeviceId,SequenceNumber," +
  "GSR_Conductance_uS,PPG_A13,Accel_X_g,Accel_Y_g,Accel_Z_g,Gyro_X_dps,Gyro_Y_dps,Gyro_Z_dps," +
  "Mag_X_gauss,Mag_Y_gauss,Mag_Z_gauss,ECG_mV,EMG_mV,Battery_Percentage";

/** What {@linkcode shimmerPhoneTable} needs. */
export interface ShimmerPhoneOptions {
  readonly deviceName: string;
  readonly sensor: SimulatedClock;
  readonly phone: SimulatedClock;
  readonly times: SampleTimes;
  readonly channels: ChannelWriter;
}

/**
 * The table of a Shimmer sensor as the phone writes it.
 *
 * Each row pairs the sensor's time of sampling with the phone's time of arrival, both cut to whole ms.
 */
export function shimmerPhoneTable(options: ShimmerPhoneOptions): TableFormat {
  const { deviceName, sensor, phone, times, channels } = options;
  const name = new TextEncoder().encode(`,0,${deviceName},`);
  const device = new MillisecondStamps(sensor);
  const host = new MillisecondStamps(phone);
  return {
    header: HEADER,
    maxRowBytes: 320 + name.length,
    stamps: stampsOf(sensor.id, phone.id),
    fabricatedRow: fabricatedRow(deviceName, host.at(0)),
    writeRow(writer, sample) {
      const arrivalMs = host.at(sample.arrivalNs);
      writer.integer(arrivalMs);
      writer.byte(COMMA);
      writer.integer(device.ofRelative(Math.round(times.crystalNs(sample.index))));
      writer.byte(COMMA);
      writer.integer(arrivalMs);
      writer.text(name);
      writer.integer(sample.index + 1);
      channels.write(writer, sample);
      writer.byte(NEWLINE);
    },
  };
}

function stampsOf(sensor: string, phone: string): StampColumn[] {
  const arrival = { clock: phone, of: "arrival", resolutionNs: 1e6 } as const;
  return [
    { column: "Timestamp_ms", ...arrival },
    { column: "DeviceTime_ms", clock: sensor, of: "sampling", resolutionNs: 1e6 },
    { column: "SystemTime_ms", ...arrival },
  ];
}

/** The sample that the phone makes up to print its header from. */
function fabricatedRow(deviceName: string, ms: number): string {
  return `${ms},${ms},${ms},0,${deviceName},0,2.0,512.0,9.8,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,80`;
}
