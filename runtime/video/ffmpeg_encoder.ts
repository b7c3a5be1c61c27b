import {
  type CodedUnit,
  type EncodingOptions,
  type PictureEncoder,
  type PictureEncoding,
  reasonOf,
} from "../../core/base/mod.ts";
import { type Run, start } from "../program.ts";
import { ffmpegVideo } from "./ffmpeg_frames.ts";

/** Type of the unit that begins a picture, ITU-T H.264 table 7-1, and of one that decoding can start at. */
const DELIMITER = 9;
const START = 5;

/**
 * Encodes H.264 by the user's own ffmpeg, for clips to look at where the embedded encoder is not there.
 *
 * Gives a sentence that says why and what helps when it cannot be run. What encodes is up to how that ffmpeg was built.
 *
 * @example
 * ```ts
 * import { ffmpegEncoder } from "session-process/video";
 * import assert from "node:assert/strict";
 *
 * assert.match(String(await ffmpegEncoder("no-such-ffmpeg")), /Cannot run no-such-ffmpeg/);
 * ```
 */
export async function ffmpegEncoder(program = "ffmpeg"): Promise<PictureEncoder | string> {
  const video = await ffmpegVideo(program);
  if (typeof video === "string") return video;
  return { name: video.name, open: (options) => new FfmpegEncoding(program, options) };
}

function encoderArguments(options: EncodingOptions): string[] {
  const { width, height, framesPerSecond, bitsPerSecond } = options;
  const rate = ["-r", String(Math.max(1, Math.round(framesPerSecond)))];
  const size = ["-pix_fmt", "yuv420p", "-s", `${width}x${height}`];
  return [
    ...["-hide_banner", "-nostats", "-v", "error", "-f", "rawvideo", ...size, ...rate],
    ...["-i", "pipe:0", "-c:v", "h264", "-pix_fmt", "yuv420p", "-bf", "0"],
    ...["-b:v", String(bitsPerSecond), "-fps_mode", "passthrough"],
    // A mark before each picture tells where it begins.
    ...["-bsf:v", "h264_metadata=aud=insert", "-f", "h264", "pipe:1"],
  ];
}

/** One clip at ffmpeg: pictures go in by one pipe and come out coded, in the same order, by another. */
class FfmpegEncoding implements PictureEncoding {
  readonly #run: Run;
  readonly #done: Promise<void>;
  readonly #splitter = new PictureSplitter();
  #failure: string | undefined;

  constructor(program: string, options: EncodingOptions) {
    this.#run = start(program, encoderArguments(options), { input: true });
    this.#done = this.#read();
  }

  async encode(picture: Uint8Array): Promise<readonly CodedUnit[]> {
    try {
      await this.#run.write(picture);
    } catch (error) {
      await this.#done;
      throw new Error(this.#failure ?? reasonOf(error));
    }
    return this.#splitter.take();
  }

  async flush(): Promise<readonly CodedUnit[]> {
    this.#run.end();
    await this.#done;
    if (this.#failure !== undefined) throw new Error(this.#failure);
    this.#splitter.finish();
    return this.#splitter.take();
  }

  close(): void {
    this.#run.stop();
  }

  async #read(): Promise<void> {
    try {
      for await (const bytes of this.#run.output) this.#splitter.add(bytes);
    } catch (error) {
      this.#failure = reasonOf(error);
    }
  }
}

/** Divides a stream of coded pictures at the marks before each. */
class PictureSplitter {
  #rest = new Uint8Array();
  /** Bytes of the rest among which there is no mark but at the start. */
  #searched = 0;
  /** Whether there was a mark: what stands before the first belongs to no picture. */
  #begun = false;
  #units: CodedUnit[] = [];
  #number = 0;

  add(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.#rest.length + bytes.length);
    joined.set(this.#rest);
    joined.set(bytes, this.#rest.length);
    let from = 0;
    for (let at = this.#searched; at + 3 < joined.length; at++) {
      if (!isMark(joined, at)) continue;
      if (this.#begun) this.#push(joined.subarray(from, at));
      this.#begun = true;
      from = at;
    }
    this.#rest = joined.slice(from);
    this.#searched = Math.max(this.#begun ? 1 : 0, this.#rest.length - 3);
  }

  finish(): void {
    if (this.#begun) this.#push(this.#rest);
    this.#rest = new Uint8Array();
  }

  take(): readonly CodedUnit[] {
    const units = this.#units;
    this.#units = [];
    return units;
  }

  #push(data: Uint8Array): void {
    let key = false;
    for (let at = 0; at + 3 < data.length; at++) {
      key ||= startsAt(data, at) && (data[at + 3]! & 0x1f) === START;
    }
    this.#units.push({ number: this.#number++, key, data: data.slice() });
  }
}

function startsAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1;
}

function isMark(bytes: Uint8Array, at: number): boolean {
  return startsAt(bytes, at) && (bytes[at + 3]! & 0x1f) === DELIMITER;
}
