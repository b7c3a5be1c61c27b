import {
  type FilePicture,
  type FileVideo,
  pictureLayout,
  type PixelFormat,
  reasonOf,
  UsageError,
  type VideoProgram,
} from "../../core/base/mod.ts";
import { collect, type Run, start, text } from "../program.ts";
import { describeVideo } from "./ffmpeg_words.ts";
import { FrameLines } from "./ffmpeg_lines.ts";

/** Pixel formats of ffmpeg that pictures may have, by our names. All others are turned into `rgb24`. */
const FORMATS: Readonly<Record<string, PixelFormat>> = {
  yuv420p: "I420",
  yuvj420p: "I420",
  yuv422p: "I422",
  yuvj422p: "I422",
  yuv444p: "I444",
  yuvj444p: "I444",
  yuv420p10le: "I420P10",
  yuv422p10le: "I422P10",
  yuv444p10le: "I444P10",
  nv12: "NV12",
  gray: "GRAY8",
  rgba: "RGBA",
  rgb24: "RGB",
};

/**
 * Decodes video by the user's own ffmpeg, which is started without a shell and only reads.
 *
 * Gives a sentence that says why and what helps when it cannot be run. Deno needs the permissions
 * `--allow-run=ffmpeg` and `--allow-env=NODE_V8_COVERAGE`. Pictures come as they are stored: not turned, not
 * converted, none doubled or dropped to keep a rate.
 *
 * @example
 * ```ts
 * import { ffmpegVideo } from "session-process/video";
 * import assert from "node:assert/strict";
 *
 * assert.match(String(await ffmpegVideo("no-such-ffmpeg")), /Cannot run no-such-ffmpeg/);
 * ```
 */
export async function ffmpegVideo(program = "ffmpeg"): Promise<VideoProgram | string> {
  try {
    const version = text(await collect(program, ["-hide_banner", "-version"]));
    const name = /^ffmpeg version (\S+)/.exec(version)?.[1];
    if (name === undefined) return `${program} does not say that it is ffmpeg`;
    return { name: `ffmpeg ${name}`, open: (file, raw) => open(program, file, raw) };
  } catch (error) {
    if (!(error instanceof UsageError)) return reasonOf(error);
    // What Deno says of a permission that is missing names the first one only.
    if (!/Requires \w+ access/.test(error.message)) return error.message;
    return `${program} needs the permissions --allow-run=${program} --allow-env=NODE_V8_COVERAGE`;
  }
}

async function open(program: string, file: string, raw: boolean): Promise<FileVideo | string> {
  const lines = new FrameLines();
  let words = "";
  const onWords = (said: string) => {
    words = (words + said).slice(0, MAX_WORDS);
    lines.add(said);
  };
  const run = start(program, frameArguments(file, raw, { most: 1 }), { onWords });
  const failure = await drained(run);
  const [line] = lines.seen;
  const facts = describeVideo(words);
  if (line === undefined || facts === undefined) return failure ?? "ffmpeg finds no video in it";
  return {
    ...facts,
    width: line.width,
    height: line.height,
    pictures: ({ fromSeconds = 0, signal } = {}) =>
      pictures(program, frameArguments(file, raw, { fromSeconds }), signal),
  };
}

/** Most of what ffmpeg says of a file that is looked at. */
const MAX_WORDS = 1 << 16;

/** Reads a program to its end. Gives why it failed, if it did. */
async function drained(run: Run): Promise<string | undefined> {
  try {
    for await (const _ of run.output);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Arguments that write raw pictures to the output and a line about each to the errors. */
function frameArguments(
  file: string,
  raw: boolean,
  { fromSeconds = 0, most }: { readonly fromSeconds?: number; readonly most?: number },
): string[] {
  const filter = `format=${Object.keys(FORMATS).join("|")},showinfo=checksum=0`;
  return [
    ...["-hide_banner", "-nostdin", "-nostats", "-v", "info", "-copyts", "-noautorotate"],
    ...(raw ? ["-ignore_editlist", "1"] : []),
    // From a place where decoding can start, at its own time.
    ...(fromSeconds > 0
      ? ["-noaccurate_seek", "-seek_timestamp", "1", "-ss", `${fromSeconds}`]
      : []),
    // A name that begins with a dash or a protocol is still a file.
    ...["-i", `file:${file}`, "-map", "0:v:0", "-vf", filter, "-fps_mode", "passthrough"],
    ...[
      "-c:v",
      "rawvideo",
      ...(most === undefined ? [] : ["-frames:v", `${most}`]),
      "-f",
      "rawvideo",
      "pipe:1",
    ],
  ];
}

async function* pictures(
  program: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<FilePicture> {
  const lines = new FrameLines();
  const run = start(program, args, { signal, onWords: (said) => lines.add(said) });
  try {
    const blocks = new BlockReader(run.output);
    for (;;) {
      // Without bytes there is no further picture, whatever was said.
      if (!(await blocks.more())) return;
      const line = await lines.next();
      const format = line && FORMATS[line.format];
      if (line === undefined || format === undefined) {
        throw new Error(`ffmpeg gives a picture of unknown kind: ${line?.format}`);
      }
      const { byteLength } = pictureLayout(format, line.width, line.height);
      const data = await blocks.take(byteLength);
      if (data === undefined) return;
      const { width, height, ticks } = line;
      yield { ticks, tick: lines.tick, format, width, height, data };
    }
  } finally {
    run.stop();
  }
}

/** Puts pieces of a certain length together from blocks of any length. */
class BlockReader {
  readonly #blocks: AsyncIterator<Uint8Array>;
  #block: Uint8Array = new Uint8Array();
  #piece = new Uint8Array();

  constructor(blocks: AsyncIterable<Uint8Array>) {
    this.#blocks = blocks[Symbol.asyncIterator]();
  }

  /** Whether there is at least one more byte. */
  async more(): Promise<boolean> {
    while (this.#block.length === 0) {
      const { done, value } = await this.#blocks.next();
      if (done) return false;
      this.#block = value;
    }
    return true;
  }

  /** The next bytes, valid until the next call; undefined when there are not as many. */
  async take(length: number): Promise<Uint8Array | undefined> {
    if (this.#piece.length < length) this.#piece = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      if (!(await this.more())) return undefined;
      const part = this.#block.subarray(0, length - filled);
      this.#piece.set(part, filled);
      this.#block = this.#block.subarray(part.length);
      filled += part.length;
    }
    return this.#piece.subarray(0, length);
  }
}
