import assert from "node:assert/strict";
import {
  type FolderEntry,
  type FolderSource,
  IssueLog,
  memoryFolder,
  stitchFolders,
} from "../base/mod.ts";
import { discoverSession } from "./discover.ts";

const ID = "session_20250731_143022";
const PHONE = "session_2025-07-31_14-30-25";

const METADATA = JSON.stringify({
  session_id: ID,
  session_name: "session",
  start_time: "2025-07-31T14:30:22",
  end_time: "2025-07-31T14:40:22",
  status: "completed",
  devices: {
    webcam: { device_type: "pc_webcam", capabilities: [] },
    pixel: { device_type: "android_phone", capabilities: [] },
  },
  files: {},
});

async function discover(folder: FolderSource) {
  const log = new IssueLog();
  const session = await discoverSession(folder, { report: log.report });
  const issues = log.issues();
  return { session, issues, codes: issues.map(({ code }) => code) };
}

function pcFolder() {
  return memoryFolder(ID, {
    "session_metadata.json": METADATA,
    [`webcam_${ID}_20250731_143022.mp4`]: "x",
  });
}

Deno.test("a phone folder that overlaps the session is joined and named after the listed phone", async () => {
  const phone = memoryFolder(PHONE, {
    "session_info.txt": "Status: COMPLETED",
    [`shimmer_GSR_1_${PHONE}.csv`]: "x",
    "stimulus_events.csv": "x",
  });
  const movies = memoryFolder("Movies", { "Session_1753965025123.mp4": "x" });
  const { session, issues } = await discover(stitchFolders([pcFolder(), phone, movies]));
  assert.deepEqual(issues.map(({ code, where, params }) => [code, where.path, params.reason]), [
    ["SESSION_ROOT_STITCHED", `@${PHONE}`, "overlap in time"],
    ["SESSION_ROOT_STITCHED", "@Movies", "overlap in time"],
  ]);
  assert.equal(session.id, ID);
  assert.equal(session.variant, "M1");
  assert.deepEqual(session.streams.map(({ id, host, path }) => [id, host, path]), [
    ["webcam/webcam_video", "pc", `webcam_${ID}_20250731_143022.mp4`],
    ["shimmer_GSR_1/gsr", "pixel", `@${PHONE}/shimmer_GSR_1_${PHONE}.csv`],
    ["pixel/rgb_video", "pixel", "@Movies/Session_1753965025123.mp4"],
  ]);
  assert.deepEqual(session.roots.map(({ prefix }) => prefix), ["", `@${PHONE}`, "@Movies"]);
  const events = session.files.find(({ path }) => path.endsWith("stimulus_events.csv"));
  assert.deepEqual([events?.role, events?.device, events?.root], ["log", "pixel", `@${PHONE}`]);
});

Deno.test("a folder far from the session is reported and left out", async () => {
  const other = "session_2025-08-02_10-15-00";
  const phone = memoryFolder(other, {
    "session_config.json": JSON.stringify({ session_id: other, start_time: 1754122500000 }),
    [`shimmer_GSR_1_${other}.csv`]: "x",
  });
  const { session, issues } = await discover(stitchFolders([pcFolder(), phone]));
  assert.deepEqual(issues.map(({ code, params }) => [code, params]), [
    ["SESSION_ROOT_UNRELATED", { root: other, gap: 156878 }], // 43 h 34 min 38 s after the end
  ]);
  assert.ok(session.files.every(({ root }) => root === undefined));
  assert.equal(session.streams.length, 1);
});

Deno.test("times with and without a zone may differ by any zone, but not by days", async () => {
  const near = memoryFolder("Movies", { "Session_1753925025123.mp4": "x" });
  const far = memoryFolder("Movies", { "Session_1753720025123.mp4": "x" });
  assert.deepEqual((await discover(stitchFolders([pcFolder(), near]))).codes, [
    "SESSION_ROOT_STITCHED",
  ]);
  assert.deepEqual((await discover(stitchFolders([pcFolder(), far]))).codes, [
    "SESSION_ROOT_UNRELATED",
  ]);
});

Deno.test("files that were received after the end are joined", async () => {
  const received = memoryFolder("session_20250731_144030", {
    "pixel_Session_1753965025123.mp4": "x",
  });
  const { session, codes } = await discover(stitchFolders([pcFolder(), received]));
  assert.deepEqual(codes, ["SESSION_ROOT_STITCHED"]);
  assert.equal(session.streams[1]?.id, "pixel/rgb_video");
});

Deno.test("the log folder with the doubled time stamp is joined by its name", async () => {
  const sibling = `${ID}_20250731_143022`;
  const log = memoryFolder(sibling, { [`${sibling}_log.json`]: "{}" });
  const { session, issues } = await discover(stitchFolders([pcFolder(), log]));
  assert.deepEqual(issues.map(({ code, params }) => [code, params.reason ?? params.folder]), [
    ["SESSION_ROOT_STITCHED", "its name"],
    ["LOG_IN_SIBLING", sibling],
  ]);
  assert.equal(session.files.find(({ role }) => role === "log")?.device, undefined);
});

Deno.test("folders nested in the session keep their device", async () => {
  const { session, codes } = await discover(memoryFolder(ID, {
    "session_metadata.json": METADATA,
    [`pixel/${PHONE}/session_info.txt`]: "Status: COMPLETED",
    [`pixel/${PHONE}/thermal_${PHONE}.dat`]: "x",
    [`galaxy/${PHONE}/thermal_${PHONE}.dat`]: "x",
    [`devices/oneplus/${PHONE}/thermal_${PHONE}.dat`]: "x",
    [`${ID}_20250731_143022/${ID}_20250731_143022_log.json`]: "{}",
  }));
  assert.deepEqual(codes, ["LOG_IN_SIBLING"]);
  assert.deepEqual(session.streams.map(({ id, host }) => [id, host]).sort(), [
    ["galaxy/thermal", "galaxy"],
    ["oneplus/thermal", "oneplus"],
    ["pixel/thermal", "pixel"],
  ]);
});

Deno.test("a folder without times is joined because it was given", async () => {
  const extra = memoryFolder("extra", { "motion.csv": "x" });
  const { issues } = await discover(stitchFolders([pcFolder(), extra]));
  assert.deepEqual(issues.map(({ params }) => params.reason), [
    "being given, since it carries no time",
  ]);
});

Deno.test("links are listed and never opened; folders too deep are not read", async () => {
  const opened: string[] = [];
  const entry = (path: string, kind: FolderEntry["kind"], more: Partial<FolderEntry> = {}) => ({
    path,
    kind,
    size: 1,
    modifiedNs: 0n,
    ...more,
  });
  const deep = `${"d/".repeat(16)}deep.csv`;
  const folder: FolderSource = {
    name: ID,
    async *list() {
      yield entry("session_metadata.json", "symlink", { target: "/etc/passwd" });
      yield entry("devices", "symlink", { target: ".." });
      yield entry(deep, "file");
      yield entry("locked_20250731_143022.csv", "file", { unreadable: "permission denied" });
    },
    open(path) {
      opened.push(path);
      return Promise.reject(new Error("not to be opened"));
    },
  };
  const { session, codes } = await discover(folder);
  assert.deepEqual(codes.sort(), [
    "FILE_UNREADABLE",
    "FOLDER_SYMLINK",
    "FOLDER_SYMLINK",
    "FOLDER_TOO_DEEP",
    "METADATA_MISSING",
  ]);
  assert.deepEqual(opened, []);
  assert.deepEqual(session.files.map(({ path, unreadable }) => [path, unreadable]), [
    ["locked_20250731_143022.csv", "permission denied"],
  ]);
});

Deno.test("a metadata file that is too large or cannot be opened is reported", async () => {
  for (
    const [code, open] of [
      ["FILE_TOO_LARGE", () =>
        Promise.resolve({
          size: 2 ** 31,
          read: () => Promise.reject(new Error("not to be read")),
          close: () => Promise.resolve(),
        })],
      ["FILE_UNREADABLE", () => Promise.reject(new Error("disk error"))],
    ] as const
  ) {
    const folder: FolderSource = { ...memoryFolder(ID, { "session_metadata.json": "{}" }), open };
    assert.deepEqual((await discover(folder)).codes, [code]);
  }
});

Deno.test("an aborted signal stops the listing", async () => {
  const signal = AbortSignal.abort();
  await assert.rejects(discoverSession(pcFolder(), { signal }), { name: "CancelledError" });
});

Deno.test("outputs of earlier tools are recognised and are no recordings", async () => {
  const { session, issues } = await discover(memoryFolder(ID, {
    "session_metadata.json": METADATA,
    "hand_segmentation_webcam/hands_cropped.mp4": "x",
    "hand_segmentation_webcam/hand_masks.mp4": "x",
    "hand_segmentation_webcam/detection_log.json": "[]",
    "hand_segmentation_webcam/processing_metadata.json": "{}",
    "hand_segmentation_summary_mediapipe.json": "{}",
    [`${ID}_summary.json`]: "{}",
    "cropped_dataset_a/hand_left_1753965025123_0001.png": "x",
    "cropped_dataset_a/metadata.json": "{a=1}",
    "processing/synchronized_data/alignment.json": "{}",
  }));
  assert.deepEqual(session.streams, []);
  assert.deepEqual(issues.map(({ code, where }) => `${code} ${where.path}`).sort(), [
    "OUTPUT_FOREIGN cropped_dataset_a",
    "OUTPUT_FOREIGN hand_segmentation_summary_mediapipe.json",
    "OUTPUT_FOREIGN hand_segmentation_webcam",
    `OUTPUT_FOREIGN ${ID}_summary.json`,
  ]);
  const roles = new Set(session.files.slice(1).map(({ role }) => role));
  assert.deepEqual([...roles].sort(), ["metadata", "output"]);
});

Deno.test("a folder of many recordings gives its first session, the others are reported", async () => {
  const metadata = (id: string, start: string) =>
    JSON.stringify({ ...JSON.parse(METADATA), session_id: id, start_time: start, end_time: null });
  const { session, issues } = await discover(memoryFolder("recordings", {
    [`${ID}/session_metadata.json`]: metadata(ID, "2025-07-31T14:30:22"),
    [`${ID}/webcam_1_20250731_143022.mp4`]: "x",
    "b_20250731_150000/session_metadata.json": metadata("b_20250731_150000", "2025-07-31T15:00:00"),
    "b_20250731_150000/webcam_1_20250731_150000.mp4": "x",
    "c_20250801_150000/webcam_1_20250801_150000.mp4": "x",
  }));
  assert.equal(session.id, "b_20250731_150000");
  assert.deepEqual(session.streams.map(({ path }) => path), [
    "b_20250731_150000/webcam_1_20250731_150000.mp4",
  ]);
  assert.deepEqual(issues.map(({ code, where }) => [code, where.path]).sort(), [
    ["SESSION_ROOT_UNRELATED", "c_20250801_150000"],
    ["SESSION_ROOT_UNRELATED", ID],
  ]);
});

Deno.test("a phone folder without its own description is known by its name", async () => {
  const { session } = await discover(memoryFolder(PHONE, {
    [`shimmer_GSR_1_${PHONE}.csv`]: "x",
    "notes/other.csv": "x",
  }));
  assert.deepEqual(session.streams.map(({ id, host }) => [id, host]), [
    ["phone/other", "phone"],
    ["shimmer_GSR_1/gsr", "phone"],
  ]);
  assert.equal(session.start?.clock.id, "phone/local");
});
