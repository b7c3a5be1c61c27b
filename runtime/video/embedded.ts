import { Buffer } from "node:buffer";
import {
  type CodedUnit,
  type CodedVideo,
  type Decoded,
  type DecodedPicture,
  type PictureDecoder,
  type PictureDecoding,
  pictureLayout,
  type PixelFormat,
  reasonOf,
} from "../../core/base/mod.ts";
import {
  BINDING_VERSION,
  loadBinding,
  type NativeBinding,
  type NativeDecoder,
  type NativePicture,
} from "./native_binding.ts";

/** Decoders of the library by the start of a codec string. */
const DECODERS: readonly (readonly [RegExp, string])[] = [
  [/^avc[1-4]\b/, "h264"],
  [/^(hvc1|hev1)\b/, "hevc"],
  [/^vp09\b/, "vp9"],
  [/^vp08\b/, "vp8"],
  [/^av01\b/, "av1"],
];

/** Flushes in a row without a picture after which no more are believed to come. */
const MAX_EMPTY_FLUSHES = 4;

/** Formats of pictures that the library names as WebCodecs does. */
const NAMED: readonly string[] = ["I420", "I422", "I444", "NV12", "RGBA"] satisfies PixelFormat[];

/**
 * Loads the decoder that is installed with the package: H.264, HEVC, VP9, VP8 and AV1.
 *
 * It is the native library of node-webcodecs with FFmpeg under the LGPL built in, an optional dependency that is
 * there for Linux (x64, arm64) and macOS (arm64). Deno needs `--allow-ffi` for it. Gives a sentence that says why
 * and what helps when it cannot be loaded. Pictures are those of FFmpeg, bit for bit.
 *
 * @example
 * ```ts
 * import { embeddedDecoder } from "session-process/video";
 * import assert from "node:assert/strict";
 *
 * const decoder = await embeddedDecoder();
 * if (typeof decoder !== "string") assert.match(decoder.name, /^node-webcodecs .* \(FFmpeg .*\)$/);
 * ```
 */
export async function embeddedDecoder(): Promise<PictureDecoder | string> {
  const binding = await loadBinding();
  if (typeof binding === "string") return binding;
  return {
    name: `node-webcodecs ${BINDING_VERSION} (FFmpeg ${binding.getFFmpegVersion().avcodec})`,
    open: (video) => open(binding, video),
  };
}

function open(binding: NativeBinding, video: CodedVideo): PictureDecoding | string {
  const codec = DECODERS.find(([pattern]) => pattern.test(video.codec))?.[1];
  if (codec === undefined) return `the embedded decoder does not know ${video.codec}`;
  try {
    return new EmbeddedDecoding(binding, codec, video);
  } catch (error) {
    return `the embedded decoder cannot start: ${reasonOf(error)}`;
  }
}

/**
 * One video at the library's decoder, which works within each call: what it gives, it gives in order and before
 * the call returns, so that nothing queues up.
 */
class EmbeddedDecoding implements PictureDecoding {
  readonly #decoder: NativeDecoder;
  readonly #format: PixelFormat | undefined;
  #pictures: DecodedPicture[] = [];
  #error: string | undefined;
  #flushing = false;

  constructor(binding: NativeBinding, codec: string, { description, format }: CodedVideo) {
    this.#format = format;
    this.#decoder = new binding.VideoDecoderNative(
      (picture, timestamp) => this.#output(picture, timestamp),
      (message) => this.#error ??= message,
    );
    // What the sample entry says of AV1 stands in its samples, too; the decoder takes it from there.
    const extradata = description === undefined ? {} : { extradata: Buffer.from(description) };
    this.#decoder.configure({ codec, ...extradata });
  }

  decode({ data, key, number }: CodedUnit): Promise<Decoded> {
    const { buffer, byteOffset, byteLength } = data;
    return this.#collect(() =>
      this.#decoder.decode(Buffer.from(buffer, byteOffset, byteLength), key, number, 0)
    );
  }

  flush(): Promise<Decoded> {
    this.#flushing = true;
    const decoded = this.#collect(() => {
      // A damaged unit ends a flush early; what stands behind it comes with the next one.
      for (let empty = 0; empty < MAX_EMPTY_FLUSHES; empty++) {
        const before = this.#pictures.length;
        this.#decoder.flush(() => {});
        if (this.#pictures.length > before) empty = -1;
      }
      this.#decoder.reset();
    });
    this.#flushing = false;
    return decoded;
  }

  close(): void {
    this.#decoder.close();
  }

  #collect(work: () => void): Promise<Decoded> {
    try {
      work();
    } catch (error) {
      this.#error ??= reasonOf(error);
    }
    const decoded = { pictures: this.#pictures, error: this.#error };
    this.#pictures = [];
    this.#error = undefined;
    return Promise.resolve(decoded);
  }

  #output(picture: NativePicture, timestamp: number): void {
    const format = formatOf(picture, this.#format);
    if (format === undefined) {
      this.#error ??= `its pixel format is not known: ${picture.allocationSize()} bytes`;
      return picture.close();
    }
    // Only when the decoder is emptied does it say what a picture was made of; before, it repeats the last input.
    this.#pictures.push(
      new EmbeddedPicture(picture, format, this.#flushing ? timestamp : undefined),
    );
  }
}

/** How samples lie: as the library says, or as the container does when the size agrees. */
function formatOf(
  picture: NativePicture,
  expected: PixelFormat | undefined,
): PixelFormat | undefined {
  if (NAMED.includes(picture.format)) return picture.format as PixelFormat;
  const size = picture.allocationSize();
  const fits = (format: PixelFormat) =>
    pictureLayout(format, picture.width, picture.height).byteLength === size;
  // Full-range video has formats of its own, which are named nowhere.
  return [expected ?? "I420", "I420" as const].find(fits);
}

class EmbeddedPicture implements DecodedPicture {
  readonly width: number;
  readonly height: number;
  readonly byteLength: number;

  constructor(
    readonly picture: NativePicture,
    readonly format: PixelFormat,
    readonly unit: number | undefined,
  ) {
    this.width = picture.width;
    this.height = picture.height;
    this.byteLength = picture.allocationSize();
  }

  copyTo(target: Uint8Array): void {
    const { buffer, byteOffset } = target;
    this.picture.copyTo(Buffer.from(buffer, byteOffset, this.byteLength));
  }

  close(): void {
    this.picture.close();
  }
}
