/** Reads bits from front to back. Throws `RangeError` behind the end. */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** Next bit. */
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bits that were read. */
  get position(): number {
    return this.#at;
  }

  /** An unsigned number of up to 32 bits. */
  u(bits: number): number {
    let value = 0;
    for (let nth = 0; nth < bits; nth++, this.#at++) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new RangeError("Cannot read behind the last bit");
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  /** A flag. */
  flag(): boolean {
    return this.u(1) === 1;
  }

  /** An unsigned Exp-Golomb number, ITU-T H.264 9.1. */
  ue(): number {
    let zeros = 0;
    while (!this.flag()) {
      if (++zeros > 32) throw new RangeError("Cannot read a number of more than 32 bits");
    }
    return 2 ** zeros - 1 + this.u(zeros);
  }

  /** A signed Exp-Golomb number, 9.1.1. */
  se(): number {
    const code = this.ue();
    return code % 2 === 1 ? (code + 1) / 2 : 0 - code / 2;
  }
}
