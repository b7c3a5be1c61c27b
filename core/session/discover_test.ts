import assert from "node:assert/strict";
import { IssueLog, type MemoryFiles, memoryFolder } from "../base/mod.ts";
import { discoverSession } from "./discover.ts";
import type { Session } from "./model.ts";

const ID = "session_20250731_143022";

async function discover(name: string, files: MemoryFiles) {
  const log = new IssueLog();
  const session = await discoverSession(memoryFolder(name, files), { report: log.report });
  return { session, codes: log.issues().map(({ code }) => code).sort(), issues: log.issues() };
}

function streamIds(session: Session): string[] {
  return session.streams.map(({ id }) => id);
}

/** Metadata as the PC program writes them, with what a test wants changed. */
function metadata(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    session_id: ID,
    session_name: "session",
    folder_path: `recordings\\${ID}`,
    start_time: "2025-07-31T14:30:22.123456",
    end_time: "2025-07-31T14:40:22",
    duration: 599.876544,
    devices: {
      webcam_1: {
        device_type: "pc_webcam",
        capabilities: ["video_recording"],
        added_time: "2025-07-31T14:30:22.5",
        status: "connected",
      },
      phone_1: {
        device_type: "android_phone",
        capabilities: ["rgb_video", "thermal_video"],
        added_time: "2025-07-31T14:30:23.5",
        status: "connected",
      },
    },
    files: {},
    status: "completed",
    ...changes,
  });
}

Deno.test("documented tree: devices, streams and roles", async () => {
  const { session, codes } = await discover(ID, {
    "session_metadata.json": metadata(),
    [`${ID}_log.json`]: "{}",
    "devices/phone_1/rgb_videos/phone_1_rgb_20250731_143022.mp4": "x",
    "devices/phone_1/thermal_videos/phone_1_thermal_20250731_143022.mp4": "x",
    "devices/phone_1/sensor_data/phone_1_gsr_20250731_143022.csv": "x",
    "devices/phone_1/sensor_data/phone_1_motion_20250731_143022.csv": "x",
    "webcam/webcam_1_20250731_143022.mp4": "x",
    "processing/hand_segmentation/phone_1_rgb/hands.csv": "x",
    "exports/csv/phone_1_gsr.csv": "x",
    "notes.docx": "x",
  });
  assert.deepEqual(codes, []);
  assert.equal(session.id, ID);
  assert.equal(session.variant, "M1");
  assert.deepEqual(session.start, {
    ns: 1_753_972_222_123_456_000n, // date -u -d '2025-07-31 14:30:22' +%s
    clock: { id: "pc/local", kind: "local" },
    sigmaNs: 1_000_000,
    source: "session_metadata.json start_time",
  });
  assert.deepEqual(session.devices.map(({ id, listed }) => [id, listed]), [
    ["webcam_1", true],
    ["phone_1", true],
  ]);
  assert.deepEqual(streamIds(session).sort(), [
    "phone_1/gsr",
    "phone_1/motion",
    "phone_1/rgb_video",
    "phone_1/thermal_video",
    "webcam_1/webcam_video",
  ]);
  const roles = Object.fromEntries(session.files.map(({ path, role }) => [path, role]));
  assert.equal(roles["processing/hand_segmentation/phone_1_rgb/hands.csv"], "output");
  assert.equal(roles["exports/csv/phone_1_gsr.csv"], "output");
  assert.equal(roles["session_metadata.json"], "metadata");
  assert.equal(roles[`${ID}_log.json`], "log");
  assert.equal(roles["notes.docx"], "unknown");
});

Deno.test("names of recordings become anchors on the clock of who wrote them", async () => {
  const { session } = await discover(ID, {
    "session_metadata.json": metadata(),
    "webcam/webcam_1_20250731_143022.mp4": "x",
    "devices/phone_1/rgb_videos/Session_1753965022123.mp4": "x",
  });
  const anchors = session.streams.map(({ id, anchors: [first] }) => [
    id,
    first?.time.clock.id,
    first?.time.ns,
  ]);
  assert.deepEqual(anchors, [
    ["phone_1/rgb_video", "phone_1/utc", 1_753_965_022_123_000_000n],
    ["webcam_1/webcam_video", "pc/local", 1_753_972_222_000_000_000n],
  ]);
  assert.ok(session.streams[1]!.anchors[0]!.time.sigmaNs >= 0.29e9);
});

Deno.test("flat folder of the PC program with received files", async () => {
  const webcam = `webcam_${ID}_20250731_143023.mp4`;
  const { session, codes } = await discover(ID, {
    "session_metadata.json": metadata({
      devices: {
        webcam: { device_type: "pc_webcam", capabilities: ["video_recording"] },
        phone_1: { device_type: "android_phone", capabilities: [] },
      },
      files: {
        webcam: [{
          file_type: "webcam_video",
          file_path: `recordings\\${ID}\\${webcam}`,
          file_size: 1,
          created_time: "2025-07-31T14:40:23.5",
        }],
      },
    }),
    [webcam]: "x",
    "phone_1_Session_1753965022123.mp4": "x",
    "phone_1_shimmer_Shimmer_40AC_session_2025-07-31_14-30-25.csv": "x",
    "phone_1_thermal_session_2025-07-31_14-30-25_radiometric.dat": "x",
    "shimmer/shimmer_00_06_66_66_66_66_data.csv": "x",
    "camera1_session_20250731_143022_20250731_143024.mp4": "x",
  });
  assert.deepEqual(codes, []);
  assert.deepEqual(
    Object.fromEntries(session.streams.map(({ id, host, kind }) => [id, `${host} ${kind}`])),
    {
      "camera1/webcam_video": "pc webcam_video",
      "phone_1/rgb_video": "phone_1 rgb_video",
      "shimmer_Shimmer_40AC/gsr": "phone_1 gsr",
      "phone_1/thermal": "phone_1 thermal",
      "shimmer_00_06_66_66_66_66/gsr": "pc gsr",
      "webcam/webcam_video": "pc webcam_video",
    },
  );
  assert.deepEqual(session.listedFiles.map(({ path, size }) => [path, size]), [[webcam, 1]]);
  assert.deepEqual(session.files.filter((file) => file.registered).map(({ path }) => path), [
    webcam,
  ]);
});

Deno.test("folder without metadata is described from its names", async () => {
  const { session, codes } = await discover("exp_A_20250731_143022", {
    "webcam_1_20250731_143022.mp4": "x",
  });
  assert.deepEqual(codes, ["METADATA_MISSING"]);
  assert.equal(session.variant, "none");
  assert.equal(session.id, "exp_A_20250731_143022");
  assert.equal(session.name, "exp_A");
  assert.equal(session.start?.ns, 1_753_972_222_000_000_000n);
  assert.equal(session.declaredId, undefined);
});

Deno.test("unsafe paths of metadata are reported and never resolved", async () => {
  const targets = [
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\system.ini",
    "recordings/../../x.mp4",
    "file:///etc/passwd",
  ];
  const { session, codes } = await discover(ID, {
    "session_metadata.json": metadata({
      files: { phone_1: targets.map((file_path) => ({ file_type: "rgb_video", file_path })) },
    }),
    "passwd": "x",
    "x.mp4": "x",
  });
  assert.deepEqual(codes, targets.map(() => "METADATA_PATH_UNSAFE"));
  assert.ok(session.listedFiles.every(({ path, unsafe }) => path === undefined && unsafe));
});

Deno.test("any tree of names gives one stream per readable recording, with unique ids", async () => {
  let state = 7;
  const next = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % limit;
  };
  const pick = (items: readonly string[]) => items[next(items.length)]!;
  const folders = [
    ...[
      "",
      "",
      "devices",
      "__proto__",
      "constructor",
      "phone_1",
      "@a",
      "@session_2025-07-31_14-30-25",
    ],
    ...[
      "webcam",
      "shimmer",
      "session_2025-07-31_14-30-25",
      `${ID}_${ID}`,
      "thermal_data",
      "..",
      "é ☃",
    ],
    ...["processing", "sensor_data", "calibration", "hand_segmentation_x", "20250731_143022"],
  ];
  const names = [
    ...[
      "a.csv",
      "Session_1753965022123.mp4",
      "__proto__.csv",
      "_.csv",
      ".csv",
      "gsr",
      "x.DAT",
      "thermal.dat",
    ],
    ...[
      `shimmer_A_${ID}.csv`,
      "shimmer_A_session_2025-07-31_14-30-25.csv",
      "phone_1_rgb_20250731_143022.mp4",
    ],
    ...[
      "webcam_1_20250731_143022.mp4",
      "session_info.txt",
      "session_metadata.json",
      "a_log.json",
      "_data.csv",
    ],
    ...[
      "video_Session_1753965022123_20250731_143022.mp4",
      "x_summary.json",
      "rgb_rgb_rgb.mp4",
      "\u{1d7d8}.csv",
    ],
  ];
  const ids = ["__proto__", "constructor", "phone_1", "", "a/b", "shimmer", "☃"];
  for (let round = 0; round < 300; round++) {
    const files: Record<string, string> = {};
    for (let count = next(12); count >= 0; count--) {
      const path = [pick(folders), pick(folders), pick(folders), pick(names)].filter((part) =>
        part
      );
      files[path.join("/")] = pick(["", "x", "{}", "[1", "session_id: a"]);
    }
    const devices = Object.fromEntries([[pick(ids), {}], [pick(ids), { device_type: pick(ids) }]]);
    const listed = Object.fromEntries([[pick(ids), [{ file_path: pick(names) }]]]);
    files["session_metadata.json"] = metadata({ devices, files: listed });
    const { session } = await discover(pick(folders) || ID, files);
    assert.equal(new Set(streamIds(session)).size, session.streams.length);
    for (const stream of session.streams) {
      assert.ok(Object.hasOwn(files, stream.path), stream.path);
      assert.equal(session.files.find(({ path }) => path === stream.path)?.role, "recording");
      assert.ok(
        session.devices.some(({ id }) => id === stream.device) || stream.device === "unknown",
      );
    }
  }
});

Deno.test("results inside the session are no recordings, wherever they were written", async () => {
  const results = (folder: string) => ({
    [`${folder}processing/provenance.json`]: "{}",
    [`${folder}processing/.work/journal.json`]: "{}",
    [`${folder}exports/csv/phone_1.gsr.csv`]: "time_s,gsr\n0,1\n",
    [`${folder}exports/csv/combined.csv`]: "time_s,gsr\n0,1\n",
  });
  const { session, issues } = await discover(ID, {
    "devices/phone_1/sensor_data/phone_1_gsr_20250731_143022.csv": "timestamp,gsr_value\n",
    ...results(""),
    ...results("results/"),
    ...results("devices/phone_1/again/"),
    // Not results: nothing in the folder says that this toolkit wrote it.
    "other/exports/phone_2_gsr_20250731_143022.csv": "timestamp,gsr_value\n",
  });
  assert.deepEqual(session.streams.map(({ id }) => id), ["phone_1/gsr", "phone_2/gsr"]);
  assert.deepEqual(session.devices.map(({ id }) => id), ["phone_1", "phone_2"]);
  assert.deepEqual(
    issues.filter(({ code }) => code === "FOLDER_UNEXPECTED").map(({ where }) => where.path),
    ["other"],
  );
});

Deno.test("exports of Consensys belong to the sensor that they name", async () => {
  const { session } = await discover(ID, {
    "Exp_Session1_Shimmer_40AC_Calibrated_PC.csv": "x\n",
    "Shimmer_6B6C_Uncalibrated_SD.csv": "x\n",
  });
  assert.deepEqual(streamIds(session), ["Shimmer_40AC/gsr", "Shimmer_6B6C/gsr"]);
  assert.deepEqual(session.devices.map(({ type }) => type), ["shimmer_gsr", "shimmer_gsr"]);
});

Deno.test("a phone session has its start and its end from two files", async () => {
  const folder = "session_2025-07-31_14-30-24";
  const { session } = await discover(folder, {
    "session_config.json": JSON.stringify({ session_id: folder, start_time: 1_753_965_024_250 }),
    "session_info.txt": [
      `Session ID: ${folder}`,
      "Start Time: Thu Jul 31 14:30:24 CEST 2025",
      "Status: COMPLETED",
      "End Time: Thu Jul 31 14:31:24 CEST 2025",
      "Duration: 60 seconds",
    ].join("\n"),
    "Session_1753965024300.mp4": new Uint8Array(8),
  });
  assert.equal(session.start?.ns, 1_753_965_024_250_000_000n);
  // Zones that are written as letters mean several things; the time is local until other files tell the offset.
  assert.equal(session.end?.ns, 1_753_972_284_000_000_000n);
  assert.equal(session.end?.clock.id, "phone/local");
  assert.equal(session.end?.source, "session_info.txt end_time");
  assert.deepEqual([session.status, session.durationSeconds], ["COMPLETED", 60]);
});

Deno.test("a received table is of the sensor, and stamped by a phone that nothing lists", async () => {
  const { session } = await discover(ID, {
    "phone_1_shimmer_Shimmer_1234_session_2025-07-31_14-30-24.csv": "x\n",
    "phone_1_Session_1753965024050.mp4": new Uint8Array(8),
  });
  assert.deepEqual(session.streams.map(({ id, host }) => [id, host]), [
    ["phone_1/rgb_video", "phone_1"],
    ["shimmer_Shimmer_1234/gsr", "phone_1"],
  ]);
});
