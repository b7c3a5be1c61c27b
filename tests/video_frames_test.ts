import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { bytesSource, type Issue, openMp4, openVideo, type VideoFrame } from "session-process";
import { openFileFolder } from "session-process/runtime";
import { videoDecoders, type VideoDecodersOptions } from "session-process/video";
import { hasProgram, runProgram } from "./support/ffmpeg.ts";
import { testWithRecording } from "./support/shared_data.ts";

type Decoder = NonNullable<VideoDecodersOptions["decoder"]>;

const ignore = !hasProgram("ffmpeg");

/** A frame without its pixels. */
type FrameFacts = Omit<VideoFrame, "data" | "planes"> & { readonly md5: string };

interface Decoded {
  readonly frames: FrameFacts[];
  readonly issues: Issue[];
  readonly decoder: string;
  readonly frameCount: number | undefined;
}

async function decode(path: string, decoder: Decoder, range = {}): Promise<Decoded> {
  const issues: Issue[] = [];
  const { folder, name } = fileIn(path);
  const decoders = videoDecoders({ decoder });
  const source = await openVideo(folder, name, { decoders, report: (issue) => issues.push(issue) });
  if (source === undefined) return { frames: [], issues, decoder: "", frameCount: undefined };
  const frames: FrameFacts[] = [];
  for await (const { data, planes, ...facts } of source.frames(range)) {
    assert.equal(planes[0]!.offset, 0);
    frames.push({ ...facts, md5: createHash("md5").update(data).digest("hex") });
  }
  await source.close();
  assert.deepEqual(source.issues.map(({ code }) => code).sort(), issues.map((i) => i.code).sort());
  return { frames, issues, decoder: source.decoder, frameCount: source.frameCount };
}

function fileIn(path: string) {
  const folder = openFileFolder(path);
  return { folder, name: path.slice(path.lastIndexOf("/") + 1) };
}

/** MD5 of the planes of each frame and its time in ticks, as ffmpeg decodes them without the edit list. */
function reference(path: string): { readonly md5: string; readonly pts: bigint }[] {
  const input = ["-v", "error", "-noautorotate", "-ignore_editlist", "1", "-copyts", "-i", path];
  const output = ["-map", "0:v:0", "-fps_mode", "passthrough", "-f", "framemd5", "-"];
  const text = new TextDecoder().decode(runProgram("ffmpeg", [...input, ...output]));
  return text.split("\n").filter((line) => /^\d/.test(line)).map((line) => {
    const [, , pts, , , md5] = line.split(",").map((field) => field.trim());
    return { md5: md5!, pts: BigInt(pts!) };
  });
}

/** Frame times as the stream of frames states them, which all else is joined to. */
async function streamTimes(path: string): Promise<bigint[]> {
  const bytes = bytesSource(await Deno.readFile(path));
  const [stream] = await openMp4(bytes, { path: "a.mp4", device: "pc", name: "webcam" });
  const times: bigint[] = [];
  if (stream !== undefined) {
    for await (const batch of stream.batches()) {
      times.push(...batch.times);
    }
  }
  return times;
}

/** Both adapters give every frame of a file as ffmpeg decodes it, at its place and time. */
async function assertWhole(path: string, decoders: readonly Decoder[]): Promise<void> {
  const expected = reference(path).map(({ md5 }) => md5);
  const times = await streamTimes(path);
  assert.ok(expected.length > 0);
  assert.equal(times.length, expected.length);
  for (const decoder of decoders) {
    const { frames, issues, frameCount } = await decode(path, decoder);
    assert.deepEqual(frames.map(({ md5 }) => md5), expected, decoder);
    assert.deepEqual(frames.map(({ index }) => index), expected.map((_, index) => index));
    assert.deepEqual(frames.map(({ timeNs }) => timeNs), times);
    assert.equal(frameCount, expected.length);
    assert.deepEqual(issues.filter(({ code }) => code !== "MP4_EDIT_LIST"), []);
  }
}

async function withFile(
  args: readonly string[],
  use: (path: string) => Promise<void>,
  extension = "mp4",
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.${extension}`;
  try {
    runProgram("ffmpeg", ["-v", "error", ...args, path]);
    await use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A moving picture, 2 s of it. */
function source(size = "96x64", seconds = 2, kind = "testsrc2"): string[] {
  return ["-f", "lavfi", "-i", `${kind}=d=${seconds}:s=${size}:r=30`];
}

/** A picture of odd size, which only some sources can make. */
const ODD = [...source("97x65", 2, "testsrc"), "-pix_fmt"];

const X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-g", "20"];
const IRREGULAR = ["-vf", "setpts=(N*33+mod(N*N\\,7))/1000/TB", "-fps_mode", "passthrough"];
const CLIPS = "hands/rgb";
const BOTH: readonly Decoder[] = ["embedded", "ffmpeg"];

/** Name, encoder and arguments. */
const FILES: readonly (readonly [string, string, readonly string[], readonly Decoder[]])[] = [
  ["H.264 with B-frames", "libx264", [...source(), ...X264], BOTH],
  ["H.264 4:4:4", "libx264", [...source(), ...X264, "-pix_fmt", "yuv444p"], BOTH],
  ["H.264 4:2:2 with 10 bit", "libx264", [...source(), ...X264, "-pix_fmt", "yuv422p10le"], BOTH],
  ["H.264 4:2:0 with 10 bit", "libx264", [...source(), ...X264, "-pix_fmt", "yuv420p10le"], BOTH],
  ["H.264 with full range", "libx264", [...source(), ...X264, "-pix_fmt", "yuvj420p"], BOTH],
  ["H.264 of odd size", "libx264", [...ODD, "yuv444p", ...X264], BOTH],
  ["H.264 cropped to no multiple of 16", "libx264", [...source("98x66"), ...X264], BOTH],
  ["H.264 with open groups", "libx264", [
    ...source(),
    ...X264,
    ...["-x264-params", "open-gop=1:b-adapt=0:bframes=3"],
  ], BOTH],
  ["H.264 with few key frames", "libx264", [...source("96x64", 12), ...X264, "-g", "999"], BOTH],
  ["H.264 at irregular times", "libx264", [
    ...source(),
    ...IRREGULAR,
    ...X264,
    ...["-enc_time_base", "1:90000"],
  ], BOTH],
  ["H.264 with frames at the same time", "libx264", [...source(), ...IRREGULAR, ...X264], BOTH],
  ["H.264 in fragments", "libx264", [
    ...source(),
    ...X264,
    ...["-movflags", "frag_keyframe+empty_moov"],
  ], BOTH],
  ["H.264 with negative offsets", "libx264", [
    ...source(),
    ...X264,
    ...["-movflags", "negative_cts_offsets"],
  ], BOTH],
  ["HEVC", "libx265", [
    ...source(),
    ...["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:bframes=3"],
  ], BOTH],
  ["HEVC with 10 bit, open groups", "libx265", [
    ...source(),
    ...["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1"],
    ...["-x265-params", "log-level=none:bframes=3:open-gop=1:keyint=20:min-keyint=20"],
  ], BOTH],
  ["VP9", "libvpx-vp9", [
    ...source(),
    ...["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-auto-alt-ref", "1"],
    ...["-lag-in-frames", "16"],
  ], BOTH],
  ["VP9 of odd size", "libvpx-vp9", [
    ...[...ODD, "yuv420p", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"],
  ], BOTH],
  ["AV1", "libsvtav1", [...source("96x64", 1), "-c:v", "libsvtav1", "-preset", "12"], BOTH],
  ["MPEG-4 part 2", "mpeg4", [...source(), "-c:v", "mpeg4", "-bf", "2"], ["ffmpeg"]],
];

const encoders = ignore ? "" : new TextDecoder().decode(runProgram("ffmpeg", ["-encoders"]));

for (const [name, encoder, args, decoders] of FILES) {
  const lacking = !encoders.includes(` ${encoder} `);
  Deno.test({
    name: `frames of ${name} are those of ffmpeg${lacking ? ` (skipped: no ${encoder})` : ""}`,
    ignore: ignore || lacking,
    fn: () => withFile(args, (path) => assertWhole(path, decoders)),
  });
}

for (
  const clip of [
    "asl_hand.25fps.mp4",
    "gesture_recognizer__test_video.mp4",
    "hand_landmarker__test_video.mp4",
  ]
) {
  testWithRecording(
    `frames of ${clip} are those of ffmpeg`,
    `${CLIPS}/${clip}`,
    (path) => assertWhole(path, BOTH),
  );
}
