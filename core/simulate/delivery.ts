import { logarithm } from "../base/mod.ts";
import { keyOf, uniformAt } from "./numeric/random.ts";
import type { DeliveryPlan, GapPlan, SamplingPlan } from "./plan.ts";
import { RunBuilder } from "./runs.ts";
import type { SampleTimes } from "./sampling.ts";

/** Most rows of one batch. */
export const BATCH_ROWS = 4096;

/** Rows to write, in file order. */
export class SampleBatch {
  /** Samples in the batch. */
  length = 0;
  /** Number of each sample, as its sensor counts them. */
  readonly samples: Float64Array = new Float64Array(BATCH_ROWS);
  /** True time of each sample, ns since the start of the session. */
  readonly trueNs: Float64Array = new Float64Array(BATCH_ROWS);
  /** True time at which each sample reached its host, in the same unit. */
  readonly arrivalNs: Float64Array = new Float64Array(BATCH_ROWS);
}

/** What went wrong on the way, counted in samples. */
export interface LossCounts {
  dropped: number;
  inGaps: number;
  duplicated: number;
  reordered: number;
}

/** What a {@linkcode SampleDelivery} needs. */
export interface DeliveryOptions {
  readonly plan: SamplingPlan;
  readonly delivery?: DeliveryPlan | undefined;
  readonly seed: number;
  readonly id: string;
  /** Row of the first sample. @default {0} */
  readonly firstRow?: number;
}

/** Carries samples from sensor to file: packets, delays, losses, copies and wrong order. */
export class SampleDelivery {
  readonly runs: RunBuilder;
  readonly losses: LossCounts = { dropped: 0, inGaps: 0, duplicated: 0, reordered: 0 };
  readonly #times: SampleTimes;
  readonly #plan: SamplingPlan;
  readonly #delivery: DeliveryPlan;
  readonly #packet: number;
  readonly #keys: { delay: number; drop: number; copy: number; order: number };
  #nextPacket = 0;
  #held = -1;
  #arrivalNs = 0;

  constructor(times: SampleTimes, { plan, delivery, seed, id, firstRow }: DeliveryOptions) {
    this.runs = new RunBuilder(firstRow);
    this.#times = times;
    this.#plan = plan;
    this.#delivery = delivery ?? {};
    this.#packet = this.#delivery.packet ?? 1;
    this.#keys = {
      delay: keyOf(seed, `${id} delay`),
      drop: keyOf(seed, `${id} drop`),
      copy: keyOf(seed, `${id} copy`),
      order: keyOf(seed, `${id} order`),
    };
  }

  /** Fills a batch with the next rows. Returns false when there are no more. */
  next(batch: SampleBatch): boolean {
    batch.length = 0;
    const packets = Math.ceil(this.#times.rule.samples / this.#packet);
    while (batch.length + 4 * this.#packet <= BATCH_ROWS) {
      if (this.#nextPacket >= packets && this.#held < 0) break;
      this.#step(batch, packets);
    }
    return batch.length > 0;
  }

  /** Sends one packet, or holds it back until the one behind it has been sent. */
  #step(batch: SampleBatch, packets: number): void {
    const held = this.#held;
    const packet = this.#nextPacket++;
    this.#held = -1;
    if (held < 0 && packet < packets - 1 && this.#isLate(packet)) {
      this.#held = packet;
      return;
    }
    if (packet < packets) this.#send(packet, batch);
    if (held < 0) return;
    const before = batch.length;
    this.#send(held, batch);
    this.losses.reordered += batch.length - before;
  }

  #isLate(packet: number): boolean {
    const rate = this.#plan.reorderRate ?? 0;
    return rate > 0 && uniformAt(this.#keys.order, packet) < rate;
  }

  #send(packet: number, batch: SampleBatch): void {
    const first = packet * this.#packet;
    const end = Math.min(first + this.#packet, this.#times.rule.samples);
    this.#arrivalNs = Math.max(this.#arrivalNs, this.#arrivalOf(packet, end - 1));
    for (let sample = first; sample < end; sample++) this.#sendSample(sample, batch);
  }

  #sendSample(sample: number, batch: SampleBatch): void {
    const trueNs = this.#times.trueNs(sample);
    if (insideAny(this.#plan.gaps, trueNs)) {
      this.losses.inGaps++;
    } else if (this.#happens(this.#plan.dropRate, this.#keys.drop, sample)) {
      this.losses.dropped++;
    } else {
      this.#write(sample, trueNs, batch);
      if (this.#happens(this.#plan.duplicateRate, this.#keys.copy, sample)) {
        this.losses.duplicated++;
        this.#write(sample, trueNs, batch);
      }
    }
  }

  #happens(rate: number | undefined, key: number, sample: number): boolean {
    return rate !== undefined && rate > 0 && uniformAt(key, sample) < rate;
  }

  #write(sample: number, trueNs: number, batch: SampleBatch): void {
    batch.samples[batch.length] = sample;
    batch.trueNs[batch.length] = trueNs;
    batch.arrivalNs[batch.length] = this.#arrivalNs;
    batch.length++;
    this.runs.add(sample);
  }

  #arrivalOf(packet: number, lastSample: number): number {
    const { minDelaySeconds = 0, meanDelaySeconds = 0, stalls } = this.#delivery;
    let delay = minDelaySeconds * 1e9;
    if (meanDelaySeconds > 0) {
      delay -= meanDelaySeconds * 1e9 * logarithm(uniformAt(this.#keys.delay, packet));
    }
    return Math.round(afterStalls(stalls, this.#times.trueNs(lastSample) + delay));
  }
}

function insideAny(gaps: readonly GapPlan[] | undefined, trueNs: number): boolean {
  if (gaps === undefined) return false;
  return gaps.some(({ atSeconds, seconds }) =>
    trueNs >= atSeconds * 1e9 && trueNs < (atSeconds + seconds) * 1e9
  );
}

function afterStalls(stalls: readonly GapPlan[] | undefined, trueNs: number): number {
  let arrival = trueNs;
  for (const { atSeconds, seconds } of stalls ?? []) {
    const end = (atSeconds + seconds) * 1e9;
    if (arrival >= atSeconds * 1e9 && arrival < end) arrival = end;
  }
  return arrival;
}
