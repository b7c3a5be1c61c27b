import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { signalRun } from "./support/cli.ts";
import { assertSameFiles, inTemporaryFolder, snapshot } from "./support/folders.ts";
import {
  MODELS,
  readJson,
  resultBytes,
  resultsOf,
  runHands,
  startHands,
  until,
} from "./support/hands.ts";
import { testWithRecording } from "./support/shared_data.ts";

const NETWORKS = ["--models", MODELS, "--every", "3"];
const COLOUR = ["--method", "color_based"];
const NAME = "hand_landmarker__test_video";
const CLIP = `hands/rgb/${NAME}.mp4`;
const LONG = "asl_hand.25fps";

/** Where the search of a recording stands. */
function indexOf(folder: string, name: string) {
  return readJson(join(folder, "processing", ".work", "hands", name, "index.json"));
}

/** Interrupts a run as soon as it says that it searches. */
async function interrupt(child: Deno.ChildProcess): Promise<{ code: number; said: string }> {
  const decoder = new TextDecoder();
  let said = "";
  let interrupted = false;
  for await (const chunk of child.stderr) {
    said += decoder.decode(chunk, { stream: true });
    if (interrupted || !said.includes("Find hands in")) continue;
    interrupted = true;
    signalRun(child, "SIGINT");
  }
  await child.stdout.cancel();
  return { code: (await child.status).code, said };
}

testWithRecording(
  "a search that is interrupted goes on to the same bytes",
  CLIP,
  (path) =>
    inTemporaryFolder(async (folder) => {
      const recorded = await readFile(path);
      const [whole, again, cut] = ["whole", "again", "cut"].map((name) => join(folder, name));
      for (const out of [whole!, again!]) {
        const { code, stderr } = await runHands(path, out, NETWORKS);
        assert.equal(code, 0, stderr);
      }
      const expected = await resultBytes(whole!);
      assert.equal(expected.size, 7);
      assertSameFiles(await resultBytes(again!), expected);

      const { code, said } = await interrupt(startHands(path, cut!, NETWORKS));
      assert.equal(code, 130, said);
      assert.match(said, /run the same command again/);
      const { nextFrame, finished } = await indexOf(cut!, NAME);
      assert.equal(finished, false);
      assert.ok(nextFrame > 0 && nextFrame < 202, `${nextFrame}`);
      // Nothing but what the search goes on with: no file under its final name, none half written.
      const left = [...(await snapshot(cut!)).keys()];
      const isWork = (file: string) => /^processing\/\.work\/hands\/[^/]+\/\w+\.json$/.test(file);
      assert.deepEqual(left.filter((file) => !isWork(file)), []);

      const resumed = await runHands(path, cut!, NETWORKS);
      assert.equal(resumed.code, 0, resumed.stderr);
      assertSameFiles(await resultBytes(cut!), expected);
      assert.ok(recorded.equals(await readFile(path)));
    }),
);

testWithRecording(
  "a search that is killed goes on to the same bytes",
  `hands/rgb/${LONG}.mp4`,
  (path) =>
    inTemporaryFolder(async (folder) => {
      const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
      const undisturbed = await runHands(path, whole, COLOUR);
      assert.equal(undisturbed.code, 0, undisturbed.stderr);

      const child = startHands(path, killed, COLOUR);
      const output = child.output();
      await until(join(killed, "processing", ".work", "hands", LONG, "index.json"));
      signalRun(child, "SIGKILL");
      assert.equal((await output).signal, "SIGKILL");
      const { nextFrame, finished } = await indexOf(killed, LONG);
      assert.deepEqual([nextFrame, finished], [256, false]);
      assert.equal(existsSync(resultsOf(killed, LONG)), false);

      const resumed = await runHands(path, killed, COLOUR);
      assert.equal(resumed.code, 0, resumed.stderr);
      assertSameFiles(await resultBytes(killed), await resultBytes(whole));
    }),
);

testWithRecording(
  "other choices begin anew, and the same ones do nothing twice",
  CLIP,
  (path) =>
    inTemporaryFolder(async (folder) => {
      const searched = async (args: readonly string[]) => {
        const { code, stderr } = await runHands(path, folder, [...COLOUR, ...args]);
        assert.equal(code, 0, stderr);
        const { frames, timing } = await readJson(
          join(resultsOf(folder, NAME), "processing_metadata.json"),
        );
        return { count: frames.searched, timing };
      };
      const first = await searched(["--every", "10"]);
      assert.equal(first.count, 21);
      // The timing is that of the first run: nothing was searched again.
      assert.deepEqual(await searched(["--every", "10"]), first);
      // 1 s of 25 pictures a second, of which each fifth is searched.
      assert.equal((await searched(["--every", "5", "--to", "1"])).count, 5);
      assert.equal((await searched(["--from", "1", "--to", "2"])).count, 25);
    }),
);
