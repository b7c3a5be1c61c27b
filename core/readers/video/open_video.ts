import {
  type ByteSource,
  createIssue,
  type FolderSource,
  type FrameSource,
  type ReportIssue,
  type VideoDecoders,
} from "../../base/mod.ts";
import { DistinctIssues, joinMp4Pictures, openMp4Pictures } from "../mp4/mod.ts";
import { isImagePath } from "./image_names.ts";
import { openImages } from "./images.ts";
import { programFrames } from "./program_frames.ts";

/** Options of {@linkcode openVideo}. */
export interface OpenVideoOptions {
  /** What decodes. */
  readonly decoders: VideoDecoders;
  /** Receives what is wrong with the file, when it is opened and while it is decoded. */
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the pictures of a video in a folder, of an image, or, where the path is empty or ends with a slash, of
 * all images there as by `openImages`.
 *
 * Frames of MP4 files have the positions and times that `openMp4` gives them, whichever decoder is at work. Of other
 * containers, which only a program can open, frames are counted as they are decoded and their times are those of the
 * file. Undefined, with an issue that says why, when the file holds no video that can be decoded. Damage is
 * reported, never thrown; rejects with `Error` when the file cannot be opened.
 *
 * @example
 * ```ts
 * import { memoryFolder, openVideo } from "session-process";
 * import { videoDecoders } from "session-process/video";
 * import assert from "node:assert/strict";
 *
 * const issues: string[] = [];
 * const frames = await openVideo(memoryFolder("session", { "a.mp4": "no video" }), "a.mp4", {
 *   decoders: videoDecoders({ decoder: "embedded" }),
 *   report: ({ code }) => issues.push(code),
 * });
 * assert.equal(frames, undefined);
 * assert.deepEqual(issues, ["VIDEO_NO_DECODER"]);
 * ```
 */
export async function openVideo(
  folder: FolderSource,
  path: string,
  { decoders, report = () => {}, signal }: OpenVideoOptions,
): Promise<FrameSource | undefined> {
  const log = new DistinctIssues(report);
  const target: Target = { folder, path, decoders, report: log.add, signal };
  if (path === "" || path.endsWith("/")) return await openFolderOfImages(target);
  const source = await folder.open(path);
  let kind: FileKind;
  try {
    kind = await kindOf(source);
  } catch (error) {
    await source.close();
    throw error;
  }
  if (kind === "mp4") return await openMp4File(source, target);
  await source.close();
  if (kind === "image") {
    return await openImages(folder, [path], { decoders, report: log.add, signal });
  }
  if (kind === "empty") return void log.add(createIssue("FILE_EMPTY", {}, { path }));
  return await openByProgram(target);
}

/** What is opened, and how. */
interface Target {
  readonly folder: FolderSource;
  readonly path: string;
  readonly decoders: VideoDecoders;
  readonly report: ReportIssue;
  readonly signal: AbortSignal | undefined;
}

/** Kinds of files as far as they are treated differently. */
type FileKind = "mp4" | "image" | "empty" | "other";

/** First boxes of files of the MP4 family. */
const FIRST_BOXES: readonly string[] = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot"];

async function kindOf(source: ByteSource): Promise<FileKind> {
  if (source.size === 0) return "empty";
  const start = await source.read(0, 8);
  const type = new TextDecoder("latin1").decode(start.subarray(4, 8));
  if (FIRST_BOXES.includes(type)) return "mp4";
  const isImage = (start[0] === 0x89 && start[1] === 0x50) ||
    (start[0] === 0xff && start[1] === 0xd8);
  return isImage ? "image" : "other";
}

/** The images that lie in a folder, without those of folders in it. */
async function openFolderOfImages(target: Target): Promise<FrameSource | undefined> {
  const { folder, path: parent, decoders, report, signal } = target;
  const paths: string[] = [];
  for await (const { path, kind } of folder.list({ signal })) {
    const isHere = path.startsWith(parent) && !path.slice(parent.length).includes("/");
    if (kind === "file" && isHere && isImagePath(path)) paths.push(path);
  }
  return await openImages(folder, paths, { decoders, report, signal });
}

async function openMp4File(source: ByteSource, target: Target): Promise<FrameSource | undefined> {
  const { path, decoders, report, signal } = target;
  const found = await decoders.pictures();
  // Without a decoder the file is still looked into: whether there is video at all comes first.
  const decoder = typeof found === "string" ? { name: "", open: () => found } : found;
  const opened = await openMp4Pictures(source, { path, decoder, report, signal });
  if (opened === undefined || !("refusal" in opened)) return opened?.frames;
  const again = await target.folder.open(path);
  return await joinProgram(again, target, opened.codec, opened.refusal);
}

/** Lets a program decode an MP4 file, and joins its pictures to the index. */
async function joinProgram(
  source: ByteSource,
  target: Target,
  codec: string,
  refusal: string,
): Promise<FrameSource | undefined> {
  const { path, report, signal } = target;
  const opened = await programOf(target, true);
  if (typeof opened === "string") {
    await source.close();
    report(createIssue("VIDEO_NO_DECODER", { codec, reason: `${refusal}; ${opened}` }, { path }));
    return undefined;
  }
  const { name: decoder, video } = opened;
  return await joinMp4Pictures(source, { path, decoder, video, report, signal });
}

async function openByProgram(target: Target): Promise<FrameSource | undefined> {
  const opened = await programOf(target, false);
  if (typeof opened !== "string") {
    return programFrames(opened.video, { ...target, decoder: opened.name });
  }
  const params = { codec: "the file, which is no MP4", reason: opened };
  target.report(createIssue("VIDEO_NO_DECODER", params, { path: target.path }));
  return undefined;
}

async function programOf({ folder, path, decoders }: Target, raw: boolean) {
  const program = await decoders.program();
  if (typeof program === "string") return program;
  const file = folder.locate?.(path);
  if (file === undefined) return `${program.name} can open files of this machine only`;
  const video = await program.open(file, raw);
  return typeof video === "string" ? video : { name: program.name, video };
}
