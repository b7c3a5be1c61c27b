import type { Issue } from "./issue.ts";

/**
 * How the samples of a picture lie in memory; names as in WebCodecs.
 *
 * `I420`, `I422` and `I444` are planes of luma and two of chroma; their `P10` forms have 16-bit little-endian
 * samples of which the low 10 bits count. `NV12` interleaves the chroma of `I420`. `RGB` and `RGBA` are
 * interleaved, `GRAY8` has one plane. An odd size rounds the size of chroma up.
 */
export type PixelFormat =
  | "I420"
  | "I422"
  | "I444"
  | "I420P10"
  | "I422P10"
  | "I444P10"
  | "NV12"
  | "RGB"
  | "RGBA"
  | "GRAY8";

/** How luma and chroma make colours (ITU-T H.273); where a file does not say, `bt601` up to 576 lines, else `bt709`. */
export type ColorMatrix = "bt601" | "bt709" | "bt2020";

/** One plane of a picture. */
export interface PicturePlane {
  /** First byte within the data. */
  readonly offset: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
}

/** The pixels of one picture, as decoded. */
export interface Picture {
  readonly format: PixelFormat;
  /** Columns and rows of the visible area, before any rotation. */
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly planes: readonly PicturePlane[];
  /** For luma and chroma alone. */
  readonly matrix: ColorMatrix;
  /** Whether luma and chroma use all 256 values instead of 16 to 235 and 16 to 240. */
  readonly fullRange: boolean;
  /** Degrees by which the picture is turned clockwise to be upright. */
  readonly rotation: 0 | 90 | 180 | 270;
}

/** What a thermal camera measured, pixel by pixel. */
export interface ThermalValues {
  /** Sensor values row by row, of the size of the picture. */
  readonly raw: Uint16Array;
  /** Sensor value per kelvin. */
  readonly divisor: number;
}

/** A picture of a recording. Its data are valid until the next picture is asked for. */
export interface VideoFrame extends Picture {
  /** Position among all frames as shown, from 0; frames that could not be decoded leave a hole. */
  readonly index: number;
  /** Time of showing on the media clock of the recording, ns; undefined where it is not known. */
  readonly timeNs: bigint | undefined;
  /** Of thermal recordings: what the picture was made from. */
  readonly thermal?: ThermalValues;
}

/** Which pictures are read. */
export interface FrameReadOptions {
  /** First frame, by its index. @default {0} */
  readonly from?: number;
  /** One past the last frame. Absent: all. */
  readonly to?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A recording whose pictures can be read. Core has no codecs; whoever runs it gives it one of these. */
export interface FrameSource {
  /** What decodes, such as `ffmpeg 7.1`. Results depend on it. */
  readonly decoder: string;
  /** Codec or kind of file in a word or two, such as `h264` or `thermal`. */
  readonly codec: string;
  /** Size of the upright pictures. */
  readonly width: number;
  readonly height: number;
  /** Frames that the index of the file lists; undefined where there is no index. */
  readonly frameCount: number | undefined;
  /** Frames per second as listed, for progress and previews; NaN when not known. */
  readonly nominalFps: number;
  /**
   * Yields pictures in the order shown. Damage ends or thins them and is reported, never thrown.
   * Each call starts anew.
   */
  frames(options?: FrameReadOptions): AsyncIterable<VideoFrame>;
  /** What was wrong so far: frames that are missing, damaged, or disagree with the index. */
  readonly issues: readonly Issue[];
  close(): Promise<void>;
}
