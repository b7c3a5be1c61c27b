/** Samples of one block. */
export const BLOCK_SAMPLES = 4096;

/** What the index says of one sample. Ticks are of the track. */
export interface Sample {
  /** Presentation time in ticks. */
  pts: number;
  /** Decoding time in ticks. */
  dts: number;
  /** How long it lasts in decoding order, in ticks. */
  duration: number;
  /** Bytes. */
  size: number;
  /** Byte of the file where its data start. */
  offset: number;
  /** Decoding can start here: 1, else 0. */
  sync: number;
  /** All its bytes are in the file: 1, else 0. */
  available: number;
}

/** A sample of which nothing is known yet. */
export function emptySample(): Sample {
  return { pts: 0, dts: 0, duration: 0, size: 0, offset: 0, sync: 0, available: 0 };
}

/** Some consecutive samples, column by column; overwritten when the next block is asked for. */
export class SampleBlock {
  readonly pts = new Float64Array(BLOCK_SAMPLES);
  readonly dts = new Float64Array(BLOCK_SAMPLES);
  readonly durations = new Float64Array(BLOCK_SAMPLES);
  readonly sizes = new Float64Array(BLOCK_SAMPLES);
  readonly offsets = new Float64Array(BLOCK_SAMPLES);
  /** Position in decoding order. */
  readonly indices = new Float64Array(BLOCK_SAMPLES);
  readonly syncs = new Uint8Array(BLOCK_SAMPLES);
  readonly available = new Uint8Array(BLOCK_SAMPLES);
  length = 0;

  get full(): boolean {
    return this.length === BLOCK_SAMPLES;
  }

  /** Appends a sample. Only while the block is not full. */
  push(sample: Readonly<Sample>, index: number): void {
    const at = this.length++;
    this.pts[at] = sample.pts;
    this.dts[at] = sample.dts;
    this.durations[at] = sample.duration;
    this.sizes[at] = sample.size;
    this.offsets[at] = sample.offset;
    this.indices[at] = index;
    this.syncs[at] = sample.sync;
    this.available[at] = sample.available;
  }
}
