import { reasonOf } from "../../core/base/mod.ts";
import process from "node:process";

/** A picture that the library holds. */
export interface NativePicture {
  /** `I420` and the like; empty where WebCodecs has no name for it. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** Bytes of all planes without gaps. */
  allocationSize(): number;
  copyTo(target: Uint8Array): void;
  close(): void;
}

/** A decoder of the library that does its work within each call. */
export interface NativeDecoder {
  configure(options: Readonly<Record<string, unknown>>): void;
  decode(data: Uint8Array, key: boolean, timestamp: number, duration: number): void;
  flush(done: () => void): void;
  /** Forgets everything that was decoded. */
  reset(): void;
  close(): void;
}

/** An encoder of the library that does its work within each call. */
export interface NativeEncoder {
  configure(options: Readonly<Record<string, unknown>>): void;
  encode(picture: NativePicture, timestamp: number, key: boolean): void;
  flush(done: () => void): void;
  close(): void;
}

/** What the native library of node-webcodecs offers, as far as it is used. */
export interface NativeBinding {
  readonly VideoDecoderNative: new (
    output: (picture: NativePicture, timestamp: number) => void,
    error: (message: string) => void,
  ) => NativeDecoder;
  readonly VideoEncoderNative: new (
    output: (data: Uint8Array, key: boolean, timestamp: number) => void,
    error: (message: string) => void,
  ) => NativeEncoder;
  createVideoFrame(
    data: Uint8Array,
    format: string,
    width: number,
    height: number,
  ): NativePicture;
  getFFmpegVersion(): { readonly avcodec: string };
}

/** Version of the library that these types describe. It is given exactly: the binding has no promise to stay. */
export const BINDING_VERSION = "1.3.0";

/** The package that holds the library for this machine. */
export function bindingPackage(): string {
  return `@node-webcodecs/static-${process.platform}-${process.arch}`;
}

/** Loads the library, or says why it cannot be loaded and what helps. */
export async function loadBinding(): Promise<NativeBinding | string> {
  const name = bindingPackage();
  try {
    const { default: binding } = await import(name) as { default: NativeBinding };
    if (typeof binding.VideoDecoderNative === "function") return binding;
    return `${name} is not version ${BINDING_VERSION}`;
  } catch (error) {
    if (error instanceof Error && error.name === "NotCapable") {
      return "it needs the permission --allow-ffi, because it is a native library";
    }
    return `${name} ${BINDING_VERSION} cannot be loaded: ${reasonOf(error).split("\n")[0]}`;
  }
}
