import type { PictureDecoder, VideoDecoders, VideoProgram } from "../../core/base/mod.ts";
import { embeddedDecoder } from "./embedded.ts";
import { decodeImage } from "./image.ts";
import { ffmpegVideo } from "./ffmpeg_frames.ts";

/** Options of {@linkcode videoDecoders}. */
export interface VideoDecodersOptions {
  /**
   * `embedded`: the decoder that is installed with the package. `ffmpeg`: the user's own program.
   * `auto`: embedded, and ffmpeg where that cannot be loaded or does not know the codec or the file.
   * @default {"auto"}
   */
  readonly decoder?: "auto" | "embedded" | "ffmpeg" | undefined;
  /** ffmpeg by name or path. @default {"ffmpeg"} */
  readonly ffmpegProgram?: string | undefined;
}

/**
 * What decodes video on this machine. Nothing is loaded or run before it is needed.
 *
 * The embedded decoder needs `--allow-ffi` in Deno, ffmpeg `--allow-run=ffmpeg --allow-env=NODE_V8_COVERAGE`.
 *
 * @example
 * ```ts
 * import { videoDecoders } from "session-process/video";
 * import assert from "node:assert/strict";
 *
 * const decoders = videoDecoders({ decoder: "ffmpeg", ffmpegProgram: "no-such-ffmpeg" });
 * assert.equal(await decoders.pictures(), "the embedded decoder was not asked for");
 * assert.match(String(await decoders.program()), /Cannot run no-such-ffmpeg/);
 * ```
 */
export function videoDecoders(
  { decoder = "auto", ffmpegProgram = "ffmpeg" }: VideoDecodersOptions = {},
): VideoDecoders {
  let embedded: Promise<PictureDecoder | string> | undefined;
  let ffmpeg: Promise<VideoProgram | string> | undefined;
  return {
    pictures() {
      if (decoder === "ffmpeg") return Promise.resolve("the embedded decoder was not asked for");
      return embedded ??= embeddedDecoder();
    },
    program() {
      if (decoder === "embedded") return Promise.resolve("ffmpeg was not asked for");
      return ffmpeg ??= ffmpegVideo(ffmpegProgram);
    },
    image: (bytes) => Promise.resolve(decodeImage(bytes)),
  };
}
