import assert from "node:assert/strict";
import { bytesSource, openMp4 } from "session-process";
import { hasProgram, probeStream, runProgram } from "./support/ffmpeg.ts";
import {
  type Decoder,
  decodeVideo,
  type FrameFacts,
  movingPicture,
  withVideo,
} from "./support/video.ts";
import { testWithRecording } from "./support/shared_data.ts";

const ignore = !hasProgram("ffmpeg");

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

/** Matrices by the names of ffprobe. */
const MATRICES: Readonly<Record<string, string>> = {
  bt709: "bt709",
  smpte170m: "bt601",
  bt470bg: "bt601",
  bt2020nc: "bt2020",
};

/** Colours are those that ffprobe finds, where it finds any. */
function assertColors(path: string, { matrix, fullRange, height }: FrameFacts): void {
  const { color_space = "unknown", color_range = "tv" } = probeStream(path);
  const usual = height <= 576 ? "bt601" : "bt709";
  assert.equal(matrix, MATRICES[String(color_space)] ?? usual);
  assert.equal(fullRange, color_range === "pc");
}

/** Both adapters give every frame of a file as ffmpeg decodes it, at its place and time. */
async function assertWhole(path: string, decoders: readonly Decoder[]): Promise<void> {
  const expected = reference(path).map(({ md5 }) => md5);
  const times = await streamTimes(path);
  assert.ok(expected.length > 0);
  assert.equal(times.length, expected.length);
  for (const decoder of decoders) {
    const { frames, issues, frameCount } = await decodeVideo(path, decoder);
    assert.deepEqual(frames.map(({ md5 }) => md5), expected, decoder);
    assert.deepEqual(frames.map(({ index }) => index), expected.map((_, index) => index));
    assert.deepEqual(frames.map(({ timeNs }) => timeNs), times);
    assert.equal(frameCount, expected.length);
    assertColors(path, frames[0]!);
    assert.deepEqual(issues.filter(({ code }) => code !== "MP4_EDIT_LIST"), []);
  }
}

/** A picture of odd size, which only some sources can make. */
const ODD = [...movingPicture("97x65", 2, "testsrc"), "-pix_fmt"];

const X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-g", "20"];
const IRREGULAR = ["-vf", "setpts=(N*33+mod(N*N\\,7))/1000/TB", "-fps_mode", "passthrough"];
const CLIPS = "hands/rgb";
const BOTH: readonly Decoder[] = ["embedded", "ffmpeg"];

/** Name, encoder and arguments. */
const FILES: readonly (readonly [string, string, readonly string[], readonly Decoder[]])[] = [
  ["H.264 with B-frames", "libx264", [...movingPicture(), ...X264], BOTH],
  ["H.264 4:4:4", "libx264", [...movingPicture(), ...X264, "-pix_fmt", "yuv444p"], BOTH],
  [
    "H.264 4:2:2 with 10 bit",
    "libx264",
    [...movingPicture(), ...X264, "-pix_fmt", "yuv422p10le"],
    BOTH,
  ],
  [
    "H.264 4:2:0 with 10 bit",
    "libx264",
    [...movingPicture(), ...X264, "-pix_fmt", "yuv420p10le"],
    BOTH,
  ],
  ["H.264 with full range", "libx264", [...movingPicture(), ...X264, "-pix_fmt", "yuvj420p"], BOTH],
  ["H.264 with the colours of a large screen", "libx264", [
    ...movingPicture(),
    ...X264,
    ...["-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", "bt709"],
    ...["-movflags", "-write_colr"],
  ], BOTH],
  ["H.264 of odd size", "libx264", [...ODD, "yuv444p", ...X264], BOTH],
  ["H.264 cropped to no multiple of 16", "libx264", [...movingPicture("98x66"), ...X264], BOTH],
  ["H.264 with open groups", "libx264", [
    ...movingPicture(),
    ...X264,
    ...["-x264-params", "open-gop=1:b-adapt=0:bframes=3"],
  ], BOTH],
  [
    "H.264 with few key frames",
    "libx264",
    [...movingPicture("96x64", 12), ...X264, "-g", "999"],
    BOTH,
  ],
  ["H.264 at irregular times", "libx264", [
    ...movingPicture(),
    ...IRREGULAR,
    ...X264,
    ...["-enc_time_base", "1:90000"],
  ], BOTH],
  [
    "H.264 with frames at the same time",
    "libx264",
    [...movingPicture(), ...IRREGULAR, ...X264],
    BOTH,
  ],
  ["H.264 in fragments", "libx264", [
    ...movingPicture(),
    ...X264,
    ...["-movflags", "frag_keyframe+empty_moov"],
  ], BOTH],
  ["H.264 with negative offsets", "libx264", [
    ...movingPicture(),
    ...X264,
    ...["-movflags", "negative_cts_offsets"],
  ], BOTH],
  ["HEVC", "libx265", [
    ...movingPicture(),
    ...["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:bframes=3"],
  ], BOTH],
  ["HEVC with 10 bit, open groups", "libx265", [
    ...movingPicture(),
    ...["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1"],
    ...["-x265-params", "log-level=none:bframes=3:open-gop=1:keyint=20:min-keyint=20"],
  ], BOTH],
  ["VP9", "libvpx-vp9", [
    ...movingPicture(),
    ...["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-auto-alt-ref", "1"],
    ...["-lag-in-frames", "16"],
  ], BOTH],
  ["VP9 of odd size", "libvpx-vp9", [
    ...[...ODD, "yuv420p", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"],
  ], BOTH],
  ["AV1", "libsvtav1", [...movingPicture("96x64", 1), "-c:v", "libsvtav1", "-preset", "12"], BOTH],
  ["MPEG-4 part 2", "mpeg4", [...movingPicture(), "-c:v", "mpeg4", "-bf", "2"], ["ffmpeg"]],
];

const encoders = ignore ? "" : new TextDecoder().decode(runProgram("ffmpeg", ["-encoders"]));

for (const [name, encoder, args, decoders] of FILES) {
  const lacking = !encoders.includes(` ${encoder} `);
  Deno.test({
    name: `frames of ${name} are those of ffmpeg${lacking ? ` (skipped: no ${encoder})` : ""}`,
    ignore: ignore || lacking,
    fn: () => withVideo(args, (path) => assertWhole(path, decoders)),
  });
}

for (
  const [name, args] of [
    ["starts late", ["-itsoffset", "0.7"]],
    ["was cut without coding it anew", ["-ss", "0.55"]],
  ] as const
) {
  Deno.test({
    name: `frames of a video that ${name} are those of ffmpeg, at the times of its edit list`,
    ignore,
    fn: () =>
      withVideo([...movingPicture(), ...X264], async (path) => {
        const moved = path.replace("a.mp4", "moved.mp4");
        runProgram("ffmpeg", ["-v", "error", ...args, "-i", path, "-c", "copy", moved]);
        await assertWhole(moved, BOTH);
      }),
  });
}

const RECORDINGS: readonly (readonly [string, readonly Decoder[]])[] = [
  ["asl_hand.25fps.mp4", ["embedded"]],
  ["gesture_recognizer__test_video.mp4", ["embedded"]],
  ["hand_landmarker__test_video.mp4", BOTH],
];

for (const [clip, decoders] of RECORDINGS) {
  testWithRecording(
    `frames of ${clip} are those of ffmpeg`,
    `${CLIPS}/${clip}`,
    (path) => assertWhole(path, decoders),
  );
}
