import assert from "node:assert/strict";
import { IssueLog, type MemoryFiles, memoryFolder } from "../base/mod.ts";
import { discoverSession } from "./discover.ts";

// date -u -d '2025-07-31 14:30:22' +%s
const START_NS = 1_753_972_222_000_000_000n;

async function discover(files: MemoryFiles, name = "session_20250731_143022") {
  const log = new IssueLog();
  const session = await discoverSession(memoryFolder(name, files), { report: log.report });
  const { id, variant, start, end, durationSeconds, status, devices, listedFiles } = session;
  return {
    session,
    issues: log.issues(),
    codes: log.issues().map(({ code }) => code).sort(),
    brief: {
      id,
      variant,
      start: start && [start.clock.id, start.ns],
      end: end?.ns,
      durationSeconds,
      status,
      devices: devices.map(({ id, type }) => [id, type]),
      listed: listedFiles.map(({ device, type, target }) => [device, type, target]),
    },
  };
}

Deno.test("M2: values that only the documented schema has", async () => {
  const { brief, codes } = await discover({
    "session_metadata.json": JSON.stringify({
      session_id: "a_20250731_143022",
      session_name: "a",
      folder_path: "recordings/a_20250731_143022",
      start_time: "2025-07-31T14:30:22",
      end_time: "2025-07-31T14:30:32.5",
      duration: 10.5,
      status: "error",
      devices: { p: { device_type: "android_phone", capabilities: [], status: "disconnected" } },
      files: { p: [{ file_type: "gsr_data", file_path: "x.csv", file_size: null }] },
      post_processing: { synchronization_completed: true },
    }),
  });
  assert.deepEqual(brief, {
    id: "a_20250731_143022",
    variant: "M2",
    start: ["pc/local", START_NS],
    end: START_NS + 10_500_000_000n,
    durationSeconds: 10.5,
    status: "error",
    devices: [["p", "android_phone"]],
    listed: [["p", "gsr_data", "x.csv"]],
  });
  assert.deepEqual(codes, ["METADATA_VARIANT"]);
});

Deno.test("M3: devices are a list of ids", async () => {
  const { brief } = await discover({
    "session_metadata.json": JSON.stringify({
      session_id: "s3",
      timestamp: "2025-07-31T14:30:22Z",
      devices: ["phone_1", "webcam_1"],
      status: "in_progress",
    }),
  });
  assert.equal(brief.variant, "M3");
  assert.deepEqual(brief.start, ["pc/utc", START_NS]);
  assert.deepEqual(brief.devices, [["phone_1", undefined], ["webcam_1", undefined]]);
});

Deno.test("M4: created_timestamp with a zone, devices as objects", async () => {
  const { brief } = await discover({
    "session_metadata.json": JSON.stringify({
      session_id: "s4",
      created_timestamp: "2025-07-31T16:30:22.000+02:00",
      researcher_id: "r",
      participants: [],
      devices: [{ device_id: "phone_1", device_type: "android_phone", capabilities: ["gsr_data"] }],
      session_parameters: { duration_seconds: 1800 },
    }),
  });
  assert.equal(brief.variant, "M4");
  assert.deepEqual(brief.start, ["pc/utc", START_NS]);
  assert.equal(brief.durationSeconds, 1800);
  assert.deepEqual(brief.devices, [["phone_1", "android_phone"]]);
});

Deno.test("M5: nested metadata that a phone writes about itself", async () => {
  const { brief } = await discover({
    "session_metadata.json": JSON.stringify({
      sessionMetadata: {
        sessionId: "s5",
        deviceId: "pixel_7",
        startTime: "2025-07-31T14:30:22.000Z",
        endTime: "2025-07-31T14:40:22.000Z",
        duration_seconds: 600,
        deviceInfo: { model: "Pixel 7" },
      },
    }),
  });
  assert.equal(brief.variant, "M5");
  assert.equal(brief.id, "s5");
  assert.equal(brief.start?.[1], START_NS);
  assert.equal(brief.end, START_NS + 600_000_000_000n);
  assert.deepEqual(brief.devices, [["pixel_7", "android_phone"]]);
});

Deno.test("M6: session_info beside data_files", async () => {
  const { brief } = await discover({
    "session_metadata.json": JSON.stringify({
      session_info: {
        session_id: "s6",
        start_timestamp: 1753972222000,
        end_timestamp: 1753972822000,
        duration_seconds: 600,
      },
      devices: [{ device_id: "phone_1", device_type: "android_phone" }],
      data_files: { gsr_data: "gsr.csv", rgb_video: { filename: "rgb.mp4" } },
    }),
  });
  assert.equal(brief.variant, "M6");
  assert.deepEqual(brief.start, ["pc/utc", START_NS]);
  assert.deepEqual(brief.listed, [["", "gsr_data", "gsr.csv"], ["", "rgb_video", "rgb.mp4"]]);
});

Deno.test("M7: metadata in a folder of their own", async () => {
  const { brief } = await discover({
    "metadata/session_info.json": JSON.stringify({
      session_id: "s7",
      start_time: "2025-07-31T14:30:22",
    }),
    "metadata/device_configuration.json": "{}",
    "metadata/quality_report.json": "{}",
  });
  assert.equal(brief.variant, "M7");
  assert.equal(brief.id, "s7");
  assert.deepEqual(brief.start, ["pc/local", START_NS]);
});

Deno.test("S1: dates as lists of numbers", async () => {
  const { brief } = await discover({
    "meta.json": JSON.stringify({
      version: 1,
      devices: ["phone_1"],
      events: [],
      files: ["a.csv"],
      startTime: [2025, 7, 31, 14, 30, 22, 899228334],
      endTime: [2025, 7, 31, 14, 31],
      offsets: {},
    }),
  });
  assert.deepEqual(brief, {
    id: "session_20250731_143022",
    variant: "S1",
    start: ["pc/local", START_NS + 899_228_334n],
    end: START_NS + 38_000_000_000n,
    durationSeconds: undefined,
    status: undefined,
    devices: [["phone_1", undefined]],
    listed: [["", "", "a.csv"]],
  });
});

Deno.test("S2: times in integer nanoseconds stay exact", async () => {
  const { brief } = await discover({
    "metadata.json":
      '{"version":1,"session_id":"20250731_143022_123_Phone_ab12cd34","name":"n","created_at_ns":1753972221000000001,' +
      '"created_at":"2025-07-31T14:30:21","state":"COMPLETED","start_time_ns":1753972222123456789,' +
      '"end_time_ns":1753972223123456790,"duration_ns":1000000001}',
  });
  assert.equal(brief.variant, "S2");
  assert.equal(brief.id, "20250731_143022_123_Phone_ab12cd34");
  assert.deepEqual(brief.start, ["pc/utc", 1_753_972_222_123_456_789n]);
  assert.equal(brief.end, 1_753_972_223_123_456_790n);
  assert.equal(brief.status, "COMPLETED");
  assert.equal(brief.durationSeconds, 1.000000001);
});

Deno.test("phone folder: session_config.json and session_info.txt", async () => {
  const { session, brief, codes } = await discover({
    "session_info.txt":
      "Session ID: session_2025-07-31_14-30-22\nStart Time: Thu Jul 31 14:30:22 CEST 2025\n" +
      "Status: COMPLETED\nDuration: 600 seconds\n",
    "session_config.json": JSON.stringify({
      session_id: "session_2025-07-31_14-30-22",
      start_time: 1753965022345,
      timestamp: "Thu Jul 31 14:30:22 CEST 2025",
      thermal_camera: { enabled: true },
      folder_structure: { rgb_video: "rgb_video.mp4" },
    }),
    "shimmer_Shimmer3_40AC_session_2025-07-31_14-30-22.csv": "x",
    "thermal_data/thermal_session_2025-07-31_14-30-22_radiometric.dat": "x",
    "raw_frames/raw_Session_1753965022999_0001.dng": "x",
  }, "session_2025-07-31_14-30-22");
  assert.equal(brief.variant, "phone");
  assert.deepEqual(brief.start, ["phone/utc", 1_753_965_022_345_000_000n]);
  assert.deepEqual(codes, []);
  assert.deepEqual(session.streams.map(({ id, host }) => [id, host]), [
    ["shimmer_Shimmer3_40AC/gsr", "phone"],
    ["phone/thermal", "phone"],
  ]);
  const clocks = new Set(
    session.streams.flatMap(({ anchors }) => anchors.map(({ time }) => time.clock.id)),
  );
  assert.deepEqual([...clocks], ["phone/local", "phone/utc"]);
});

Deno.test("session_info.txt alone describes a phone session", async () => {
  const { brief } = await discover({
    "session_info.txt":
      "Session ID: s\nStart Time: Thu Jul 31 14:30:22 GMT+02:00 2025\nStatus: FAILED\nDuration: 5 seconds\n",
  }, "session_2025-07-31_14-30-22");
  assert.equal(brief.variant, "phone");
  assert.equal(brief.id, "s");
  assert.equal(brief.status, "FAILED");
  assert.equal(brief.durationSeconds, 5);
  assert.deepEqual(brief.start, ["phone/utc", START_NS - 7_200_000_000_000n]);
});

Deno.test("values of the wrong type are reported and left out", async () => {
  const { brief, issues } = await discover({
    "session_metadata.json": JSON.stringify({
      session_id: 5,
      session_name: ["x"],
      start_time: "yesterday",
      status: "completed",
      devices: { a: "phone", b: { device_type: 7 } },
      files: { a: "x", b: [3, { file_path: "y.csv", file_size: "big" }] },
      duration: "long",
      extra: 1,
    }),
  });
  assert.equal(brief.id, "5");
  assert.deepEqual(brief.devices, [["a", undefined], ["b", undefined]]);
  assert.deepEqual(
    issues.map(({ code, params }) => `${code} ${params.key ?? ""}`).sort(),
    [
      "METADATA_KEY_UNKNOWN extra",
      "METADATA_TYPE_WRONG devices.a",
      "METADATA_TYPE_WRONG duration",
      "METADATA_TYPE_WRONG file_size",
      "METADATA_TYPE_WRONG files.b",
      "METADATA_TYPE_WRONG session_id",
      "METADATA_TYPE_WRONG session_name",
      "METADATA_TYPE_WRONG start_time",
    ],
  );
});

Deno.test("folders of sibling programs and recorders name their device", async () => {
  const sibling = await discover({
    "metadata.json": '{"session_id": "a", "created_at_ns": 1753972221000000001}',
    "gsr/gsr.csv": "x",
    "rgb/rgb.mp4": "x",
  }, "20250731_143022_000_Pixel_ab12cd34");
  assert.deepEqual(sibling.session.streams.map(({ id, kind }) => [id, kind]), [
    ["Pixel_ab12cd34/gsr", "gsr"],
    ["Pixel_ab12cd34/rgb_video", "rgb_video"],
  ]);
  const { session } = await discover({
    "session_metadata.json": "{}",
    "thermal_camera_session_20250731_143022.csv": "x",
    "rgb_camera_session_20250731_143022.csv": "x",
    "shimmer_gsr_session_20250731_143022.csv": "x",
    "synchronised/all.csv": "x",
  });
  assert.deepEqual(session.streams.map(({ id, kind }) => [id, kind]), [
    ["rgb_camera/frame_times", "frame_times"],
    ["shimmer/gsr", "gsr"],
    ["thermal_camera/thermal_table", "thermal_table"],
  ]);
});

Deno.test("keys without a meaning are kept as text", async () => {
  const { session } = await discover({
    "session_metadata.json": JSON.stringify({
      session_id: "a",
      folder_path: "recordings/a",
      participants: [{ age: 30 }],
      devices: { p: { device_type: "android_phone", firmware: 7 } },
    }),
  });
  assert.deepEqual(session.details, {
    folder_path: "recordings/a",
    participants: '[{"age":30}]',
  });
  assert.deepEqual(session.devices[0]?.details, { firmware: "7" });
});

Deno.test("metadata of any JSON value are read without throwing", async () => {
  for (
    const text of ["5", "null", "[]", "[[[]]]", '"x"', '{"devices":[[],{},5]}', '{"files":[null]}']
  ) {
    for (const path of ["session_metadata.json", "meta.json", "session_config.json"]) {
      await discover({ [path]: text });
    }
  }
});

Deno.test("metadata cut off after the start keep what they had", async () => {
  const { brief, codes } = await discover({
    "session_metadata.json":
      '{"session_id": "a_20250731_143022", "session_name": "a", "start_time": "2025-07-31T14:30:22", "dev',
  });
  assert.equal(brief.id, "a_20250731_143022");
  assert.equal(brief.variant, "M1");
  assert.deepEqual(codes, ["METADATA_TRUNCATED"]);
});
