const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/** Powers of ten for {@linkcode TextWriter.fixed}. */
const POWERS = [1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** Writes ASCII text and decimal numbers into a buffer of fixed size. */
export class TextWriter {
  /** Bytes written since the last {@linkcode TextWriter.clear}. */
  length = 0;
  readonly #bytes: Uint8Array;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** What was written; valid until the next write after a clear. */
  written(): Uint8Array {
    if (this.length > this.#bytes.length) {
      throw new RangeError(
        `Cannot hold the text: ${this.length} bytes in a buffer of ${this.#bytes.length}`,
      );
    }
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  /** One ASCII character. */
  byte(code: number): void {
    this.#bytes[this.length++] = code;
  }

  /** Bytes prepared before, such as a device id. */
  text(bytes: Uint8Array): void {
    for (let index = 0; index < bytes.length; index++) this.#bytes[this.length++] = bytes[index]!;
  }

  /** A whole number below 2^53. */
  integer(value: number): void {
    if (value < 0) this.#bytes[this.length++] = MINUS;
    const size = Math.abs(value);
    if (size < 1e9) return this.#digits(size, digitCount(size));
    const high = Math.floor(size / 1e9);
    const low = size - high * 1e9;
    if (high >= 1e9) throw new RangeError(`Cannot write as a whole number: ${value}`);
    this.#digits(high, digitCount(high));
    this.#digits(low, 9);
  }

  /** A whole number with leading zeros. */
  padded(value: number, digits: number): void {
    this.#digits(value, digits);
  }

  /** A number with a fixed count of decimals, rounded half up; its size stays below 1e9. */
  fixed(value: number, decimals: number): void {
    const power = POWERS[decimals]!;
    const scaled = Math.round(Math.abs(value) * power);
    if (value < 0 && scaled > 0) this.#bytes[this.length++] = MINUS;
    const whole = Math.floor(scaled / power);
    this.#digits(whole, digitCount(whole));
    if (decimals === 0) return;
    this.#bytes[this.length++] = POINT;
    this.#digits(scaled - whole * power, decimals);
  }

  #digits(value: number, count: number): void {
    let rest = value | 0;
    this.length += count;
    for (let place = this.length - 1; count > 0; count--, place--) {
      const next = (rest / 10) | 0;
      this.#bytes[place] = ZERO + rest - next * 10;
      rest = next;
    }
  }
}

/** Decimal digits of a whole number from 0 to 999,999,999. */
function digitCount(value: number): number {
  if (value < 1e4) {
    if (value < 100) return value < 10 ? 1 : 2;
    return value < 1000 ? 3 : 4;
  }
  if (value < 1e6) return value < 1e5 ? 5 : 6;
  if (value < 1e8) return value < 1e7 ? 7 : 8;
  return 9;
}
