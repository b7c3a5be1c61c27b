/** Options of {@linkcode AudioSource.samples}. */
export interface AudioReadOptions {
  /** First sample. @default {0} */
  readonly from?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sound of one recording, decoded and mixed to one channel. The only way that core hears it. */
export interface AudioSource {
  /** Samples per second by the clock of the recorder. */
  readonly rateHz: number;
  /** Whether reading may begin anywhere at no cost; otherwise what lies before is decoded too. */
  readonly seekable: boolean;
  /** Yields the samples in order, where 1 is full scale. Each block is valid until the next is asked for. */
  samples(options?: AudioReadOptions): AsyncIterable<Float32Array>;
}
