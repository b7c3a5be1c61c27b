import { type ChildProcess, spawn } from "node:child_process";
import {
  type AudioReadOptions,
  type AudioSource,
  type BrightnessOptions,
  CancelledError,
  type MediaDecoder,
  reasonOf,
  UsageError,
} from "../core/base/mod.ts";

/** Options of {@linkcode ffmpegDecoder}. */
export interface FfmpegOptions {
  /** The program, by name or path. @default {"ffmpeg"} */
  readonly program?: string;
  /** Where a file of the session lies on this machine: `locate` of the folder. A file that lies nowhere has no sound. */
  readonly locate: (path: string) => string | undefined;
}

/** The variable that starting a program reads in Deno, although it is given none. */
const ASKED_FOR = "NODE_V8_COVERAGE";
/** Side of the small grey pictures whose mean is the brightness. */
const SIDE = 16;
/** The last words of the program that an error repeats. */
const WORDS = 300;

/**
 * Decodes sound and pictures by the user's own ffmpeg, which is started without a shell and only reads.
 *
 * Deno needs the permissions `--allow-run=ffmpeg` and `--allow-env=NODE_V8_COVERAGE`, which its `node:child_process`
 * asks for whatever is run. The program is given no environment. Rejects with `UsageError` when it cannot be started.
 *
 * @example
 * ```ts
 * import { ffmpegDecoder } from "session-process/runtime";
 * import assert from "node:assert/strict";
 *
 * const locate = (path: string) => `/recordings/session_20250731_143022/${path}`;
 * await assert.rejects(
 *   ffmpegDecoder({ program: "no-such-ffmpeg", locate }),
 *   /Cannot run no-such-ffmpeg/,
 * );
 * ```
 */
export async function ffmpegDecoder(options: FfmpegOptions): Promise<MediaDecoder> {
  const { program = "ffmpeg", locate } = options;
  const version = text(await collect(program, ["-hide_banner", "-version"]));
  const name = /^ffmpeg version (\S+)/.exec(version)?.[1];
  if (name === undefined) {
    throw new UsageError(`Cannot use ${program} to decode: it does not say that it is ffmpeg`);
  }
  return {
    name: `ffmpeg ${name}`,
    async openAudio(path, rateHz) {
      const file = locate(path);
      return file === undefined ? undefined : await openAudio(program, file, rateHz);
    },
    async *brightness(path, read = {}) {
      const file = locate(path);
      if (file !== undefined) yield* brightness(program, file, read);
    },
  };
}

async function openAudio(
  program: string,
  path: string,
  rateHz: number,
): Promise<AudioSource | undefined> {
  // A hundredth of a second tells whether there is sound, and that it can be decoded.
  const probe = start(program, soundArguments(path, rateHz, ["-t", "0.01"]));
  try {
    for await (const block of probe.output) if (block.length > 0) break;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  } finally {
    probe.stop();
  }
  return { rateHz, seekable: false, samples: (read = {}) => samples(program, path, rateHz, read) };
}

/** Sound from time 0 of the file on, silence where there is none, as 32-bit floats of one channel. */
function soundArguments(path: string, rateHz: number, more: readonly string[] = []): string[] {
  const filter = `aresample=${rateHz}:async=1:first_pts=0`;
  const sound = ["-map", "0:a:0", "-af", filter, "-ac", "1", "-c:a", "pcm_f32le", "-f", "f32le"];
  return [...input(path), ...sound, ...more, "pipe:1"];
}

function input(path: string): string[] {
  // A name that begins with a dash or a protocol is still a file.
  return ["-hide_banner", "-nostdin", "-v", "error", "-copyts", "-i", `file:${path}`];
}

async function* samples(
  program: string,
  path: string,
  rateHz: number,
  { from = 0, signal }: AudioReadOptions,
): AsyncGenerator<Float32Array> {
  const run = start(program, soundArguments(path, rateHz), signal);
  let skip = from * 4;
  try {
    for await (const bytes of whole(run.output, 4)) {
      const kept = bytes.subarray(Math.min(skip, bytes.length));
      skip -= bytes.length - kept.length;
      if (kept.length > 0) yield new Float32Array(kept.slice().buffer);
    }
  } finally {
    run.stop();
  }
}

async function* brightness(
  program: string,
  path: string,
  { signal }: BrightnessOptions,
): AsyncGenerator<Float64Array> {
  const picture = SIDE * SIDE;
  const scale = ["-vf", `scale=${SIDE}:${SIDE}:flags=area,format=gray`];
  // Every frame once, as it is stored: none doubled or dropped to keep a rate.
  const frames = ["-map", "0:v:0", ...scale, "-fps_mode", "passthrough", "-f", "rawvideo"];
  const run = start(program, [...input(path), ...frames, "pipe:1"], signal);
  try {
    for await (const bytes of whole(run.output, picture)) {
      yield Float64Array.from(
        { length: bytes.length / picture },
        (_, index) => meanOf(bytes.subarray(index * picture, (index + 1) * picture)),
      );
    }
  } finally {
    run.stop();
  }
}

function meanOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum / (255 * bytes.length);
}

/** The program could be started but not decode. */
class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/** A program at work. */
interface Run {
  readonly output: AsyncIterable<Uint8Array>;
  stop(): void;
}

function start(program: string, args: readonly string[], signal?: AbortSignal): Run {
  const child = spawned(program, args);
  let words = "";
  child.stderr?.on("data", (data: Uint8Array) => {
    words = (words + text(data)).slice(-WORDS);
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once(
      "error",
      (error) => reject(refusal(program, error)),
    );
    child.once(
      "close",
      (code) =>
        code === 0 ? resolve() : reject(new DecodeError(`${program} failed: ${words.trim()}`)),
    );
  });
  // Who stops early does not wait for the end.
  ended.catch(() => {});
  return { output: outputOf(child, ended, signal), stop: () => void child.kill() };
}

function spawned(program: string, args: readonly string[]): ChildProcess {
  try {
    return spawn(program, [...args], { stdio: ["ignore", "pipe", "pipe"], shell: false, env: {} });
  } catch (error) {
    throw refusal(program, error);
  }
}

function refusal(program: string, error: unknown): UsageError {
  return new UsageError(
    `Cannot run ${program} to decode: ${reasonOf(error)}`,
    `Give its path, and with Deno --allow-run=${program} --allow-env=${ASKED_FOR}`,
  );
}

async function* outputOf(
  child: ChildProcess,
  ended: Promise<void>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const cancel = () => void child.kill();
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    for await (const data of child.stdout ?? []) {
      if (signal?.aborted) throw new CancelledError();
      yield data as Uint8Array;
    }
    if (signal?.aborted) throw new CancelledError();
    await ended;
  } catch (error) {
    // Of a program that could not be started the stream says less than its end.
    if (!signal?.aborted) await ended;
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/** Bytes in blocks of whole pieces. */
async function* whole(
  blocks: AsyncIterable<Uint8Array>,
  piece: number,
): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array();
  for await (const block of blocks) {
    const bytes = new Uint8Array(rest.length + block.length);
    bytes.set(rest);
    bytes.set(block, rest.length);
    const end = bytes.length - bytes.length % piece;
    if (end > 0) yield bytes.subarray(0, end);
    rest = bytes.slice(end);
  }
}

async function collect(program: string, args: readonly string[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of start(program, args).output) parts.push(part.slice());
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
