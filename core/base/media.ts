import type { AudioSource } from "./audio.ts";

/** How the pictures of a video are read. */
export interface BrightnessOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Decodes compressed sound and pictures. Core has no codecs; whoever runs it may give it one. */
export interface MediaDecoder {
  /** What decodes, such as `ffmpeg 7.1`. Results depend on it. */
  readonly name: string;
  /** Sound of a file of the session at a rate; its first sample is at time 0 of the file. Undefined without sound. */
  openAudio(path: string, rateHz: number): Promise<AudioSource | undefined>;
  /** Yields the mean brightness (0 to 1) of each picture of the first video track, in the order shown. */
  brightness(path: string, options?: BrightnessOptions): AsyncIterable<Float64Array>;
}
