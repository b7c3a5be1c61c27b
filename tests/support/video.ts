import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type FrameReadOptions, type Issue, openVideo, type VideoFrame } from "session-process";
import { openFileFolder } from "session-process/runtime";
import { videoDecoders, type VideoDecodersOptions } from "session-process/video";
import { runProgram } from "./ffmpeg.ts";

/** Which decoder is at work. */
export type Decoder = NonNullable<VideoDecodersOptions["decoder"]>;

/** A frame without its pixels. */
export type FrameFacts = Omit<VideoFrame, "data" | "planes"> & { readonly md5: string };

/** What came of decoding a file. */
export interface DecodedVideo {
  readonly frames: FrameFacts[];
  readonly issues: Issue[];
  readonly decoder: string;
  readonly frameCount: number | undefined;
}

/** Decodes a file and gives all that is told of it. */
export async function decodeVideo(
  path: string,
  decoder: Decoder,
  range: FrameReadOptions = {},
): Promise<DecodedVideo> {
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

/** Lets ffmpeg write a file and uses it. */
export async function withVideo(
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

/** Arguments of ffmpeg for a moving picture. */
export function movingPicture(size = "96x64", seconds = 2, kind = "testsrc2"): string[] {
  return ["-f", "lavfi", "-i", `${kind}=d=${seconds}:s=${size}:r=30`];
}
