/** Small seeded generator (xorshift32, Marsaglia 2003): equal seeds give equal tests everywhere. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0 || 1;
  }

  /** A float from 0 up to 1. */
  next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    this.#state >>>= 0;
    return this.#state / 2 ** 32;
  }

  /** A whole number from 0 up to `below`. */
  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** One of some things. Throws `RangeError` when there are none. */
  pick<Thing>(things: readonly Thing[]): Thing {
    const thing = things[this.integer(things.length)];
    if (thing === undefined) throw new RangeError("Cannot pick from an empty list");
    return thing;
  }
}
