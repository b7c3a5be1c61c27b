import assert from "node:assert/strict";
import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { defaultPlan, sessionIdOf, simulateSession } from "session-process";
import { openOutput } from "session-process/runtime";
import { runCli } from "./support/cli.ts";
import { assertSameFiles, copyFolder, inTemporaryFolder, snapshot } from "./support/folders.ts";
import { ALL, MODELS, readJson, readRows, resultsOf, runHands } from "./support/hands.ts";
import { findPython, runPython } from "./support/oracles.ts";
import { testWithRecording } from "./support/shared_data.ts";

const PLAN = defaultPlan({ durationSeconds: 9, video: true, seed: 5 });
const ID = sessionIdOf(PLAN);
const STAMP = ID.slice(-15);
const CLIP = "hands/rgb/hand_landmarker__test_video.mp4";
/** The real clip, and a simulated video whose frames scatter and get lost. */
const REAL = "phone_1.rgb_video";
const SIMULATED = "phone_2.rgb_video";
const OPTIONS = ["--models", MODELS, "--max-hands", "1"];

/** Writes a session in which a phone has recorded a real video, and an earlier tool has left its results. */
async function makeSession(folder: string, clip: string): Promise<string> {
  const session = join(folder, ID);
  await simulateSession(PLAN, openOutput(session));
  const video = join(session, `devices/phone_1/rgb_videos/phone_1_rgb_${STAMP}.mp4`);
  await copyInto(clip, video);
  const legacy = `devices/phone_1/hand_segmentation_phone_1_rgb_${STAMP}/hands_cropped.mp4`;
  await copyInto(clip, join(session, legacy));
  return session;
}

async function copyInto(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { force: true });
  await copyFile(from, to);
}

async function process(session: string): Promise<Map<string, Uint8Array>> {
  const { code, stderr } = await runCli(["process", session], { permissions: ALL });
  assert.ok(code === 0 || code === 4, stderr);
  return await snapshot(join(session, "exports"));
}

const recordedOnly = (path: string) => /^(processing|exports)\//.test(path);
const MAT = `
import sys, scipy.io
session = scipy.io.loadmat(sys.argv[1], simplify_cells=True)["session"]
signals = session["devices"]["phone_1"]["rgb_video_hand_signals"]
for time, x in zip(signals["time"], signals["values"]["hand_1_x"]):
    print(repr(float(time)), repr(float(x)))
`;

/** Rows of the hands of a recording as exported, and those of the video that they were found in. */
async function exported(session: string, recording: string) {
  const csv = join(session, "exports", "csv");
  const signals = await readRows(join(csv, `${recording}_hand_signals.csv`));
  const frames = await readRows(join(csv, `${recording}.csv`));
  return { signals, frames: signals.map(({ frame }) => frames[Number(frame)]!) };
}

const TIMES = ["time_s", "time_ns", "sigma_s", "device_ns"] as const;
const timesOf = (rows: readonly Record<string, string>[]) =>
  rows.map((row) => TIMES.map((name) => row[name]));

/** Exports, tables of the search and the video itself all say the same times. */
async function checkTimes(session: string, recording: string, count: number): Promise<void> {
  const { signals, frames } = await exported(session, recording);
  assert.equal(signals.length, count, recording);
  assert.deepEqual(timesOf(signals), timesOf(frames));
  const searched = await readRows(join(resultsOf(session, recording), "frames.csv"));
  assert.deepEqual(timesOf(searched), timesOf(frames));
}

async function checkMatrix(session: string): Promise<void> {
  const python = findPython();
  if (python === undefined) return;
  const { signals } = await exported(session, REAL);
  const found = runPython(python, MAT, [join(session, "exports", "matlab", `${ID}.mat`)]);
  const expected = signals.map(({ time_s, hand_1_x }) => [Number(time_s), Number(hand_1_x)]);
  assert.deepEqual(found.map((line) => line.split(" ").map(Number)), expected);
  const combined = await readFile(join(session, "exports", "csv", "combined.csv"), "utf8");
  assert.ok(combined.slice(0, combined.indexOf("\n")).includes(`${REAL}_hand_signals.hand_1_x`));
}

testWithRecording(
  "hands of a session are exported at the times of their pictures",
  CLIP,
  (clip) =>
    inTemporaryFolder(async (folder) => {
      const session = await makeSession(folder, clip);
      const recorded = await snapshot(session);
      const before = await process(session);
      assert.ok(![...before.keys()].some((path) => path.includes("hand_signals")));

      const { code, stderr } = await runHands(session, session, [...OPTIONS, "--every", "10"]);
      assert.ok(code === 0 || code === 4, stderr);
      const { recordings } = await readJson(resultsOf(session, "summary.json"));
      const names = recordings.map(({ stream }: { stream: string }) => stream);
      assert.deepEqual(names, ["phone_1/rgb_video", "phone_2/rgb_video", "webcam_1/webcam_video"]);
      // Until the next run the exports are as they were.
      assertSameFiles(await snapshot(join(session, "exports")), before);

      const after = await process(session);
      await checkTimes(session, REAL, 21);
      const { frames } = recordings[1];
      assert.equal(frames.searched, Math.ceil(frames.listed / 10));
      await checkTimes(session, SIMULATED, frames.searched);
      const { signals } = await exported(session, REAL);
      assert.ok(signals.filter(({ hands }) => hands === "1").length >= 18);
      await checkMatrix(session);
      const grown = /_hand_signals|combined|\.mat$/;
      for (const [path, bytes] of before) {
        if (!grown.test(path)) assert.deepEqual(after.get(path), bytes, path);
      }
      await checkLater(session, before);
      assertSameFiles(await snapshot(session, recordedOnly), recorded);
    }),
);

/** Hands that were found again are exported anew; without what the search keeps, there are none. */
async function checkLater(
  session: string,
  before: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const args = ["--method", "color_based", "--streams", "phone_1/*", "--every", "4", "--to", "4"];
  const { code, stderr } = await runHands(session, session, args);
  assert.ok(code === 0 || code === 4, stderr);
  await process(session);
  await checkTimes(session, REAL, 25);
  const copy = `${session}_without`;
  await copyFolder(session, copy);
  await rm(join(copy, "processing", ".work", "hands"), { recursive: true });
  const exports = await process(copy);
  assert.deepEqual([...exports.keys()], [...before.keys()].map((path) => path));
}

/** Leaves out the list of results that lie in the session. */
function withoutResults(_key: string, value: unknown): unknown {
  return Array.isArray(value) ? value.filter((one) => one?.role !== "output") : value;
}

testWithRecording(
  "other commands are not touched by hands",
  CLIP,
  (clip) =>
    inTemporaryFolder(async (folder) => {
      const session = await makeSession(folder, clip);
      const say = async () => {
        const said: Record<string, unknown>[] = [];
        for (const command of ["inspect", "validate", "align"]) {
          said.push(JSON.parse((await runCli([command, session, "--json"])).stdout));
        }
        return said.map((one) => JSON.stringify(one, withoutResults));
      };
      const before = await say();
      assert.ok(before.every((text) => text.includes("phone_1")));
      const args = ["--method", "color_based", "--to", "1"];
      assert.ok([0, 4].includes((await runHands(session, session, args)).code));
      assert.deepEqual(await say(), before);
    }),
);
