import assert from "node:assert/strict";
import {
  hasProgram,
  probePacketPts,
  probeStream,
  runProgram,
} from "../../../tests/support/ffmpeg.ts";
import { MemorySink } from "../../../tests/support/memory_sink.ts";
import { type ByteSource, bytesSource, type Issue, type StreamReader } from "../../base/mod.ts";
import { grayPicture, Mp4Writer, type Mp4WriterOptions } from "../../simulate/media/mod.ts";
import { openMp4, readMp4Info } from "./mod.ts";

const SIZE = { width: 64, height: 48 };
const ignore = !(hasProgram("ffprobe") && hasProgram("ffmpeg"));

/** Irregular times in ns with a gap, as a phone writes them. */
const TIMES = Array.from(
  { length: 300 },
  (_, n) => BigInt(n * 33_333_000 + ((n * n) % 701) * 10_000 + (n > 200 ? 1_000_000_000 : 0)),
);

async function writeVideo(
  times: readonly bigint[],
  options: Partial<Mp4WriterOptions> = {},
): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = new Mp4Writer(sink, { ...SIZE, timescale: 1_000_000, ...options });
  for (const [frame, time] of times.entries()) {
    await writer.addFrame(time, frame === 0 ? grayPicture(SIZE, 90) : "repeat");
  }
  await writer.finish();
  return sink.bytes;
}

interface Opened {
  readonly readers: StreamReader[];
  readonly codes: string[];
  readonly issues: Issue[];
}

async function open(source: ByteSource): Promise<Opened> {
  const issues: Issue[] = [];
  const readers = await openMp4(source, {
    path: "a.mp4",
    device: "pc",
    name: "webcam",
    report: (issue) => issues.push(issue),
  });
  return { readers, issues, codes: issues.map(({ code }) => code) };
}

async function readTimes(reader: StreamReader, batchRows?: number): Promise<bigint[]> {
  const times: bigint[] = [];
  for await (const batch of reader.batches(batchRows === undefined ? {} : { batchRows })) {
    assert.equal(batch.firstRow, times.length);
    for (const column of batch.columns) assert.equal(column.length, batch.length);
    times.push(...batch.times);
  }
  return times;
}

async function readColumn(reader: StreamReader, name: string): Promise<number[]> {
  const values: number[] = [];
  const index = reader.schema.columns.findIndex((column) => column.name === name);
  for await (const batch of reader.batches()) values.push(...batch.columns[index] as Float64Array);
  return values;
}

/** Presentation times of a file by ffprobe in ns, in the order in which they are shown. */
function probedNs(path: string): bigint[] {
  const [, denominator] = String(probeStream(path)["time_base"]).split("/");
  const scale = BigInt(denominator!);
  const sorted = BigInt64Array.from(probePacketPts(path)).sort();
  return [...sorted].map((pts) => {
    const rounded = (2n * pts * 1_000_000_000n + scale) / (2n * scale);
    return rounded;
  });
}

for (const index of ["end", "front", "fragments"] as const) {
  Deno.test(`times that were written are read, index ${index}`, async () => {
    const bytes = await writeVideo(TIMES, { index, expectedFrames: 300, keyFrameInterval: 100 });
    const { readers: [reader], codes } = await open(bytesSource(bytes));
    assert.deepEqual(await readTimes(reader!), TIMES);
    assert.deepEqual(await readTimes(reader!, 7), TIMES);
    assert.deepEqual(codes, []);
    const keys = (await readColumn(reader!, "key_frame")).flatMap((key, n) => key ? [n] : []);
    assert.deepEqual(keys, [0, 100, 200]);
    const sizes = await readColumn(reader!, "size");
    assert.deepEqual(sizes.slice(1, 100), Array(99).fill(9));
    assert.ok((await readColumn(reader!, "available")).every((value) => value === 1));
  });

  for (const first of [700_000_000n, -TIMES[10]!]) {
    Deno.test(`an edit list moves the times by ${first}, index ${index}`, async () => {
      const times = TIMES.map((time) => time + first);
      const { readers: [reader], issues } = await open(
        bytesSource(await writeVideo(times, { index })),
      );
      assert.deepEqual(await readTimes(reader!), times);
      const edit = issues.find(({ code }) => code === "MP4_EDIT_LIST");
      assert.equal(edit?.params["shift"], Number(first) / 1e9);
    });
  }
}

Deno.test("facts of the file are told", async () => {
  const bytes = await writeVideo(TIMES, {
    rotation: 270,
    creationUtcNs: 1_750_000_000_000_000_000n,
    timescale: 90_000,
  });
  const info = await readMp4Info(bytesSource(bytes));
  assert.equal(info.creationUtcNs, 1_750_000_000_000_000_000n);
  assert.deepEqual(info.brands, ["isom", "iso2", "avc1", "mp41"]);
  const [track] = info.tracks;
  assert.ok(track);
  assert.equal(track.codec, "avc1.42c00a");
  assert.deepEqual([track.width, track.height, track.rotation], [64, 48, 270]);
  assert.deepEqual([track.frames, track.timescale, track.constantRate], [300, 90_000, false]);
  assert.equal(track.kind, "video");
});

Deno.test("a nominal rate is found out, also when ticks are coarse", async () => {
  for (const timescale of [90_000, 1000]) {
    const times = Array.from({ length: 50 }, (_, n) => (BigInt(n) * 1_000_000_000n) / 30n);
    const bytes = await writeVideo(times, { timescale });
    const { readers: [reader] } = await open(bytesSource(bytes));
    assert.equal((await readMp4Info(bytesSource(bytes))).tracks[0]!.constantRate, true);
    assert.ok(Math.abs(reader!.schema.nominalRateHz! - 30) < 0.01);
  }
});

Deno.test("frames that share a time are counted", async () => {
  const times = TIMES.map((time, n) => n === 5 ? TIMES[4]! : time);
  const info = await readMp4Info(bytesSource(await writeVideo(times)));
  assert.equal(info.tracks[0]!.duplicateTimes, 1);
  assert.equal(info.creationUtcNs, undefined);
});

Deno.test("frames behind the end of the file are counted and marked", async () => {
  const bytes = await writeVideo(TIMES, { index: "front", expectedFrames: 300 });
  const { issues, readers: [reader] } = await open(bytesSource(bytes.slice(0, -9 * 40)));
  const cut = issues.find(({ code }) => code === "MP4_DATA_CUT");
  assert.deepEqual(cut?.params, { missing: 40, frames: 300 });
  const available = await readColumn(reader!, "available");
  assert.equal(available.indexOf(0), 260);
});

Deno.test("files without index, without track and without anything are told apart", async () => {
  const whole = await writeVideo(TIMES);
  assert.deepEqual((await open(bytesSource(whole.slice(0, 4000)))).codes, ["MP4_NO_MOOV"]);
  assert.deepEqual((await open(bytesSource(await writeVideo([])))).codes, ["MP4_NO_VIDEO_TRACK"]);
  assert.deepEqual((await open(bytesSource(new Uint8Array()))).codes, ["MP4_NO_MOOV"]);
});

Deno.test("of an edit list that plays two parts only the first shift is applied", async () => {
  const bytes = await writeVideo(TIMES.map((time) => time + 500_000_000n));
  const list = new TextDecoder("latin1").decode(bytes).indexOf("elst") + 4;
  new DataView(bytes.buffer).setBigInt64(list + 8 + 8, 100_000n); // was -1: empty
  const { readers: [reader], issues } = await open(bytesSource(bytes));
  assert.deepEqual(issues.map(({ code, params }) => [code, params["entries"]]), [
    ["MP4_EDIT_UNSUPPORTED", 2],
  ]);
  assert.deepEqual(await readTimes(reader!), TIMES.map((time) => time - 100_000_000n));
});

Deno.test("a creation time before 1970 is not believed", async () => {
  const bytes = await writeVideo(TIMES, { creationUtcNs: -5_000_000_000n });
  assert.equal((await readMp4Info(bytesSource(bytes))).creationUtcNs, undefined);
});

/** A file of `size` bytes that is zero but for some parts, and counts what is read of it. */
class SparseSource implements ByteSource {
  bytesRead = 0;
  closed = 0;
  constructor(
    readonly size: number,
    readonly parts: readonly { readonly at: number; readonly bytes: Uint8Array }[],
  ) {}

  read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.min(length, this.size - offset));
    this.bytesRead += bytes.length;
    for (const part of this.parts) {
      const from = Math.max(offset, part.at);
      const to = Math.min(offset + bytes.length, part.at + part.bytes.length);
      if (from < to) bytes.set(part.bytes.subarray(from - part.at, to - part.at), from - offset);
    }
    return Promise.resolve(bytes);
  }

  close(): Promise<void> {
    this.closed++;
    return Promise.resolve();
  }
}

Deno.test("a file of 10 GB costs no more than a small one", async () => {
  const small = await writeVideo(TIMES);
  const view = new DataView(small.buffer);
  const moovAt = 32 + Number(view.getBigUint64(40));
  const grown = 10_000_000_000;
  const head = small.slice(0, moovAt);
  new DataView(head.buffer).setBigUint64(40, BigInt(grown - 32));
  const moov = small.slice(moovAt);
  const costs: number[] = [];
  for (const dataEnd of [moovAt, grown]) {
    const source = new SparseSource(dataEnd + moov.length, [
      { at: 0, bytes: dataEnd === moovAt ? small.slice(0, moovAt) : head },
      { at: dataEnd, bytes: moov },
    ]);
    const { readers: [reader] } = await open(source);
    assert.deepEqual(await readTimes(reader!), TIMES);
    costs.push(source.bytesRead);
    await reader!.close();
    await reader!.close();
    assert.equal(source.closed, 1);
  }
  assert.equal(costs[1], costs[0]);
  assert.ok(costs[1]! < 100_000, `${costs[1]} bytes were read`);
});

async function makeWithFfmpeg(args: readonly string[], use: (path: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.mp4`;
  try {
    const input = ["-v", "error", "-f", "lavfi", "-i", "testsrc=d=5:s=64x48:r=30"];
    runProgram("ffmpeg", [...input, ...args, path]);
    await use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function openFile(path: string): Promise<Opened> {
  return await open(bytesSource(await Deno.readFile(path)));
}

const FFMPEG_FILES: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["B-frames", ["-c:v", "libx264", "-bf", "3"], /^avc1\.f4001?/],
  ["MPEG-4 part 2", ["-c:v", "mpeg4"], /^mp4v\.20$/],
  [
    "fragments with B-frames",
    ["-c:v", "libx264", "-bf", "2", "-g", "20", "-movflags", "frag_keyframe+empty_moov"],
    /^avc1\./,
  ],
  [
    "fragments after a first part with index",
    ["-c:v", "libx264", "-g", "20", "-movflags", "frag_keyframe"],
    /^avc1\./,
  ],
  [
    "negative offsets",
    ["-c:v", "libx264", "-bf", "3", "-movflags", "negative_cts_offsets"],
    /^avc1\./,
  ],
  ["QuickTime", ["-c:v", "libx264", "-f", "mov"], /^avc1\./],
  [
    "irregular frames",
    ["-vf", "setpts=(N*33+mod(N*N\\,7))/1000/TB", "-vsync", "0", "-c:v", "libx264", "-bf", "2"],
    /^avc1\./,
  ],
  [
    "HEVC",
    ["-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1"],
    /^hvc1\.[14]\./,
  ],
];

for (const [name, args, codec] of FFMPEG_FILES) {
  Deno.test({
    name: `times of ${name} are those of ffprobe`,
    ignore,
    async fn() {
      await makeWithFfmpeg(args, async (path) => {
        const { readers: [reader], codes } = await openFile(path);
        assert.deepEqual(await readTimes(reader!), probedNs(path));
        assert.ok(!codes.includes("MP4_BOX_INVALID"), codes.join());
        const info = await readMp4Info(bytesSource(await Deno.readFile(path)));
        assert.match(info.tracks[0]!.codec, codec);
        assert.equal(info.tracks[0]!.frames, 150);
        assert.equal(info.tracks[0]!.constantRate, name !== "irregular frames");
      });
    },
  });
}

const CLIPS = new URL("../../../../shared/data/hands/rgb/", import.meta.url);

function hasClips(): boolean {
  try {
    return Deno.statSync(CLIPS).isDirectory;
  } catch {
    if (Deno.env.get("CI") === "true") throw new Error("Tests need the shared recordings");
    // deno-lint-ignore no-console
    console.warn("Skipped: shared recordings are absent");
    return false;
  }
}

Deno.test({
  name: "times of recorded clips are those of ffprobe",
  ignore: ignore || !hasClips(),
  async fn() {
    for (const entry of Deno.readDirSync(CLIPS)) {
      if (!entry.name.endsWith(".mp4")) continue;
      const path = decodeURIComponent(new URL(entry.name, CLIPS).pathname);
      const { readers: [reader] } = await openFile(path);
      assert.deepEqual(await readTimes(reader!), probedNs(path), entry.name);
      const info = await readMp4Info(bytesSource(await Deno.readFile(path)));
      const stream = probeStream(path);
      const video = info.tracks.find(({ kind }) => kind === "video")!;
      assert.equal(video.frames, Number(stream["nb_frames"]));
      assert.deepEqual([video.width, video.height], [stream["width"], stream["height"]]);
      assert.ok(Math.abs(video.durationSeconds - Number(stream["duration"])) < 0.05, entry.name);
    }
  },
});
