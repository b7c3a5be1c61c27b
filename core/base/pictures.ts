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

/** Zero of the Celsius scale in kelvin. */
export const ZERO_CELSIUS = 273.15;

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
  /** Ticks per second in which the recording states its times, where it has such. */
  readonly timescale?: number;
  /**
   * Yields pictures in the order shown. Damage ends or thins them and is reported, never thrown.
   * Each call starts anew.
   */
  frames(options?: FrameReadOptions): AsyncIterable<VideoFrame>;
  /** What was wrong so far: frames that are missing, damaged, or disagree with the index. */
  readonly issues: readonly Issue[];
  close(): Promise<void>;
}

/** What a container says of coded video, for the one who decodes it. */
export interface CodedVideo {
  /** As in RFC 6381, such as `avc1.64001f`. */
  readonly codec: string;
  /** Size of the coded pictures before they are turned. */
  readonly width: number;
  readonly height: number;
  /** How decoded pictures will lie in memory, where the container tells. */
  readonly format: PixelFormat | undefined;
  /** Contents of the box that configures the decoder: `avcC`, `hvcC` and the like. */
  readonly description: Uint8Array | undefined;
}

/** A coded picture: all bytes that one sample of a container holds. */
export interface CodedUnit {
  /** Position in decoding order. */
  readonly number: number;
  /** Decoding can start here. */
  readonly key: boolean;
  /** At least one byte; the decoder copies what it keeps. */
  readonly data: Uint8Array;
}

/** A picture that a decoder holds until it is closed. */
export interface DecodedPicture {
  readonly format: PixelFormat;
  readonly width: number;
  readonly height: number;
  /** Bytes of all planes, one behind the other without gaps. */
  readonly byteLength: number;
  /** Number of the unit that it was made of; undefined where the decoder does not tell. */
  readonly unit: number | undefined;
  /** Writes the planes to the front of `target`. */
  copyTo(target: Uint8Array): void;
  close(): void;
}

/** What a decoder gives for what it was given. */
export interface Decoded {
  /** In the order shown; of this unit or of some before. */
  readonly pictures: readonly DecodedPicture[];
  /** Why a unit, this one or some before, gave no picture. */
  readonly error: string | undefined;
}

/** One video being decoded. */
export interface PictureDecoding {
  /** Takes the next unit in decoding order. Never rejects for damaged data. */
  decode(unit: CodedUnit): Promise<Decoded>;
  /** Gives all pictures that wait, with their numbers. The next unit must be one where decoding can start. */
  flush(): Promise<Decoded>;
  close(): void;
}

/** Decodes coded pictures that are handed to it one by one. Core has no codecs; whoever runs it may give it one. */
export interface PictureDecoder {
  /** What decodes, such as `node-webcodecs 1.3.0`. Results depend on it. */
  readonly name: string;
  /** Starts on a video; a sentence why not, when it cannot. */
  open(video: CodedVideo): PictureDecoding | string;
}

/** A picture that a program has decoded out of a file. */
export interface FilePicture {
  /** Presentation time in ticks; undefined where the file has none. */
  readonly ticks: number | undefined;
  /** Numerator and denominator of one tick in seconds. */
  readonly tick: readonly [number, number];
  readonly format: PixelFormat;
  readonly width: number;
  readonly height: number;
  /** Planes one behind the other without gaps. Valid until the next picture is asked for. */
  readonly data: Uint8Array;
}

/** Which pictures of a file a program decodes. */
export interface FilePicturesOptions {
  /** Time of the file in seconds at or before which decoding may start; all pictures from there on come. @default {0} */
  readonly fromSeconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A video file as a program sees it. */
export interface FileVideo {
  readonly codec: string;
  /** Size of the pictures before they are turned. */
  readonly width: number;
  readonly height: number;
  /** Frames per second as listed; NaN when not known. */
  readonly nominalFps: number;
  readonly matrix: ColorMatrix | undefined;
  readonly fullRange: boolean;
  /** Degrees by which pictures are turned clockwise to be upright. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Yields the pictures in the order shown. Rejects with `Error` when the program fails; what came before counts. */
  pictures(options?: FilePicturesOptions): AsyncIterable<FilePicture>;
}

/** A program that opens and decodes video files by itself. */
export interface VideoProgram {
  /** What decodes, such as `ffmpeg 7.1`. */
  readonly name: string;
  /**
   * Looks into a file of this machine; a sentence why not, when it cannot be decoded.
   * @param raw Times are those of the samples: an edit list is not applied.
   */
  open(file: string, raw: boolean): Promise<FileVideo | string>;
}

/** The pixels of an image file. */
export interface DecodedImage {
  readonly format: "RGB" | "RGBA" | "GRAY8";
  readonly width: number;
  readonly height: number;
  /** Rows one behind the other without gaps. */
  readonly data: Uint8Array;
  /** Degrees by which it is turned clockwise to be upright. */
  readonly rotation: 0 | 90 | 180 | 270;
}

/** What there is to decode video with. Each is started when it is first needed, or says why it cannot be. */
export interface VideoDecoders {
  /** Decodes pictures that are handed to it. Asked first. */
  pictures(): Promise<PictureDecoder | string>;
  /** Opens files by itself. Asked where the other cannot. */
  program(): Promise<VideoProgram | string>;
  /** Decodes a whole PNG or JPEG file; a sentence why not, when it cannot. */
  image(bytes: Uint8Array): Promise<DecodedImage | string>;
}

/** How pictures are encoded. */
export interface EncodingOptions {
  /** Both even. */
  readonly width: number;
  readonly height: number;
  /** By which bits are shared out. */
  readonly framesPerSecond: number;
  readonly bitsPerSecond: number;
}

/** Pictures being encoded as H.264, in the order given. */
export interface PictureEncoding {
  /**
   * Takes a picture as `I420` without gaps and gives the coded pictures that are done, with start codes (annex B).
   * Rejects with `Error` when it cannot encode.
   * @param number Given back with the coded picture.
   * @param key Decoding can start here.
   */
  encode(picture: Uint8Array, number: number, key: boolean): Promise<readonly CodedUnit[]>;
  /** Gives what waits. */
  flush(): Promise<readonly CodedUnit[]>;
  close(): void;
}

/** Encodes pictures as H.264. Core has no codecs; whoever runs it may give it one. */
export interface PictureEncoder {
  /** What encodes, such as `node-webcodecs 1.3.0`. */
  readonly name: string;
  /** Starts; a sentence why not, when it cannot. */
  open(options: EncodingOptions): PictureEncoding | string;
}
