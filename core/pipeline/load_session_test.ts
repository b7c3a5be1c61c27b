import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { type FolderSource, IssueLog, type MemoryFiles, memoryFolder } from "../base/mod.ts";
import { openFolder } from "../../runtime/mod.ts";
import { loadSession } from "./load_session.ts";

const ID = "session_20250731_143022";
const DATA = join(dirname(fileURLToPath(import.meta.url)), "../../../shared/data/sessions");
const hasData = existsSync(DATA) || process.env.CI === "true";
if (!hasData) process.stderr.write("Recorded sessions are not there; their tests are skipped\n");

async function load(folder: FolderSource, roots: readonly FolderSource[] = []) {
  const log = new IssueLog();
  const session = await loadSession(folder, { report: log.report, roots });
  return { session, codes: log.issues().map(({ code }) => code).sort() };
}

function loadFiles(files: MemoryFiles) {
  return load(memoryFolder(ID, files));
}

Deno.test({
  name: "recorded Shimmer session",
  ignore: !hasData,
  fn: async () => {
    const { session, codes } = await load(openFolder(join(DATA, "shimmer_20200728_105650")));
    assert.deepEqual(codes, []);
    assert.equal(session.id, "shimmer_20200728_105650");
    assert.equal(session.variant, "M1");
    assert.equal(session.status, "completed");
    assert.equal(session.durationSeconds, 2.166);
    // date -u -d '2020-07-28 10:56:50' +%s
    assert.equal(session.start?.ns, 1_595_933_810_034_000_000n);
    assert.equal(session.start?.clock.id, "pc/local");
    assert.deepEqual(session.streams.map(({ id, kind, host }) => [id, kind, host]), [
      ["shimmer_40AC/gsr", "gsr", "pc"],
    ]);
    const [listed] = session.listedFiles;
    assert.equal(listed?.path, session.streams[0]?.path);
    assert.equal(listed?.size, session.files.find(({ path }) => path === listed?.path)?.size);
  },
});

Deno.test({
  name: "recorded session of two wearables that was never closed",
  ignore: !hasData,
  fn: async () => {
    const { session, codes } = await load(openFolder(join(DATA, "shake_19700101_000000")));
    assert.deepEqual(codes, []);
    assert.equal(session.status, "active");
    assert.equal(session.start?.ns, 0n);
    assert.equal(session.end, undefined);
    assert.deepEqual(session.devices.map(({ id, type, listed }) => [id, type, listed]), [
      ["faros", "ecg_motion", true],
      ["physilog", "imu", true],
    ]);
    assert.deepEqual(session.streams.map(({ id, kind, host }) => [id, kind, host]), [
      ["faros/motion", "motion", "faros"],
      ["physilog/motion", "motion", "physilog"],
    ]);
  },
});

Deno.test("the experiment log gives the zone of naive times", async () => {
  const epoch = 1_753_965_022.5;
  const { session } = await loadFiles({
    "experiment_log_20250731_143022.json": JSON.stringify({
      experiment_info: {
        start_time: epoch,
        start_time_formatted: "2025-07-31T14:30:22.501000",
      },
      events: [],
    }),
  });
  assert.equal(session.localOffset?.seconds, 7200);
});

Deno.test("events become anchors of the devices that they name", async () => {
  const events = [
    { event: "start_record", timestamp: "2025-07-31T14:30:23", devices: ["webcam_1"] },
    { event: "stop_record", timestamp: "2025-07-31T14:40:23" },
  ];
  const { session } = await loadFiles({
    [`${ID}_log.json`]: JSON.stringify({ events }),
    "webcam/webcam_1_20250731_143022.mp4": "x",
    "devices/phone_1/rgb_videos/phone_1_rgb_20250731_143022.mp4": "x",
  });
  const anchors = Object.fromEntries(
    session.streams.map(({ id, anchors }) => [
      id,
      anchors.map(({ at, time }) => `${at} ${time.source}`),
    ]),
  );
  assert.deepEqual(anchors, {
    "webcam_1/webcam_video": [
      "start file name",
      `start ${ID}_log.json start_record`,
      `end ${ID}_log.json stop_record`,
    ],
    "phone_1/rgb_video": ["start file name"],
  });
});

Deno.test("a log cut at any byte loads with the events before the cut", async () => {
  const events = Array.from({ length: 8 }, (_, index) => ({
    event: "marker",
    time: `14:30:2${index}.000`,
    timestamp: `2025-07-31T14:30:2${index}`,
    label: `m ${index} "é"`,
  }));
  const log = { session: ID, start_time: "2025-07-31T14:30:20", events, status: "active" };
  const bytes = new TextEncoder().encode(JSON.stringify(log, null, 2));
  let most = 0;
  for (let length = 0; length < bytes.length; length++) {
    const { session, codes } = await loadFiles({ [`${ID}_log.json`]: bytes.slice(0, length) });
    const labels = session.events.flatMap(({ label }) => label ?? []);
    assert.deepEqual(labels, events.slice(0, labels.length).map(({ label }) => label));
    assert.ok(codes.includes("METADATA_TRUNCATED") || length === 0);
    assert.ok(labels.length >= most);
    most = labels.length;
  }
  assert.equal(most, 8);
});
