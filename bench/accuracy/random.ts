/** Random numbers that are the same for the same seed and name: xoshiro128** of Blackman and Vigna. */
export class Random {
  readonly #state = new Uint32Array(4);
  #spare = NaN;

  constructor(seed: number, name: string) {
    let key = (seed + 0x9e3779b9) | 0;
    for (let index = 0; index < name.length; index++) {
      key = Math.imul(key ^ name.charCodeAt(index), 0x01000193);
    }
    for (let word = 0; word < 4; word++) this.#state[word] = scramble(key + word * 0x6d2b79f5);
    for (let skipped = 0; skipped < 16; skipped++) this.bits();
  }

  /** 32 random bits. */
  bits(): number {
    const state = this.#state;
    const [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!];
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const third = c ^ a;
    const fourth = d ^ b;
    state[0] = a ^ fourth;
    state[1] = b ^ third;
    state[2] = third ^ (b << 9);
    state[3] = (fourth << 11) | (fourth >>> 21);
    return result;
  }

  /** Uniform between two bounds. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.bits() + 0.5) / 4294967296;
  }

  /** Normal with mean 0 and standard deviation 1, by the polar method. */
  normal(): number {
    if (!Number.isNaN(this.#spare)) {
      const value = this.#spare;
      this.#spare = NaN;
      return value;
    }
    for (;;) {
      const [x, y] = [this.uniform(-1, 1), this.uniform(-1, 1)];
      const squared = x * x + y * y;
      if (squared >= 1) continue;
      const factor = Math.sqrt(-2 * Math.log(squared) / squared);
      this.#spare = y * factor;
      return x * factor;
    }
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(this.uniform());
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.uniform() * items.length)]!;
  }
}

function scramble(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
