import assert from "node:assert/strict";
import { decodeVideo, movingPicture, withVideo } from "../../../tests/support/video.ts";
import { hasProgram } from "../../../tests/support/ffmpeg.ts";
import { firstSequence, readSequence } from "./h264_parameters.ts";
import { withReorder } from "./h264_reorder.ts";

const ignore = !hasProgram("ffmpeg");

/** Writes a file anew whose parameters end before the limits, or before all usability information. */
async function strip(path: string, part: "limits" | "usability"): Promise<void> {
  const file = await Deno.readFile(path);
  const avcC = new TextDecoder("latin1").decode(file).indexOf("avcC") + 4;
  const box = file.subarray(avcC);
  const sequence = firstSequence(box)!;
  const { limitsAt, usabilityAt, hasLimits } = readSequence(sequence)!;
  assert.ok(hasLimits);
  const end = part === "limits" ? limitsAt : usabilityAt;
  const bits = [...sequence].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const kept = `${bits.slice(0, end)}01`.padEnd(Math.ceil((end + 2) / 8) * 8, "0");
  const bytes = kept.match(/.{8}/g)!.map((byte) => parseInt(byte, 2));
  const unit: number[] = [];
  for (const byte of bytes) {
    if (unit.at(-1) === 0 && unit.at(-2) === 0 && byte <= 3) unit.push(3);
    unit.push(byte);
  }
  const room = (box[6]! << 8) | box[7]!;
  box.set([...unit, ...Array<number>(room - 1 - unit.length).fill(0)], 9);
  assert.equal(readSequence(firstSequence(box)!)?.hasLimits, false);
  await Deno.writeFile(path, file);
}

for (const part of ["limits", "usability"] as const) {
  Deno.test({
    name: `frames come in order and whole where an encoder left away ${part}`,
    ignore,
    fn: () =>
      withVideo([
        ...movingPicture("96x64", 3),
        ...["-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-b_strategy", "0", "-g", "40"],
      ], async (path) => {
        const expected = (await decodeVideo(path, "embedded")).frames;
        assert.equal(expected.length, 90);
        await strip(path, part);
        const { frames, issues } = await decodeVideo(path, "embedded");
        assert.deepEqual(frames, expected);
        assert.deepEqual(issues.map(({ code }) => code), ["MP4_EDIT_LIST"]);
        assert.deepEqual((await decodeVideo(path, "ffmpeg")).frames, expected);
      }),
  });
}

Deno.test("a configuration that is damaged or needs no order is left as it is", () => {
  for (const bytes of [[], [1, 66, 0, 10, 255, 225, 0, 90, 1], [1, 66, 0, 10, 255, 224, 1, 0]]) {
    const avcC = Uint8Array.from(bytes);
    assert.equal(withReorder(avcC, 2), avcC);
  }
});
