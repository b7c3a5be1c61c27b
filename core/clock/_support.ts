/** Simulated clocks and links with known truth, for tests. */

/** Random numbers that are the same on every machine (Park and Miller 1988). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 7919 + 1) % 2147483647;
    for (let skip = 0; skip < 10; skip++) this.uniform();
  }

  /** Between 0 and 1. */
  uniform(): number {
    this.#state = (this.#state * 48271) % 2147483647;
    return this.#state / 2147483647;
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(this.uniform());
  }
}

/** A link that delivers samples in packets. */
export interface LinkPlan {
  readonly seed: number;
  readonly seconds: number;
  readonly rateHz: number;
  /** Offset of the reference from the device in ns, as a function of true seconds. */
  readonly offsetNs: (seconds: number) => number;
  readonly packet: number;
  readonly minimumDelayMs: number;
  readonly meanDelayMs: number;
  /** Step of the device stamps. */
  readonly quantumNs: number;
  /** Share of packets that wait for up to 2 s, with all behind them. */
  readonly stalls: number;
  /** Share of pairs that are garbage. */
  readonly garbage: number;
  /** Sets the host clock while recording. */
  readonly hostStep?: { readonly at: number; readonly seconds: number };
}

/** Stamps of each sample, and when it was really taken on the host clock. */
export interface LinkTruth {
  readonly device: BigInt64Array;
  readonly host: BigInt64Array;
  readonly truth: BigInt64Array;
}

/** Host time of the start. */
const EPOCH = 1_700_000_000_000_000_000n;

/** A plan with what every link has, to be changed by a test. */
export const PLAIN_LINK: LinkPlan = {
  seed: 1,
  seconds: 3600,
  rateHz: 128,
  offsetNs: (seconds) => 20e-6 * seconds * 1e9,
  packet: 8,
  minimumDelayMs: 5,
  meanDelayMs: 20,
  quantumNs: 1,
  stalls: 0,
  garbage: 0,
};

/** Records one stream over a link. The device clock reads `host - EPOCH + 1e12 - offset`. */
export function simulateLink(plan: LinkPlan): LinkTruth {
  const random = new Random(plan.seed);
  const count = Math.floor(plan.seconds * plan.rateHz / plan.packet) * plan.packet;
  const device = new BigInt64Array(count);
  const host = new BigInt64Array(count);
  const truth = new BigInt64Array(count);
  let free = 0;
  for (let start = 0; start < count; start += plan.packet) {
    const sent = (start + plan.packet - 1) / plan.rateHz;
    const stall = random.uniform() < plan.stalls ? 2 * random.uniform() : 0;
    const delay = (plan.minimumDelayMs + plan.meanDelayMs * random.exponential()) / 1e3;
    free = Math.max(free, sent + delay + stall);
    for (let index = start; index < start + plan.packet; index++) {
      const seconds = index / plan.rateHz;
      const ns = Math.round(seconds * 1e9);
      const { at, seconds: step } = plan.hostStep ?? { at: Infinity, seconds: 0 };
      const set = (time: number) => BigInt(Math.round((time + (time >= at ? step : 0)) * 1e9));
      truth[index] = EPOCH + set(seconds);
      const exact = ns + 1e12 - plan.offsetNs(seconds);
      device[index] = BigInt(Math.round(exact / plan.quantumNs) * plan.quantumNs);
      host[index] = EPOCH + set(free);
      if (random.uniform() < plan.garbage) {
        device[index] = BigInt(Math.round(random.uniform() * 9e15));
      }
    }
  }
  return { device, host, truth };
}
