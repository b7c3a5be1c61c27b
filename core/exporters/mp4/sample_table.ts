/** A list of unsigned 32-bit numbers in a typed array that grows. */
export class GrowingList {
  #values = new Uint32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Uint32Array(2 * this.#length);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }
}

/**
 * Where the samples of a track lie, how large they are and how long they last: at most twelve bytes a
 * sample, of which durations take none while they stay the same.
 */
export class SampleTable {
  readonly sizes = new GrowingList();
  /** Run lengths and durations, alternating. */
  readonly durations = new GrowingList();
  /** 1-based numbers of the samples that decoding can start at. */
  readonly syncs = new GrowingList();
  /** High and low half of the offset of each chunk, alternating. */
  readonly chunks = new GrowingList();
  readonly samplesPerChunk: number;
  /** Size of every sample while all are equal, else 0. */
  #commonSize = 0;

  constructor(samplesPerChunk: number) {
    this.samplesPerChunk = samplesPerChunk;
  }

  get count(): number {
    return this.sizes.length;
  }

  /** Size of every sample when all are equal, else 0, as `stsz` states it. */
  get commonSize(): number {
    return this.#commonSize;
  }

  /** Adds a sample; how long it lasts is told by {@linkcode SampleTable.addDuration} later. */
  addSample(offset: number, size: number, sync: boolean): void {
    if (this.count % this.samplesPerChunk === 0) {
      this.chunks.push(Math.floor(offset / 2 ** 32));
      this.chunks.push(offset % 2 ** 32);
    }
    this.#commonSize = this.count === 0 || size === this.#commonSize ? size : 0;
    this.sizes.push(size);
    if (sync) this.syncs.push(this.count);
  }

  /** Tells how long the next sample lasts, in ticks. */
  addDuration(ticks: number): void {
    const last = this.durations.length - 2;
    if (last >= 0 && this.durations.at(last + 1) === ticks) {
      this.durations.set(last, this.durations.at(last) + 1);
      return;
    }
    this.durations.push(1);
    this.durations.push(ticks);
  }
}
