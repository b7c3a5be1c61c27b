import assert from "node:assert/strict";
import { MISSING_NS } from "../../base/mod.ts";
import { readTable } from "./_support.ts";

// 2025-07-30T02:21:58Z is 1753842118 s after 1970.

Deno.test("G1: PC table pairs its epoch stamps with its local wall time", async () => {
  const table = await readTable(
    "timestamp,system_time,device_id,gsr_conductance,ppg_a13,accel_x,accel_y,accel_z,battery_percentage\n" +
      "1753842118.1234567,2025-07-30T04:21:58.123456,00:06:66,2.5,1650.25,0.1,-0.2,9.79,85\n" +
      "1753842118.131269,2025-07-30T04:21:58.131269,00:06:66,2.51,1651.0,0.1,-0.2,9.81,85\n",
  );
  assert.deepEqual(table.reader.schema.clock, { id: "pc/utc", kind: "utc" });
  assert.deepEqual(table.reader.schema.hostClock, { id: "pc/local", kind: "local" });
  assert.equal(table.reader.schema.nominalRateHz, 128);
  assert.deepEqual(table.times, [1753842118123456700n, 1753842118131269000n]);
  assert.deepEqual(table.hostTimes, [
    BigInt(Date.UTC(2025, 6, 30, 4, 21, 58)) * 1_000_000n + 123_456_000n,
    BigInt(Date.UTC(2025, 6, 30, 4, 21, 58)) * 1_000_000n + 131_269_000n,
  ]);
  assert.deepEqual(table.values["device_id"], ["00:06:66", "00:06:66"]);
  assert.deepEqual(table.values["gsr_conductance"], [2.5, 2.51]);
  assert.deepEqual(table.values["timestamp"], table.times);
  assert.deepEqual(table.values["system_time"], table.hostTimes);
  assert.equal(table.units["accel_z"], "m/s^2");
  assert.equal(table.units["battery"], "%");
  assert.equal(table.reader.schema.columns[4]?.recordedAs, "ppg_a13");
  assert.deepEqual(table.codes, ["TIME_UNIT_INFERRED", "UNIT_ASSUMED"]);
});

Deno.test("G1: a file with a header alone has a reader of no rows", async () => {
  const header =
    "timestamp,system_time,device_id,gsr_conductance,ppg_a13,accel_x,accel_y,accel_z,battery_percentage\n";
  assert.equal(header.length, 99, "the recorded files have 99 bytes");
  const table = await readTable(header);
  assert.deepEqual(table.times, []);
  assert.equal(table.reader.schema.columns.length, 9);
  assert.deepEqual(table.codes, ["CSV_HEADER_ONLY"]);
  assert.equal(table.issues[0]?.params["columns"], 9);
});

const G2_HEADER = "timestamp,system_time,device_id,connection_type,android_device_id,session_id," +
  "gsr_conductance,ppg_a13,accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z,mag_x,mag_y,mag_z,ecg,emg," +
  "battery_percentage,signal_strength\n";

Deno.test("G2: PC table of a sensor that a phone relayed holds phone milliseconds", async () => {
  const row = (ms: number) =>
    `${ms},2025-07-30T04:21:58.2,s1,android_mediated,phone_7,sess,2.5,1,0,0,1,0,0,0,0,0,0,0,0,85,-40\n`;
  const table = await readTable(G2_HEADER + row(1753842118100) + row(1753842118108));
  assert.equal(table.reader.schema.columns.length, 21);
  assert.deepEqual(table.times, [1753842118100000000n, 1753842118108000000n]);
  assert.deepEqual(table.reader.schema.clock, { id: "phone_7/utc", kind: "utc" });
  assert.deepEqual(table.reader.schema.hostClock, { id: "pc/local", kind: "local" });
  assert.equal(table.reader.schema.resolutionNs, 1e6);
  assert.ok(table.codes.includes("TIME_UNIT_CONFLICT"));
});

Deno.test("G2: PC table of a sensor with its own connection holds PC seconds", async () => {
  const row = (s: string) =>
    `${s},2025-07-30T04:21:58.2,s1,direct_bluetooth,,sess,2.5,1,0,0,1,0,0,0,0,0,0,0,0,85,-40\n`;
  const table = await readTable(G2_HEADER + row("1753842118.1") + row("1753842118.108"));
  assert.deepEqual(table.reader.schema.clock, { id: "pc/utc", kind: "utc" });
  assert.deepEqual(table.times, [1753842118100000000n, 1753842118108000000n]);
  assert.ok(!table.codes.includes("TIME_UNIT_CONFLICT"));
});

const G3_HEADER =
  "Timestamp_ms,DeviceTime_ms,SystemTime_ms,SessionTime_ms,DeviceId,SequenceNumber,GSR_Conductance_uS," +
  "PPG_A13,Accel_X_g,Accel_Y_g,Accel_Z_g,Gyro_X_dps,Gyro_Y_dps,Gyro_Z_dps,Mag_X_gauss,Mag_Y_gauss," +
  "Mag_Z_gauss,ECG_mV,EMG_mV,Battery_Percentage\n";
const G3_FAKE =
  "1753842118000,1753842118000,1753842118000,0,Shimmer_1,0,2.0,512.0,9.8,0.0,0.0,0,0,0,0,0,0,0,0,80\n";
const g3Row = (system: number, device: number, sequence: number) =>
  `${system},${device},${system},0,Shimmer_1,${sequence},2.25,1650.5,0.3,0.4,9.7,1.5,2.5,3.5,0.1,0.2,0.3,0.0,0.0,77\n`;

Deno.test("G3: phone table ties the counter of the sensor to the clock of the phone", async () => {
  const text = G3_HEADER + G3_FAKE + g3Row(1753842118050, 120019, 1) +
    g3Row(1753842118052, 120039, 2);
  const table = await readTable(text, { hostDevice: "phone_1" });
  assert.deepEqual(table.reader.schema.clock, { id: "shimmer_1/device", kind: "device" });
  assert.deepEqual(table.reader.schema.hostClock, { id: "phone_1/utc", kind: "utc" });
  assert.deepEqual(table.times, [120019000000n, 120039000000n]);
  assert.deepEqual(table.hostTimes, [1753842118050000000n, 1753842118052000000n]);
  assert.equal(table.reader.schema.nominalRateHz, 51.2);
  assert.equal(table.reader.schema.resolutionNs, 1e6);
  assert.deepEqual(table.values["session_time"], [0, 0]);
  assert.deepEqual(table.values["sequence"], [1, 2]);
  assert.equal(
    table.reader.schema.columns.find(({ name }) => name === "sequence")?.categorical,
    true,
  );
  assert.equal(table.units["accel_x"], "m/s^2");
  assert.equal(table.units["gyro_y"], "deg/s");
  assert.equal(table.units["mag_z"], "local_flux");
  assert.equal(table.units["ppg"], "mV");
  assert.equal(table.units["ecg"], "mV");
  assert.deepEqual(table.codes, ["SAMPLE_FABRICATED", "TIME_CONSTANT", "UNIT_MISMATCH"]);
  const fabricated = table.issues.find(({ code }) => code === "SAMPLE_FABRICATED");
  assert.equal(fabricated?.where.line, 2);
});

Deno.test("G3: two sensors of one phone count on two clocks", async () => {
  const text = G3_HEADER + g3Row(1753842118050, 120019, 1) + g3Row(1753842118052, 120039, 2);
  const table = await readTable(text, { device: "phone_1", sensor: "phone_1/gsr_2" });
  assert.deepEqual(table.reader.schema.clock, { id: "phone_1/gsr_2/device", kind: "device" });
  assert.deepEqual(table.reader.schema.hostClock, { id: "phone_1/utc", kind: "utc" });
});

Deno.test("G3: without device stamps the clock of the phone stands alone", async () => {
  const rows = [1, 2, 3].map((n) => g3Row(1753842118000 + 20 * n, 1753842118000 + 20 * n, n)).join(
    "",
  );
  const table = await readTable(G3_HEADER + rows, { hostDevice: "phone_1" });
  assert.deepEqual(table.reader.schema.clock, { id: "phone_1/utc", kind: "utc" });
  assert.equal(table.reader.schema.hostClock, undefined);
  assert.equal(table.times[0], 1753842118020000000n);
  assert.ok(!table.codes.includes("SAMPLE_FABRICATED"));
});

Deno.test("G3: a true first sample with one value of the made-up one is kept", async () => {
  const first = g3Row(1753842118050, 120019, 0).replace("9.7", "9.8");
  const table = await readTable(G3_HEADER + first + g3Row(1753842118052, 120039, 1));
  assert.equal(table.times.length, 2);
});

Deno.test("G4: rows without the device time are assigned by meaning", async () => {
  const table = await readTable(
    "Timestamp_ms,DeviceTime_ms,SystemTime_ms,GSR_Conductance_uS,PPG_A13,Accel_X_g,Accel_Y_g,Accel_Z_g,Battery_Percentage\n" +
      "1753842118000,2025-07-30 04:21:58.000,2.5,1650.0,0.1,0.2,9.8,80\n" +
      "1753842118020,2025-07-30 04:21:58.020,2.6,1651.0,0.1,0.2,9.7,79\n",
  );
  assert.deepEqual(table.times, [1753842118000000000n, 1753842118020000000n]);
  assert.deepEqual(table.reader.schema.clock, { id: "shimmer_1/utc", kind: "utc" });
  assert.deepEqual(table.reader.schema.hostClock, { id: "shimmer_1/local", kind: "local" });
  assert.equal(table.hostTimes[1], BigInt(Date.UTC(2025, 6, 30, 4, 21, 58, 20)) * 1_000_000n);
  assert.deepEqual(table.values["gsr_conductance"], [2.5, 2.6]);
  assert.deepEqual(table.values["battery"], [80, 79]);
  assert.equal(table.values["device_time"], undefined);
  const misaligned = table.issues.find(({ code }) => code === "CSV_ROWS_MISALIGNED");
  assert.deepEqual(misaligned?.params, { found: 8, expected: 9, missing: "DeviceTime_ms" });
  assert.ok(!table.codes.includes("CSV_ROW_SHORT"));
});

Deno.test("G5: a device time of 0 leaves the clock of the PC", async () => {
  const table = await readTable(
    "timestamp_ms,device_time_ms,system_time_ms,gsr_conductance_us,ppg_a13,accel_x_g,accel_y_g,accel_z_g,accel_magnitude_g,battery_percentage\n" +
      "1753842118000,0,1753842118001,2.5,1650,0,0,1,1,80\n1753842118008,0,1753842118009,2.5,1650,0,0,1,1,80\n",
  );
  assert.deepEqual(table.reader.schema.clock, { id: "pc/utc", kind: "utc" });
  assert.equal(table.reader.schema.hostClock, undefined);
  assert.equal(table.times[1], 1753842118008000000n);
  assert.equal(table.units["gsr_conductance"], "uS");
  assert.equal(table.units["accel_magnitude"], "g");
  assert.deepEqual(table.codes, ["TIME_CONSTANT"]);
});

Deno.test("G6: the long form stays long", async () => {
  const table = await readTable(
    "Timestamp,Sensor,Channel,Value,Unit\n1753842118000,GSR,0,2.5,uS\n1753842118000,ACCEL,1,9.8,m/s^2\n" +
      "1753842118020,GSR,0,2.6,uS\n",
  );
  assert.deepEqual(table.values["sensor"], ["GSR", "ACCEL", "GSR"]);
  assert.deepEqual(table.values["value"], [2.5, 9.8, 2.6]);
  assert.deepEqual(table.values["unit"], ["uS", "m/s^2", "uS"]);
  assert.deepEqual(table.reader.schema.clock, { id: "shimmer_1/utc", kind: "utc" });
});

Deno.test("G7 and G8: documented units are siemens and ohms", async () => {
  const g7 = await readTable(
    "timestamp,gsr_value,resistance,conductance,temperature\n" +
      "2025-07-31T14:30:22.123,2.5,400000,0.0000025,32.1\n2025-07-31T14:30:22.131,2.5,400000,0.0000025,32.1\n",
  );
  assert.deepEqual(g7.reader.schema.clock, { id: "pc/local", kind: "local" });
  assert.equal(g7.times[0], BigInt(Date.UTC(2025, 6, 31, 14, 30, 22, 123)) * 1_000_000n);
  assert.equal(g7.units["gsr_conductance"], "S");
  assert.equal(g7.units["gsr_resistance"], "Ohm");
  assert.equal(g7.units["gsr_value"], "uS");
  assert.equal(g7.reader.schema.resolutionNs, 1e6);
  const g8 = await readTable(
    "timestamp,gsr_value,resistance,temperature\n1753842118.5,2.5,400000,32.1\n1753842118.6,2.5,400000,32.1\n",
  );
  assert.deepEqual(g8.reader.schema.clock, { id: "pc/utc", kind: "utc" });
  assert.equal(g8.units["gsr_resistance"], "Ohm");
});

Deno.test("G9: epoch seconds beside ISO text with a zone share one clock", async () => {
  const table = await readTable(
    "timestamp,timestamp_iso,device_id,gsr_raw,gsr_filtered,skin_conductance,temperature\n" +
      "1753842118.5,2025-07-30T02:21:58.500+00:00,s1,2048,2047.5,2.5,32.1\n",
  );
  assert.deepEqual(table.reader.schema.clock, { id: "pc/utc", kind: "utc" });
  assert.equal(table.reader.schema.hostClock, undefined);
  assert.deepEqual(table.values["timestamp_iso"], table.values["timestamp"]);
  assert.equal(table.units["gsr_conductance"], "uS");
});

Deno.test("G10: all thirty documented columns are known", async () => {
  const table = await readTable(
    "timestamp,system_time,device_id,mac_address,connection_type,session_id,gsr_conductance,gsr_resistance," +
      "gsr_range,ppg_a13,ppg_raw,heart_rate,accel_x,accel_y,accel_z,accel_magnitude,gyro_x,gyro_y,gyro_z," +
      "mag_x,mag_y,mag_z,ecg,emg,battery_percentage,signal_strength,temperature,sample_number,packet_loss,signal_quality\n" +
      ["1701435322.125,2023-12-01T12:55:22.125Z", "1701435322.133,2023-12-01T12:55:22.133Z"].map((
        times,
      ) =>
        `${times},s1,00:06:66,direct,sess,2.5,400000,1,1024.5,2048.3,72.3,0.12,-0.05,9.78,9.79,1.2,-0.8,0.3,` +
        "-12.5,45.2,-8.7,0.0,0.0,85,-42.5,24.3,15360,0.0,good\n"
      ).join(""),
  );
  assert.equal(table.times[0], 1701435322125000000n);
  assert.equal(table.values["system_time"]?.[0], 1701435322125000000n);
  assert.equal(table.units["gsr_resistance"], "Ohm");
  assert.equal(table.units["accel_magnitude"], "m/s^2");
  assert.deepEqual(table.values["signal_quality"], ["good", "good"]);
  assert.ok(!table.codes.includes("COLUMN_UNKNOWN"));
});

Deno.test("G11: phone tables in three forms", async () => {
  const shimmer = await readTable(
    "timestamp_unix_ms,timestamp_shimmer,gsr_resistance_kohm\n" +
      "1753842118000,5000.25,400\n1753842118010,5007.5,401\n1753842118020,5015.5,401\n",
  );
  assert.deepEqual(shimmer.reader.schema.hostClock, { id: "shimmer_1/utc", kind: "utc" });
  assert.equal(shimmer.times[0], 5000250000n);
  assert.equal(shimmer.units["gsr_resistance"], "kOhm");
  const raw = await readTable(
    "Timestamp,GSR_Raw,PPG_Raw\n2025-07-30T02:21:58.000Z,2048,1\n2025-07-30T02:21:58.008Z,2049,2\n",
  );
  assert.equal(raw.times[1], 1753842118008000000n);
  const processed = await readTable(
    "Timestamp,GSR_Conductance_uS,HeartRate_BPM\n2025-07-30T02:21:58.000Z,2.5,72\n",
  );
  assert.equal(processed.units["heart_rate"], "/min");
  assert.deepEqual(processed.reader.schema.clock, { id: "shimmer_1/utc", kind: "utc" });
});

Deno.test("G12: nanoseconds since boot are no dates", async () => {
  const table = await readTable(
    "timestamp_ns, GSR_uS, PPG_raw\n754669601255291, 2.5, 2048\n754669609067791, 2.6, 2049\n",
    { hostDevice: "phone_1" },
  );
  assert.deepEqual(table.reader.schema.clock, { id: "phone_1/monotonic", kind: "monotonic" });
  assert.deepEqual(table.times, [754669601255291n, 754669609067791n]);
  assert.equal(table.reader.schema.resolutionNs, 1);
  assert.deepEqual(table.values["gsr_conductance"], [2.5, 2.6]);
  const appendix = await readTable(
    "timestamp_ms,gsr_raw_adc,gsr_microsiemens,packet_sequence,battery_percent,device_temp_c,quality_flags\n" +
      "1753842118000,2048,2.5,17,80,31.5,0\n",
  );
  assert.equal(appendix.units["gsr_conductance"], "uS");
  assert.equal(appendix.units["device_temp"], "degC");
  assert.deepEqual(appendix.values["sequence"], [17]);
  assert.ok(!appendix.codes.includes("COLUMN_UNKNOWN"));
});

Deno.test("G13: a column named UTC holds local time", async () => {
  const table = await readTable(
    "Timestamp_ns,DateTime_UTC,Sequence,GSR_Raw_uS,GSR_Filtered_uS,Temperature_C,Flag_Spike,Flag_Saturation,Flag_Dropout\n" +
      "1753842118000000123,2025-07-30 04:21:58.000,1,2.5,2.5,32.0,0,0,0\n" +
      "1753842118007812623,2025-07-30 04:21:58.007,2,2.5,2.5,32.0,0,0,0\n",
  );
  assert.equal(table.times[0], 1753842118000000123n);
  assert.deepEqual(table.reader.schema.clock, { id: "pc/utc", kind: "utc" });
  assert.deepEqual(table.reader.schema.hostClock, { id: "pc/local", kind: "local" });
  assert.equal(table.units["gsr_raw"], "uS");
  const conflict = table.issues.find(({ code }) => code === "TIME_UNIT_CONFLICT");
  assert.equal(conflict?.params["found"], "local time, 2 h ahead");
});

Deno.test("G13: a column named UTC that is UTC stays so", async () => {
  const table = await readTable(
    "Timestamp_ns,DateTime_UTC,Sequence,GSR_Raw_uS\n1753842118000000123,2025-07-30 02:21:58.000,1,2.5\n",
  );
  assert.equal(table.reader.schema.hostClock, undefined);
  assert.ok(!table.codes.includes("TIME_UNIT_CONFLICT"));
});

Deno.test("G14: the simulator counts from boot as well", async () => {
  const table = await readTable("timestamp_ns,gsr_dummy\n754669601255291,1\n754669701255291,2\n");
  assert.equal(table.reader.schema.clock.kind, "monotonic");
  assert.deepEqual(table.values["gsr_dummy"], [1, 2]);
});

Deno.test("G15: epoch seconds of mixed sensors", async () => {
  const table = await readTable(
    "timestamp,device_id,sensor_type,gsr,ppg\n1753842118.25,s1,gsr,2.5,\n1753842118.5,s1,ppg,,1650\n",
  );
  assert.deepEqual(table.times, [1753842118250000000n, 1753842118500000000n]);
  assert.deepEqual(table.values["sensor_type"], ["gsr", "ppg"]);
  assert.equal(table.values["gsr"]?.[0], 2.5);
  assert.ok(Number.isNaN(table.values["gsr"]?.[1]));
  assert.ok(!table.times.includes(MISSING_NS));
});
