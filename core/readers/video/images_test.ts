import assert from "node:assert/strict";
import { type Issue, memoryFolder, type VideoDecoders } from "../../base/mod.ts";
import { openImages, openVideo } from "./mod.ts";

/** Takes two bytes of magic, a width and a level of grey for a picture of one row. */
const decoders: VideoDecoders = {
  pictures: () => Promise.resolve("not here"),
  program: () => Promise.resolve("not here"),
  image: ([magic, , width = 0, level = 0]) =>
    Promise.resolve(
      magic !== 0x89 ? "it is no picture" : {
        format: "GRAY8",
        width,
        height: 1,
        data: new Uint8Array(width).fill(level),
        rotation: 90,
      },
    ),
};

const picture = (level: number) => Uint8Array.of(0x89, 0x50, 2, level);

async function read(files: Record<string, Uint8Array>, path?: string, range = {}) {
  const issues: Issue[] = [];
  const folder = memoryFolder("pictures", files);
  const options = { decoders, report: (issue: Issue) => void issues.push(issue) };
  const source = path === undefined
    ? await openImages(folder, Object.keys(files), options)
    : await openVideo(folder, path, options);
  const frames: [number, number | undefined, bigint | undefined][] = [];
  for await (const { index, data, timeNs } of source?.frames(range) ?? []) {
    frames.push([index, data[0], timeNs]);
  }
  return { source, frames, issues };
}

Deno.test("images come in the order of their names, numbers by value", async () => {
  const { source, frames } = await read({
    "p10.png": picture(3),
    "p9.png": picture(2),
    "p009.png": picture(1),
    "q.png": picture(4),
  });
  assert.deepEqual(frames.map(([index, level]) => [index, level]), [[0, 1], [1, 2], [2, 3], [
    3,
    4,
  ]]);
  assert.deepEqual([source?.width, source?.height, source?.frameCount], [1, 2, 4]);
  assert.ok(frames.every(([, , timeNs]) => timeNs === undefined));
  assert.ok(Number.isNaN(source?.nominalFps));
});

Deno.test("images whose names all carry a time have it and come in its order", async () => {
  const { source, frames } = await read({
    "hand_right_1753972222100_0001.png": picture(3),
    "hand_left_1753972222000_0002.png": picture(1),
    "hand_left_1753972222050_0003.png": picture(2),
  });
  const start = 1_753_972_222_000_000_000n;
  assert.deepEqual(frames, [
    [0, 1, start],
    [1, 2, start + 50_000_000n],
    [2, 3, start + 100_000_000n],
  ]);
  assert.equal(source?.nominalFps, 20);
});

Deno.test("images that cannot be decoded leave a hole and are reported", async () => {
  const { frames, issues } = await read(
    {
      "a.png": Uint8Array.of(1, 2, 3),
      "b.png": picture(5),
      "c.png": new Uint8Array(),
      "d.png": picture(6),
    },
    "",
    { from: 1, to: 4 },
  );
  assert.deepEqual(frames.map(([index]) => index), [1, 3]);
  assert.deepEqual(
    issues.map(({ code, where, params }) => [code, where.path, params["first"]]),
    [["VIDEO_FRAMES_LOST", "a.png", 0], ["VIDEO_FRAMES_LOST", "c.png", 2]],
  );
});

Deno.test("an image is a sequence of one, and a folder holds those in it alone", async () => {
  const files = { "x/a.png": picture(1), "x/y/b.png": picture(2), "x/c.txt": picture(3) };
  assert.deepEqual((await read(files, "x/y/b.png")).frames, [[0, 2, undefined]]);
  assert.deepEqual((await read(files, "x/")).frames, [[0, 1, undefined]]);
  assert.equal((await read(files, "")).source, undefined);
});
