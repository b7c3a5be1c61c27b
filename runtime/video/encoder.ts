import { Buffer } from "node:buffer";
import {
  type CodedUnit,
  type EncodingOptions,
  type PictureEncoder,
  type PictureEncoding,
  reasonOf,
} from "../../core/base/mod.ts";
import {
  BINDING_VERSION,
  loadBinding,
  type NativeBinding,
  type NativeEncoder,
} from "./native_binding.ts";

/** Fewest columns and rows that the encoder takes. */
const MIN_SIDE = 16;

/**
 * Loads the H.264 encoder that is installed with the package (openh264 under BSD-2-Clause), for clips to look at.
 *
 * It is part of the library of `embeddedDecoder`, with the same needs. Gives a sentence that says why and what helps
 * when it cannot be loaded. It says a word or two on the standard error output when it starts.
 *
 * @example
 * ```ts
 * import { embeddedEncoder } from "session-process/video";
 * import assert from "node:assert/strict";
 *
 * const encoder = await embeddedEncoder();
 * if (typeof encoder !== "string") assert.match(encoder.name, /openh264/);
 * ```
 */
export async function embeddedEncoder(): Promise<PictureEncoder | string> {
  const binding = await loadBinding();
  if (typeof binding === "string") return binding;
  return {
    name: `openh264 of node-webcodecs ${BINDING_VERSION}`,
    open(options) {
      const { width, height } = options;
      if (Math.min(width, height) < MIN_SIDE) {
        return `the embedded encoder takes no ${width} x ${height} pixels`;
      }
      try {
        return new EmbeddedEncoding(binding, options);
      } catch (error) {
        return `the embedded encoder cannot start: ${reasonOf(error)}`;
      }
    },
  };
}

/** One clip at the library's encoder, which works within each call. */
class EmbeddedEncoding implements PictureEncoding {
  readonly #binding: NativeBinding;
  readonly #encoder: NativeEncoder;
  readonly #size: Pick<EncodingOptions, "width" | "height">;
  #units: CodedUnit[] = [];
  #error: string | undefined;

  constructor(binding: NativeBinding, options: EncodingOptions) {
    const { width, height, bitsPerSecond, framesPerSecond } = options;
    this.#binding = binding;
    this.#size = { width, height };
    this.#encoder = new binding.VideoEncoderNative(
      (data, key, number) => void this.#units.push({ data: Uint8Array.from(data), key, number }),
      (message) => this.#error ??= message,
    );
    this.#encoder.configure({
      codec: "libopenh264",
      width,
      height,
      bitrate: bitsPerSecond,
      framerate: Math.max(1, Math.round(framesPerSecond)),
      avcFormat: "annexb",
      hardwareAcceleration: "prefer-software",
      latencyMode: "realtime",
    });
  }

  encode(picture: Uint8Array, number: number, key: boolean): Promise<readonly CodedUnit[]> {
    return this.#collect(() => {
      const { buffer, byteOffset, byteLength } = picture;
      const { width, height } = this.#size;
      const bytes = Buffer.from(buffer, byteOffset, byteLength);
      const frame = this.#binding.createVideoFrame(bytes, "I420", width, height);
      try {
        this.#encoder.encode(frame, number, key);
      } finally {
        frame.close();
      }
    });
  }

  flush(): Promise<readonly CodedUnit[]> {
    return this.#collect(() => this.#encoder.flush(() => {}));
  }

  close(): void {
    this.#encoder.close();
  }

  #collect(work: () => void): Promise<readonly CodedUnit[]> {
    work();
    if (this.#error !== undefined) return Promise.reject(new Error(this.#error));
    const units = this.#units;
    this.#units = [];
    return Promise.resolve(units);
  }
}
