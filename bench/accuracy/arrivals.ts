import type { Condition } from "./condition.ts";
import type { Random } from "./random.ts";
import type { TrueClock } from "./true_clock.ts";

/** Samples of a wireless sensor and the host's stamps of their arrival. */
export interface Arrivals {
  readonly taken: Float64Array;
  readonly stamps: BigInt64Array;
  readonly hostNs: BigInt64Array;
}

/** What every transfer takes at least. */
export const SMALLEST_DELAY_NS = 5e6;

/** The host stamps the nearest whole millisecond. */
export const HOST_UNIT_NS = 1e6;

const UNIT = BigInt(HOST_UNIT_NS);
const PACKET = 8;
const TICK_NS = 1e9 / 32768;

/**
 * Draws samples that the device takes by its own ticks and sends in packets of 8.
 *
 * A transfer takes 5 ms and 20 ms more on average; one in a hundred stalls for up to 2 s, and holds up all behind
 * it.
 */
export function drawArrivals(
  random: Random,
  { seconds, rateHz }: Condition,
  clock: TrueClock,
  masterStart: bigint,
): Arrivals {
  const ticks = Math.round(32768 / rateHz);
  const start = clock.deviceAt(random.uniform(0, 1e9));
  const count = Math.floor(seconds * 1e9 / (ticks * TICK_NS) / PACKET) * PACKET;
  const stamps = new BigInt64Array(count);
  const taken = new Float64Array(count);
  const hostNs = new BigInt64Array(count);
  let arrived = 0;
  for (let index = 0; index < count; index++) {
    stamps[index] = start + BigInt(Math.round(index * ticks * TICK_NS));
    taken[index] = clock.masterAt(stamps[index]!, 0);
    if (index % PACKET !== PACKET - 1) continue;
    const stall = random.chance(0.01) ? random.uniform(0, 2e9) : 0;
    const delay = SMALLEST_DELAY_NS + 20e6 * random.exponential() + stall;
    arrived = Math.max(arrived, taken[index]! + delay);
    const host = (masterStart + BigInt(Math.round(arrived)) + UNIT / 2n) / UNIT * UNIT;
    hostNs.fill(host, index - PACKET + 1, index + 1);
  }
  return { taken, stamps, hostNs };
}
