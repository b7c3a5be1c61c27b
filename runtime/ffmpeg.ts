import {
  type AudioReadOptions,
  type AudioSource,
  type BrightnessOptions,
  type MediaDecoder,
  UsageError,
} from "../core/base/mod.ts";
import { collect, DecodeError, start, text, whole } from "./program.ts";

/** Options of {@linkcode ffmpegDecoder}. */
export interface FfmpegOptions {
  /** The program, by name or path. @default {"ffmpeg"} */
  readonly program?: string;
  /** Where a file of the session lies on this machine: `locate` of the folder. A file that lies nowhere has no sound. */
  readonly locate: (path: string) => string | undefined;
}

/** Side of the small grey pictures whose mean is the brightness. */
const SIDE = 16;
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
  const run = start(program, soundArguments(path, rateHz), { signal });
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
  const run = start(program, [...input(path), ...frames, "pipe:1"], { signal });
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
