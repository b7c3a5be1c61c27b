import assert from "node:assert/strict";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { RED_CHANNEL } from "../core/hands/_onnx.ts";
import { runCli } from "./support/cli.ts";
import { hasProgram } from "./support/ffmpeg.ts";
import { inTemporaryFolder } from "./support/folders.ts";
import { MODELS, readRows, resultsOf, runHands } from "./support/hands.ts";
import { Random } from "./support/random.ts";
import { testWithRecording } from "./support/shared_data.ts";
import { movingPicture, withVideo } from "./support/video.ts";

const CLIP = "hands/rgb/hand_landmarker__test_video.mp4";
const COLOUR = ["--method", "color_based"];
const SHORT = ["--to", "0.2"];
const PALM = "palm_detection_lite.onnx";
const HAND = "hand_landmark_lite.onnx";

/** Name of the damage, contents, exit code, and what is said of it. */
type Broken = readonly [name: string, make: (clip: Uint8Array) => Uint8Array, message: RegExp];

const BROKEN: readonly Broken[] = [
  ["empty", () => new Uint8Array(0), /FILE_EMPTY.*\n.*x\.mp4: File has 0 bytes\n\s+> /],
  ["text", () => new TextEncoder().encode("no video\n"), /VIDEO_NO_DECODER.*\n.*x\.mp4: /],
  ["a header alone", (clip) => clip.slice(0, 2000), /x\.mp4: .*\n\s+> /],
];

testWithRecording(
  "files that are no video are told by name, with what to do",
  CLIP,
  (path) =>
    inTemporaryFolder(async (folder) => {
      const clip = await readFile(path);
      for (const [name, make, message] of BROKEN) {
        const contents = make(clip);
        await writeFile(join(folder, "x.mp4"), contents);
        const { code, stdout } = await runHands(join(folder, "x.mp4"), join(folder, "out"), COLOUR);
        assert.ok(code === 3 || code === 4, `${name}: ${code} ${stdout}`);
        assert.match(stdout, message, name);
        assert.ok((await readFile(join(folder, "x.mp4"))).equals(contents));
      }
    }),
);

Deno.test({
  name: "a file with sound alone is told",
  ignore: !hasProgram("ffmpeg"),
  fn: () =>
    withVideo(["-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac"], async (path) => {
      const { code, stdout } = await runHands(path, join(dirname(path), "out"), COLOUR);
      assert.equal(code, 3);
      assert.match(stdout, /MP4_NO_VIDEO_TRACK.*\n.*a\.mp4: .*none with video/);
    }),
});

testWithRecording(
  "what is left of damaged videos is searched, and the loss is told",
  CLIP,
  (path) =>
    inTemporaryFolder(async (folder) => {
      const clip = await readFile(path);
      const args = [...COLOUR, "--every", "5"];
      const framesOf = async (name: string) => {
        const rows = await readRows(join(resultsOf(join(folder, "out"), name), "frames.csv"));
        return rows.map(({ frame }) => Number(frame));
      };
      await writeFile(join(folder, "cut.mp4"), clip.subarray(0, 0.3 * clip.length));
      const cut = await runHands(join(folder, "cut.mp4"), join(folder, "out"), args);
      assert.equal(cut.code, 3, cut.stderr);
      const [, lost] = /MP4_DATA_CUT.*\n.*cut\.mp4: (\d+) of 202 frames/.exec(cut.stdout)!;
      const kept = 202 - Number(lost);
      assert.ok(kept > 30);
      const expected = Array.from({ length: Math.ceil(kept / 5) }, (_, index) => 5 * index);
      assert.deepEqual(await framesOf("cut"), expected);

      const random = new Random(3);
      for (let flip = 0; flip < 60; flip++) {
        // The index lies before the pictures.
        const place = Math.floor((0.1 + 0.8 * random.next()) * clip.length);
        clip[place]! ^= 1 << Math.floor(8 * random.next());
      }
      await writeFile(join(folder, "flips.mp4"), clip);
      const flipped = await runHands(join(folder, "flips.mp4"), join(folder, "out"), args);
      assert.ok(flipped.code === 0 || flipped.code === 3, flipped.stderr);
      assert.equal(/VIDEO_FRAMES_LOST/.test(flipped.stdout), flipped.code === 3);
      const found = await framesOf("flips");
      assert.ok(found.length > 10, `${found}`);
      assert.ok(found.every((frame, index) => frame % 5 === 0 && frame > (found[index - 1] ?? -1)));
    }),
);

Deno.test("a folder without pictures, and nothing at all, are told", () =>
  inTemporaryFolder(async (folder) => {
    const [empty, out] = [join(folder, "empty"), join(folder, "out")];
    await mkdir(empty);
    const none = await runHands(empty, out, COLOUR);
    assert.equal(none.code, 4);
    assert.match(none.stdout, /SESSION_EMPTY.*\n.*\n\s+> Check that this is the folder/);
    const table = join(folder, "table");
    await mkdir(table);
    await writeFile(
      join(table, "pc_gsr.csv"),
      "timestamp_ms,gsr_uS\n1753965022000,2\n1753965022100,3\n",
    );
    const other = await runHands(table, out, COLOUR);
    assert.match(other.stdout, /HANDS_NO_PICTURES.*\n.*\n\s+> Choose recordings/);
    const missing = await runHands(join(folder, "gone.mp4"), out, COLOUR);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /No such file or folder: .*gone\.mp4/);
  }));

testWithRecording(
  "options that cannot be are refused before anything is read",
  CLIP,
  (path) =>
    inTemporaryFolder(async (folder) => {
      const cases: [string[], RegExp][] = [
        [
          ["--method", "yolo"],
          /Unknown value of --method: "yolo"\nUse one of mediapipe, color_based/,
        ],
        [["--threads", "0"], /--threads needs a whole number from 1 on: current value is "0"/],
        [["--every", "0"], /--every needs a whole number from 1 on/],
        [["--max-hands", "none"], /--max-hands needs a whole number from 1 on/],
        [["--from", "5", "--to", "2"], /--to must be after --from/],
        [["--from", "soon"], /--from needs a time within the recording/],
        [["--confidence", "2"], /--confidence needs a number from 0 to 1/],
        [["--backend", "cuda"], /Unknown value of --backend: "cuda"\nUse one of wasm, webgpu/],
        [["--models", join(folder, "none")], /No such folder: .*none\n/],
        [["--ffmpeg", join(folder, "none")], /Cannot run .*none to decode/],
      ];
      const out = join(folder, "out");
      for (const [args, message] of cases) {
        const { code, stderr } = await runHands(path, out, [...args, ...SHORT]);
        assert.deepEqual([code, args], [2, args], stderr);
        assert.match(stderr, message);
      }
      const files = await readdir(out, { recursive: true }).catch(() => []);
      assert.deepEqual(files, []);
      const beyond = await runHands(path, out, [...COLOUR, "--from", "1:00"]);
      assert.equal(beyond.code, 0, beyond.stderr);
      assert.match(beyond.stdout, /HANDS_NONE_CHOSEN.*\n.*None of 202 pictures/);
    }),
);

testWithRecording(
  "without networks the step runs, and says so in the results too",
  CLIP,
  (path) =>
    inTemporaryFolder(async (folder) => {
      const [empty, out] = [join(folder, "empty"), join(folder, "out")];
      await mkdir(empty);
      const args = ["--models", empty, ...SHORT];
      const { code, stdout } = await runHands(path, out, args);
      assert.equal(code, 0);
      assert.match(
        stdout,
        /HANDS_NO_MODEL.*\n.*is not in .*empty; method "color_based".*\n.*models pull/,
      );
      const metadata = await readFile(
        join(resultsOf(out, "hand_landmarker__test_video"), "processing_metadata.json"),
        "utf8",
      );
      assert.match(metadata, /"method": "color_based"/);
      assert.match(metadata, /HANDS_NO_MODEL/);
      const named = await runHands(path, out, [...args, "--method", "mediapipe"]);
      assert.equal(named.code, 1);
      assert.match(named.stdout + named.stderr, /MODEL_MISSING.*\n?.*models pull/);
    }),
);

testWithRecording(
  "networks that are damaged are named and never used",
  CLIP,
  (path) =>
    inTemporaryFolder(async (folder) => {
      const [models, out] = [join(folder, "models"), join(folder, "out")];
      await mkdir(models);
      const [palm, hand] = [await readFile(join(MODELS, PALM)), await readFile(join(MODELS, HAND))];
      const flipped = palm.slice();
      flipped[2_000_000]! ^= 1;
      const noise = Uint8Array.from(palm, (_, index) => (index * 2654435761) >>> 24);
      for (const contents of [flipped, palm.subarray(0, 100_000), noise, new Uint8Array(0)]) {
        await writeFile(join(models, PALM), contents);
        await writeFile(join(models, HAND), hand);
        const { code, stdout } = await runHands(path, out, ["--models", models, ...SHORT]);
        assert.equal(code, 4);
        assert.match(stdout, /MODEL_HASH_MISMATCH.*\n.*palm_detection_lite\.onnx: sha256 is/);
        assert.match(stdout, /HANDS_NO_MODEL/);
      }
      const args = ["--models", models, "--method", "mediapipe", ...SHORT];
      const named = await runHands(path, out, args);
      assert.equal(named.code, 1);
      assert.match(named.stdout + named.stderr, /MODEL_HASH_MISMATCH/);
      // Files that have changed names are known by their contents.
      await copyFile(join(MODELS, PALM), join(models, HAND));
      await copyFile(join(MODELS, HAND), join(models, PALM));
      const swapped = await runHands(path, out, args);
      assert.equal(swapped.code, 0, swapped.stderr);
      assert.match(swapped.stdout, / mediapipe /);
    }),
);

testWithRecording(
  "a network that gives other numbers than its description says is told",
  CLIP,
  (path) =>
    inTemporaryFolder(async (folder) => {
      const models = join(folder, "models");
      await writeFile(join(folder, "net.onnx"), RED_CHANNEL);
      const add = ["models", "add", join(folder, "net.onnx"), "--kind", "segmentation"];
      const facts = ["--activation", "none", "--models", models];
      assert.equal((await runCli([...add, ...facts])).code, 0);
      const args = ["--models", models, "--method", "model", ...SHORT];
      const right = await runHands(path, join(folder, "out"), args);
      assert.equal(right.code, 0, right.stderr);
      const file = join(models, "net.model.json");
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replace(/"width": 8/, '"width": 9'));
      const wrong = await runHands(path, join(folder, "out"), args);
      assert.equal(wrong.code, 1, wrong.stdout);
      assert.match(wrong.stdout + wrong.stderr, /MODEL_SHAPE_MISMATCH.*\n?.*9/);
    }),
);

testWithRecording(
  "a permission that is missing is named, with ffmpeg as a way out",
  CLIP,
  (path) =>
    inTemporaryFolder(async (folder) => {
      const permissions = ["--allow-read", "--allow-write"];
      const run = ["hands", path, "--out", folder, ...COLOUR, ...SHORT];
      const { code, stdout } = await runCli(run, { permissions });
      assert.equal(code, 3);
      assert.match(stdout, /VIDEO_NO_DECODER.*\n.*--allow-ffi/);
      assert.match(stdout, /> .*--allow-ffi.*--ffmpeg/);
      const embedded = await runCli(run, { permissions: [...permissions, "--allow-ffi"] });
      assert.equal(embedded.code, 0, embedded.stdout);
      if (!hasProgram("ffmpeg")) return;
      const outside = ["--allow-run=ffmpeg", "--allow-env=NODE_V8_COVERAGE"];
      const own = await runCli([...run, "--ffmpeg", "ffmpeg"], {
        permissions: [...permissions, ...outside],
      });
      assert.equal(own.code, 0, own.stdout + own.stderr);
    }),
);

Deno.test({
  name: "results that cannot be written are told, and the recording is left as it was",
  ignore: !hasProgram("ffmpeg"),
  fn: () =>
    withVideo([...movingPicture("64x48", 1), "-c:v", "mpeg4"], async (path) => {
      const before = await readFile(path);
      await writeFile(`${path}.out`, "a file where a folder should be");
      const { code, stdout, stderr } = await runHands(path, `${path}.out`, COLOUR);
      assert.equal(code, 1, stdout);
      assert.match(stdout + stderr, /a\.mp4\.out/);
      assert.ok(before.equals(await readFile(path)));
    }),
});
