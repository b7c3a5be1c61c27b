import type { Kernel, KernelBuffer } from "./kernel.ts";

/** Real and imaginary parts of a spectrum. */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** The smallest power of two that is not below a length. */
export function fftSize(length: number): number {
  let size = 1;
  while (size < length) size *= 2;
  return size;
}

function checkSize(pointer: number, size: number): number {
  if (pointer === 0) throw new RangeError(`Length of a transform must be a power of two: ${size}`);
  return pointer;
}

function checkParts({ re, im }: Spectrum, bins: number): void {
  if (re.length === bins && im.length === bins) return;
  throw new RangeError(`Spectrum must have ${bins} values: it has ${re.length} and ${im.length}`);
}

/**
 * Fourier transform of complex signals of one length, in 64-bit floats: the same bits on every machine.
 * `X[k] = sum of x[n] exp(-2 pi i k n / size)`; the inverse divides by the length.
 */
export class ComplexFft {
  /** Length of the signal. */
  readonly size: number;
  readonly #kernel: Kernel;
  readonly #plan: number;
  readonly #re: KernelBuffer;
  readonly #im: KernelBuffer;

  /** @param size A power of two up to 2^25, else `RangeError`. */
  constructor(kernel: Kernel, size: number) {
    this.#plan = checkSize(kernel.call("sp_fft_new", size) >>> 0, size);
    this.size = size;
    this.#kernel = kernel;
    this.#re = kernel.alloc(8 * size);
    this.#im = kernel.alloc(8 * size);
  }

  /** Spectrum of a signal. Throws `RangeError` when it has another length. */
  forward(signal: Spectrum): Spectrum {
    return this.#run(signal, 0);
  }

  /** Signal of a spectrum. Throws `RangeError` when it has another length. */
  inverse(spectrum: Spectrum): Spectrum {
    return this.#run(spectrum, 1);
  }

  #run(values: Spectrum, inverse: number): Spectrum {
    checkParts(values, this.size);
    const kernel = this.#kernel;
    kernel.f64(this.#re).set(values.re);
    kernel.f64(this.#im).set(values.im);
    kernel.call("sp_fft_run", this.#plan, this.#re.pointer, this.#im.pointer, inverse);
    return { re: kernel.f64(this.#re).slice(), im: kernel.f64(this.#im).slice() };
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#kernel.free(this.#re);
    this.#kernel.free(this.#im);
    this.#kernel.call("sp_fft_free", this.#plan);
  }
}

/**
 * Fourier transform of real signals of one length, in 64-bit floats: the same bits on every machine. A spectrum
 * has `size / 2 + 1` values; the others are their mirror image.
 */
export class RealFft {
  /** Length of the signal. */
  readonly size: number;
  /** Length of the spectrum. */
  readonly bins: number;
  readonly #kernel: Kernel;
  readonly #plan: number;
  readonly #signal: KernelBuffer;
  readonly #re: KernelBuffer;
  readonly #im: KernelBuffer;

  /** @param size A power of two from 2 to 2^25, else `RangeError`. */
  constructor(kernel: Kernel, size: number) {
    this.#plan = checkSize(kernel.call("sp_real_fft_new", size) >>> 0, size);
    this.size = size;
    this.bins = size / 2 + 1;
    this.#kernel = kernel;
    this.#signal = kernel.alloc(8 * size);
    this.#re = kernel.alloc(8 * this.bins);
    this.#im = kernel.alloc(8 * this.bins);
  }

  /** Spectrum of a signal; zeros are appended to a short one. Throws `RangeError` when it is longer than `size`. */
  forward(signal: Float64Array): Spectrum {
    const { length } = signal;
    if (length > this.size) {
      throw new RangeError(`Signal must have at most ${this.size} values: it has ${length}`);
    }
    const kernel = this.#kernel;
    kernel.f64(this.#signal).set(signal);
    const { pointer } = this.#signal;
    const [re, im] = [this.#re.pointer, this.#im.pointer];
    kernel.call("sp_real_fft_forward", this.#plan, pointer, length, re, im);
    return { re: kernel.f64(this.#re).slice(), im: kernel.f64(this.#im).slice() };
  }

  /** Signal of a spectrum. Throws `RangeError` when it has another length. */
  inverse(spectrum: Spectrum): Float64Array {
    checkParts(spectrum, this.bins);
    const kernel = this.#kernel;
    kernel.f64(this.#re).set(spectrum.re);
    kernel.f64(this.#im).set(spectrum.im);
    const { pointer } = this.#signal;
    kernel.call("sp_real_fft_inverse", this.#plan, this.#re.pointer, this.#im.pointer, pointer);
    return kernel.f64(this.#signal).slice();
  }

  /** Gives the memory back. */
  dispose(): void {
    for (const buffer of [this.#signal, this.#re, this.#im]) this.#kernel.free(buffer);
    this.#kernel.call("sp_real_fft_free", this.#plan);
  }
}
