import assert from "node:assert/strict";
import { IssueLog, type MemoryFiles, memoryFolder } from "../../base/mod.ts";
import { discoverSession, type SessionEvent, type StoredClockPair } from "../../session/mod.ts";
import { readLogs } from "./read_logs.ts";

const ID = "session_20250731_143022";

// 2025-07-31T14:30:22Z, from `date -u -d ... +%s`.
const START_NS = 1_753_972_222_000_000_000n;
const HOUR_NS = 3_600_000_000_000n;

async function read(files: MemoryFiles, name = ID) {
  const folder = memoryFolder(name, files);
  const session = await discoverSession(folder);
  const log = new IssueLog();
  const contents = await readLogs(folder, session, { report: log.report });
  const issues = log.issues();
  return { ...contents, issues, codes: issues.map(({ code }) => code) };
}

function brief({ type, time }: SessionEvent) {
  return [type, time?.clock.id, time?.ns];
}

function pairBrief({ from, to, fromNs, toNs }: StoredClockPair) {
  return [from.id, to.id, toNs - fromNs];
}

Deno.test("session log: every field is kept, times are PC wall time", async () => {
  const text = `{
  "session": "${ID}",
  "session_name": "séance",
  "start_time": "2025-07-31T14:30:22",
  "end_time": "2025-07-31T14:40:22.500000",
  "duration": 600.5,
  "devices": [{"id": "phone_1", "type": "android_phone", "capabilities": ["rgb_video"]}, {"id": "webcam_1", "type": "pc_webcam"}],
  "events": [
    {"event": "session_start", "time": "14:30:22.000", "timestamp": "2025-07-31T14:30:22", "session_id": "${ID}"},
    {"event": "start_record", "time": "14:30:23.500", "timestamp": "2025-07-31T14:30:23.500123", "devices": ["phone_1"], "session": "${ID}"},
    {"event": "marker", "time": "14:30:30.000", "timestamp": "2025-07-31T14:30:30.000456", "label": "stimulus é", "stim_time": "00:45.333"},
    {"event": "file_received", "time": "14:41:00.000", "timestamp": "2025-07-31T14:41:00", "device": "phone_1", "filename": "a.mp4", "file_type": "rgb_video", "size": 12345678901},
    {"event": "sensor_data", "time": "14:41:01.000", "timestamp": "2025-07-31T14:41:01", "values": {"gsr": 1.5}},
    {"event": "sensor_data", "time": "14:41:02.000", "timestamp": "2025-07-31T14:41:02"}
  ],
  "calibration_files": ["calib_1.png"],
  "status": "recovered",
  "recovery_time": "2025-08-01T09:00:00"
}`;
  const { logs, events, codes, clockPairs } = await read({ [`${ID}_log.json`]: text });
  const [log] = logs;
  assert.equal(log?.session, ID);
  assert.equal(log?.status, "recovered");
  assert.equal(log?.start?.ns, START_NS);
  assert.equal(log?.durationSeconds, 600.5);
  assert.deepEqual(log?.devices, ["phone_1", "webcam_1"]);
  assert.deepEqual(log?.calibrationFiles, ["calib_1.png"]);
  assert.equal(log?.events, 6);
  assert.ok(log?.recoveryTime);
  assert.deepEqual(events.slice(0, 3).map(brief), [
    ["session_start", "pc/local", START_NS],
    ["start_record", "pc/local", START_NS + 1_500_123_000n],
    ["marker", "pc/local", START_NS + 8_000_456_000n],
  ]);
  assert.equal(events[2]?.label, "stimulus é");
  assert.equal(events[2]?.details.stim_time, "00:45.333");
  assert.equal(events[2]?.line, 11);
  assert.equal(events[3]?.device, "phone_1");
  assert.equal(events[3]?.details.size, "12345678901");
  assert.equal(events[4]?.details.values, '{"gsr":1.5}');
  assert.equal(events[1]?.details.devices, '["phone_1"]');
  assert.deepEqual(codes, []);
  assert.deepEqual(clockPairs, []);
});

Deno.test("times of day alone are placed on the day of the log, across midnight", async () => {
  const log = {
    session: "x",
    start_time: "2025-07-31T23:59:50",
    events: [
      { event: "marker", time: "23:59:55.250" },
      { event: "marker", time: "00:00:05.000" },
      { event: "marker", time: "noon" },
    ],
  };
  const { events, codes } = await read({ "session_log.json": JSON.stringify(log) });
  const midnight = BigInt(Date.UTC(2025, 7, 1)) * 1_000_000n;
  assert.deepEqual(events.map(({ time }) => time?.ns), [
    midnight - 4_750_000_000n,
    midnight + 5_000_000_000n,
    undefined,
  ]);
  assert.deepEqual(codes, []);
});

Deno.test("a time of day that contradicts the time stamp is reported", async () => {
  const log = {
    events: [
      { event: "marker", time: "14:30:22.100", timestamp: "2025-07-31T14:30:22.101" },
      { event: "marker", time: "23:59:59.999", timestamp: "2025-08-01T00:00:00.000" },
      { event: "marker", time: "15:30:22.100", timestamp: "2025-07-31T14:30:22.101" },
    ],
  };
  const { issues } = await read({ "a_log.json": JSON.stringify(log, null, 1) });
  assert.deepEqual(issues.map(({ code, where }) => [code, where.line]), [
    ["EVENT_TIME_CONFLICT", 13],
  ]);
});

Deno.test("the documented log with event_type and event_data is read", async () => {
  const log = {
    log_format_version: "1.0",
    session_id: "s1",
    events: [{
      timestamp: "2025-07-31T14:30:22.123+00:00",
      event_type: "start_record",
      event_source: "pc_controller",
      event_data: { device_id: "phone_1" },
    }],
  };
  const { logs, events } = await read({ "s1_log.json": JSON.stringify(log) });
  assert.equal(logs[0]?.session, "s1");
  assert.deepEqual(events.map(brief), [["start_record", "pc/utc", START_NS + 123_000_000n]]);
  assert.equal(events[0]?.device, "phone_1");
  assert.equal(events[0]?.details.event_source, "pc_controller");
});

Deno.test("experiment log ties wall time and monotonic time to UTC", async () => {
  const epoch = 1_753_965_022.5; // 12:30:22.5 UTC, 14:30:22.5 in the zone of the PC
  const event = (at: number, type: string) => ({
    event_type: type,
    timestamp: epoch + at,
    timestamp_formatted: `2025-07-31T14:30:${22.5 + at}00000`,
    experiment_time: at,
    video_position_ms: at * 1000,
    marker_label: `m${at}`,
    timestamps: { system_time: epoch + at, monotonic_time: 1000.25 + at, performance_time: 3 },
  });
  const log = {
    experiment_info: { start_time: epoch, stimulus_file: "C:\\a.mp4" },
    events: [event(0, "stimulus_start"), event(1, "event_marker"), event(2, "event_marker")],
  };
  const path = "enhanced_experiment_log_20250731_143022.json";
  const { events, clockPairs, codes } = await read({ [path]: JSON.stringify(log) });
  assert.deepEqual(codes, []);
  assert.deepEqual(brief(events[1]!), [
    "event_marker",
    "pc/utc",
    START_NS - 2n * HOUR_NS + 1_500_000_000n,
  ]);
  assert.deepEqual(events[1]?.alsoAt?.clock.id, "pc/local");
  assert.equal(events[1]?.label, "m1");
  const local = clockPairs.filter(({ from }) => from.kind === "local");
  assert.deepEqual(local.map(pairBrief), [
    ["pc/local", "pc/utc", -2n * HOUR_NS],
    ["pc/local", "pc/utc", -2n * HOUR_NS],
  ]);
  const monotonic = clockPairs.filter(({ from }) => from.kind === "monotonic");
  assert.deepEqual(monotonic.map(({ fromNs }) => fromNs), [
    1_000_250_000_000n,
    1_001_250_000_000n,
    1_002_250_000_000n,
  ]);
});

Deno.test("a formatted time of day alone still gives the offset", async () => {
  const log = {
    events: [{
      event_type: "event_marker",
      timestamp: 1_753_965_022.5,
      timestamp_formatted: "14:30:22.500",
      experiment_time: 1,
    }],
  };
  const { clockPairs } = await read({ "experiment_log_20250731_143022.json": JSON.stringify(log) });
  assert.deepEqual(clockPairs.map(pairBrief), [["pc/local", "pc/utc", -2n * HOUR_NS]]);
});

Deno.test("phone files: stimulus table, concatenated metadata, sync markers", async () => {
  const { events, clockPairs, codes } = await read({
    "session_info.txt": "Session ID: session_2025-07-31_14-30-25\nStatus: COMPLETED\n",
    "stimulus_events.csv": "timestamp_ms,event_type,session_time_ms\r\n" +
      "1753965025000,stimulus_start,0\r\n\r\n1753965026500,odd_type,1500\r\n",
    "stimulus_metadata.json":
      '{"timestamp_ms": 1753965025000, "timestamp_iso": "2025-07-31T14:30:25.000Z", "type": "stimulus_start"}\n' +
      '{"timestamp_ms": 1753965026000, "timestamp_iso": "2025-07-31T14:30:26.000Z", "type": "stimulus_end"}\n',
    "sync_markers/flash_sync_7_1753965030000.txt":
      "SYNC_ID=7\nduration_ms=200\ndevice_time=1753965030000\nsynced_time=1753965030042\nsession_id=x\nrecording_active=true\n",
    "sync_markers/beep_sync_8_1753965031000.txt": "device_time=abc\nsynced_time=1753965031000",
    "synchronization/stimulus_sync_9.txt": "device_time=1753965032000\nsynced_time=1753965032000",
  }, "session_2025-07-31_14-30-25");
  const utc = (ms: number) => BigInt(ms) * 1_000_000n;
  assert.deepEqual(events.map(brief), [
    ["stimulus_start", "phone/utc", utc(1753965025000)],
    ["odd_type", "phone/utc", utc(1753965026500)],
    ["stimulus_start", "phone/utc", utc(1753965025000)],
    ["stimulus_end", "phone/utc", utc(1753965026000)],
    ["beep_sync", undefined, undefined],
    ["flash_sync", "phone/utc", utc(1753965030000)],
    ["stimulus_sync", "phone/utc", utc(1753965032000)],
  ]);
  assert.equal(events[1]?.line, 4);
  assert.deepEqual(clockPairs.map(pairBrief), [
    ["phone/local", "phone/utc", -2n * HOUR_NS],
    ["phone/local", "phone/utc", -2n * HOUR_NS],
    ["phone/utc", "pc/utc", 42_000_000n],
  ]);
  assert.deepEqual(codes.sort(), ["MARKER_FIELD_INVALID", "METADATA_CONCATENATED"]);
});

Deno.test("PC tables, annotations and the recovery log", async () => {
  const { events } = await read({
    "session_metadata.json": "{}",
    [`session_events_${ID}.csv`]:
      "timestamp_ms,event_type,event_description,device_id,phase,sync_verified,offset_ms\n" +
      '1753965025000,marker,"a, ""b""\nc",phone_1,baseline,true,12.5\n',
    "annotations.json":
      '[{"timestamp": 1753965022.25, "type": "annotation", "description": "d", "time_str": "x"}]',
    "recovery.log": "[2025-07-31T14:30:22] json_repair: cut 3 bytes\nnoise\n",
  });
  const [annotation, recovery, row] = events;
  assert.deepEqual(brief(annotation!), ["annotation", "pc/utc", 1_753_965_022_250_000_000n]);
  assert.deepEqual(brief(recovery!), ["recovery", "pc/local", START_NS]);
  assert.equal(row?.label, 'a, "b"\nc');
  assert.equal(row?.details.offset_ms, "12.5");
});

Deno.test("stored offsets: measured ones are pairs, made-up ones are refused", async () => {
  const { clockPairs, issues } = await read({
    "protocol_export.json": JSON.stringify({
      synchronization_data: {
        sync_markers: [
          {
            timestamp: 1753965022.5,
            marker_type: "start",
            sync_measurement: {
              timestamp: 1753965022.5,
              offset_ms: 21.4,
              round_trip_time_ms: 2,
              method: "custom_sync",
              remote_device: "lab",
            },
          },
          {
            sync_measurement: {
              timestamp: 1753965023,
              offset_ms: -1.5,
              round_trip_time_ms: 4,
              method: "ntp",
              remote_device: "lab",
            },
          },
        ],
      },
    }),
  });
  assert.deepEqual(issues.map(({ code, params }) => [code, params]), [
    ["SYNC_OFFSET_FABRICATED", { offset: 21.4, method: "custom_sync" }],
  ]);
  assert.deepEqual(clockPairs.map(pairBrief), [["pc/utc", "lab/utc", -1_500_000n]]);
  assert.equal(clockPairs[0]?.sigmaNs, 2_000_000);
});

Deno.test("sibling programs: events, Jackson times and offsets without a stated sign", async () => {
  const { events, clockPairs } = await read({
    "meta.json": JSON.stringify({
      version: 1,
      startTime: [2025, 7, 31, 14, 30, 22],
      endTime: [2025, 7, 31, 14, 40, 22, 899228334],
      devices: [{ id: "phone_1" }],
      events: [{ type: "SYNC", timestamp: [2025, 7, 31, 14, 30, 22, 5], data: { a: 1 } }],
      files: [],
      offsets: {
        phone_1: [{ timestamp: [2025, 7, 31, 14, 30, 22], offsetMs: 30, uncertainty: 4 }],
      },
    }),
  });
  assert.deepEqual(events.map(brief), [["SYNC", "pc/local", START_NS + 5n]]);
  assert.equal(events[0]?.details.data, '{"a":1}');
  assert.deepEqual(clockPairs.map(pairBrief), [["phone_1/local", "pc/local", 30_000_000n]]);
  assert.ok(clockPairs[0]!.sigmaNs >= 30e6 * Math.SQRT2);
});

Deno.test("a stored offset that spans decades ties a monotonic clock", async () => {
  const { clockPairs } = await read({
    "metadata.json":
      '{"session_id": "a", "created_at_ns": 1753965022000000000, "start_time_ns": 1753965022123456789,' +
      ' "clock_offsets_ns": {"phone_a": 1753210352522201498, "phone_b": 2000000}}',
  });
  assert.deepEqual(clockPairs.map(({ from, to, fromNs, toNs }) => [from.id, to.id, fromNs, toNs]), [
    ["phone_a/monotonic", "pc/utc", 754669601255291n, 1753965022123456789n],
    ["phone_b/utc", "pc/utc", 1753965022123456789n, 1753965022125456789n],
  ]);
});

Deno.test("calibration results in their three shapes", async () => {
  const matrix = [[1000, 0, 960], [0, 1000, 540], [0, 0, 1]];
  const { calibrations } = await read({
    "calibration_data/a/session_info.json": '{"session_name": "a", "pattern_size": [9, 6]}',
    "calibration_data/calibration_phone_1.json": JSON.stringify({
      device_id: "phone_1",
      pattern_size: [9, 6],
      rgb_camera_matrix: matrix,
      rgb_distortion_coeffs: [[0.1, -0.2, 0, 0, 0]],
      rgb_rms_error: 0.34,
      translation_vector: [[1], [2], [3]],
      format_version: "1.0",
    }),
    "calibration/calibration_1753965022000.json": JSON.stringify({
      camera_matrix: matrix,
      distortion_coefficients: [0.1, -0.2, 0, 0, 0],
      rms_error: 0.5,
    }),
    "calibration/calib.json": JSON.stringify({
      rgb_matrix: matrix,
      thermal_matrix: matrix,
      timestamp: 1753965022.5,
    }),
  });
  assert.deepEqual(calibrations.map(({ device, rmsErrorPx }) => [device, rmsErrorPx]), [
    [undefined, undefined],
    [undefined, 0.5],
    ["phone_1", 0.34],
  ]);
  assert.deepEqual(calibrations[2]?.values, {
    pattern_size: [9, 6],
    rgb_camera_matrix: matrix.flat(),
    rgb_distortion_coeffs: [0.1, -0.2, 0, 0, 0],
    translation_vector: [1, 2, 3],
  });
});

Deno.test("logs of any bytes are read without throwing", async () => {
  let state = 12345;
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 8;
  const names = [
    "a_log.json",
    "experiment_log_1.json",
    "stimulus_events.csv",
    "flash_sync_1.txt",
    "annotations.json",
    "calibration_a.json",
    "sync_data.json",
    "recovery.log",
    "session_config.json",
  ];
  const seeds = [
    '{"events":[{"event":5,"time":[],"timestamp":{}}, null, 1, []],"devices":{"a":1}}',
    '[[[1]],{"timestamp":1e400,"offset_ms":"x","method":"ntp"}]',
    '{"offsets":{"a":5,"b":[{"offsetMs":1e300,"timestamp":9e18}]},"clock_offsets_ns":{"x":-9e99}}',
    '{"start_time":-5,"experiment_info":7,"events":{"a":{}}}',
    "device_time=99999999999999999999\nsynced_time=-1",
  ];
  for (let round = 0; round < 200; round++) {
    const files = Object.fromEntries(names.map((name) => {
      const bytes = new TextEncoder().encode(seeds[next() % seeds.length]!);
      for (let flips = next() % 4; flips > 0; flips--) bytes[next() % bytes.length] = next() & 255;
      return [name, bytes.slice(0, next() % (bytes.length + 1))];
    }));
    await read(files);
  }
});
