import assert from "node:assert/strict";
import { readTable } from "./_support.ts";

function consensys(separator: string, lineEnd = "\r\n"): string {
  const rows = [
    [
      "Shimmer_40AC_Timestamp_Unix_CAL",
      "Shimmer_40AC_Accel_LN_X_CAL",
      "Shimmer_40AC_GSR_Range_CAL",
      "Shimmer_40AC_GSR_Skin_Conductance_CAL",
      "Shimmer_40AC_GSR_Skin_Resistance_CAL",
      "Shimmer_40AC_PPG_A13_CAL",
      "Shimmer_40AC_Timestamp_CAL",
    ],
    ["ms", "m/(s^2)", "no_units", "uS", "kOhms", "mV", "ms"],
    ["1.595933810034E12", "-1.5", "2.0", "2.5", "400.0", "1650.25", "5000.5"],
    ["1.59593381005E12", "-1.25", "2.0", "2.5", "400.0", "1650.5", "5016.125"],
  ];
  const lines = rows.map((cells) => cells.join(separator) + separator);
  return [`"sep=${separator}"`, ...lines].map((line) => line + lineEnd).join("");
}

Deno.test("Consensys exports with comma, semicolon and tab", async () => {
  for (const separator of [",", ";", "\t"]) {
    const table = await readTable(consensys(separator));
    assert.deepEqual(Object.keys(table.values), [
      "timestamp_unix",
      "accel_ln_x",
      "gsr_range",
      "gsr_conductance",
      "gsr_resistance",
      "ppg",
      "timestamp",
    ]);
    assert.deepEqual(table.times, [5000500000n, 5016125000n]);
    assert.deepEqual(table.reader.schema.clock, { id: "shimmer_1/device", kind: "device" });
    assert.deepEqual(table.reader.schema.hostClock, { id: "shimmer_1/utc", kind: "utc" });
    assert.deepEqual(table.hostTimes, [1595933810034000000n, 1595933810050000000n]);
    assert.equal(table.units["accel_ln_x"], "m/s^2");
    assert.equal(table.units["gsr_resistance"], "kOhm");
    assert.equal(table.units["gsr_range"], undefined);
    assert.deepEqual(table.codes, ["CSV_TRAILING_SEPARATOR"]);
  }
});

Deno.test("A Consensys export with a decimal comma", async () => {
  const text = consensys(";").replace(/(\d)\.(\d)/g, "$1,$2");
  const table = await readTable(text);
  assert.deepEqual(table.hostTimes, [1595933810034000000n, 1595933810050000000n]);
  assert.deepEqual(table.values["ppg"], [1650.25, 1650.5]);
});

Deno.test("Motion: the three documented sets", async () => {
  const full = await readTable(
    "timestamp,accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z,mag_x,mag_y,mag_z\n" +
      "1753842118.00,0.1,0.2,9.79,0.01,0.02,0.03,20,30,40\n1753842118.01,0.1,0.2,9.81,0.01,0.02,0.03,20,30,40\n",
    { device: "phone_1", name: "motion" },
  );
  assert.deepEqual([full.units["accel_x"], full.units["gyro_x"], full.units["mag_x"]], [
    "m/s^2",
    "rad/s",
    "uT",
  ]);
  assert.deepEqual(full.reader.schema.clock, { id: "phone_1/utc", kind: "utc" });
  const iso = await readTable(
    "timestamp,timestamp_iso,device_id,accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z\n" +
      "1753842118.00,2025-07-30T02:21:58+00:00,phone_1,0.1,0.2,0.98,1,2,3\n" +
      "1753842118.01,2025-07-30T02:21:58.010+00:00,phone_1,0.1,0.2,0.97,1,2,3\n",
  );
  assert.equal(iso.units["accel_x"], "g");
  assert.equal(iso.times[1], 1753842118010000000n);
  const short = await readTable(
    "timestamp,acc_x,acc_y,acc_z,gyro_x,gyro_y,gyro_z\n1753842118000,0.1,0.2,9.8,1,2,3\n1753842118010,0.1,0.2,9.8,1,2,3\n",
  );
  assert.equal(short.reader.schema.columns[1]?.name, "accel_x");
  assert.equal(short.reader.schema.columns[1]?.recordedAs, "acc_x");
  assert.equal(short.times[1], 1753842118010000000n);
});

Deno.test("Motion: a phone clock that was never set is a clock all the same", async () => {
  const header = "timestamp,accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z,mag_x,mag_y,mag_z\n";
  const rows = (from: number) =>
    [0, 10, 20].map((ms) => `${from + ms},0.1,0.2,9.8,0,0,0,20,30,40\n`).join("");
  const unset = await readTable(header + rows(45_022_000), { device: "phone_1", name: "motion" });
  assert.deepEqual(unset.reader.schema.clock, { id: "phone_1/utc", kind: "utc" });
  assert.equal(unset.times[0], 45_022_000_000_000n);
  const counted = await readTable(header + rows(0), { device: "phone_1", name: "motion" });
  assert.deepEqual(counted.reader.schema.clock, { id: "phone_1/motion/device", kind: "device" });
});

Deno.test("Motion: axes without a unit and an unnamed column of dates", async () => {
  const table = await readTable(
    ",Accel X,Accel Y,Accel Z,ECG\n1970-01-01 00:00:01.000,-88.0,771.0,-531.5,-21.0\n" +
      "1970-01-01 00:00:01.008,,,,-10.0\n1970-01-01 00:00:01.010,-86.0,779.0,-539.5,\n",
    { device: "faros", name: "motion" },
  );
  assert.deepEqual(table.reader.schema.clock, { id: "faros/motion/device", kind: "device" });
  assert.deepEqual(table.times, [1_000_000_000n, 1_008_000_000n, 1_010_000_000n]);
  assert.equal(table.units["accel_y"], "mg");
  assert.deepEqual(table.values["accel_x"]?.map(Number), [-88, NaN, -86]);
  assert.deepEqual(table.codes, ["CSV_COLUMN_UNNAMED", "TIME_UNIT_INFERRED", "UNIT_ASSUMED"]);
});

Deno.test("T4: images in base64 stay text", async () => {
  const image = "AAECAwQF".repeat(20_000);
  const header =
    "timestamp_ms,frame_id,min_temp_c,max_temp_c,mean_temp_c,std_temp_c,median_temp_c,device_temp_c,emissivity,reflected_temp_c,atmospheric_temp_c,distance_m,humidity_percent,raw_data_base64,radiometric_data_base64\n";
  const row = (frame: number) =>
    `${
      1753842118000 + 40 * frame
    },${frame},20.5,34.5,28.1,2.5,27.9,31,0.95,22,22,0.5,45,${image},${image}\n`;
  const table = await readTable(header + [0, 1, 2].map(row).join(""), { name: "thermal" });
  assert.deepEqual(table.times, [0n, 1n, 2n].map((n) => 1753842118000000000n + n * 40_000_000n));
  assert.deepEqual(table.reader.schema.clock, { id: "pc/utc", kind: "utc" });
  assert.equal(table.values["raw_data_base64"]?.[2], image);
  assert.equal(table.units["max_temp"], "degC");
  assert.equal(table.units["humidity"], "%");
  assert.equal(table.units["distance"], "m");
  assert.deepEqual(table.values["frame_id"], [0, 1, 2]);
  assert.deepEqual(table.codes, []);
});

Deno.test("Tables of video frames", async () => {
  const frames = await readTable(
    "FrameNumber,TimestampUTC,TimestampLocal,ExposureTime_ms,ISO,FocusDistance,Quality\n" +
      "1,2025-07-30T02:21:58.000Z,2025-07-30T04:21:58.000,16.6,100,0.5,good\n" +
      "2,2025-07-30T02:21:58.033Z,2025-07-30T04:21:58.033,16.6,100,0.5,good\n",
    { device: "phone_1", name: "frame_times" },
  );
  assert.deepEqual(frames.reader.schema.clock, { id: "phone_1/utc", kind: "utc" });
  assert.deepEqual(frames.reader.schema.hostClock, { id: "phone_1/local", kind: "local" });
  assert.equal(frames.hostTimes[0]! - frames.times[0]!, 7_200_000_000_000n);
  assert.equal(frames.units["exposure_time"], "ms");
  const camera = await readTable(
    "timestamp_ms,frame_id,video_filename,frame_width,frame_height,fps,codec,bitrate_kbps,exposure_time_ms,iso,focal_length_mm,focus_distance_m\n" +
      "1753842118000,0,rgb.mp4,1920,1080,30,h264,10000,16,100,4.2,0.5\n",
  );
  assert.deepEqual(camera.values["video_filename"], ["rgb.mp4"]);
  assert.equal(camera.units["bitrate"], "kbit/s");
  assert.equal(camera.units["frame_width"], "px");
  assert.deepEqual(camera.codes, []);
});

Deno.test("Tables of events", async () => {
  const stimuli = await readTable(
    "timestamp_ms,event_type,session_time_ms\n1753842118000,stimulus_start,1000\n1753842128000,stimulus_end,11000\n",
  );
  assert.deepEqual(stimuli.values["event_type"], ["stimulus_start", "stimulus_end"]);
  assert.equal(stimuli.times[1], 1753842128000000000n);
  assert.equal(stimuli.values["session_time"]?.[1], 11_000_000_000n);
  const events = await readTable(
    "timestamp_ms,event_type,event_description,device_id,phase,sync_verified,offset_ms\n" +
      "1753842118000,start,begin,pc,baseline,True,1.5\n",
  );
  assert.deepEqual(events.values["sync_verified"], ["True"]);
  assert.equal(events.units["offset"], "ms");
});
