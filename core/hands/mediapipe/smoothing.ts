import type { FrameFacts } from "../model.ts";
import type { SeenHand } from "./follow.ts";

/** How landmarks are smoothed (Casiez, Roussel and Vogel 2012, the One-Euro filter). */
export interface SmoothingOptions {
  /** Lowest cut-off in hertz: the less, the steadier a resting hand. @default {1} */
  readonly minCutoffHz?: number;
  /** How much faster the filter follows a moving hand: hertz per side of the hand's region and second. @default {10} */
  readonly speedCoefficient?: number;
  /** Cut-off of the speed itself in hertz. @default {1} */
  readonly speedCutoffHz?: number;
}

/** What a smoother carries from picture to picture. */
export interface SmootherState {
  readonly values: readonly number[];
  readonly speeds: readonly number[];
}

/** Smooths the landmarks of one hand. Times are only differences: none is moved. */
export class LandmarkSmoother {
  readonly #options: Required<SmoothingOptions>;
  #values: number[] | undefined;
  #speeds: number[] = [];

  constructor(options: SmoothingOptions = {}) {
    this.#options = { minCutoffHz: 1, speedCoefficient: 10, speedCutoffHz: 1, ...options };
  }

  /**
   * Smooths values in place.
   *
   * @param seconds Since the values before. @param scale What one unit of motion is: the size of the hand.
   */
  apply(values: Float32Array, seconds: number, scale: number): void {
    const before = this.#values;
    if (before === undefined || !(seconds > 0) || !(scale > 0)) {
      this.#values = [...values];
      this.#speeds = this.#values.map(() => 0);
      return;
    }
    const { minCutoffHz, speedCoefficient, speedCutoffHz } = this.#options;
    const speedWeight = weight(speedCutoffHz, seconds);
    for (let index = 0; index < values.length; index++) {
      const speed = (values[index]! - before[index]!) / seconds / scale;
      const smoothed = this.#speeds[index]! + speedWeight * (speed - this.#speeds[index]!);
      const cutoff = minCutoffHz + speedCoefficient * Math.abs(smoothed);
      const value = before[index]! + weight(cutoff, seconds) * (values[index]! - before[index]!);
      this.#speeds[index] = smoothed;
      before[index] = value;
      values[index] = value;
    }
  }

  save(): SmootherState | undefined {
    return this.#values && { values: [...this.#values], speeds: [...this.#speeds] };
  }

  restore(state: SmootherState | undefined): void {
    this.#values = state && [...state.values];
    this.#speeds = [...state?.speeds ?? []];
  }
}

/** Share of the new value in an exponential mean of a cut-off. */
function weight(cutoffHz: number, seconds: number): number {
  const turns = 2 * Math.PI * cutoffHz * seconds;
  return turns / (turns + 1);
}

/** Seconds from one picture to the next where no times are known. */
const FRAME_SECONDS = 1 / 30;
/** About how large a hand is in metres, for speeds in the world. */
const HAND_METRES = 0.2;

/** What {@linkcode HandSmoothers} carry from picture to picture. */
export interface HandSmoothersState {
  readonly index: number | null;
  /** Time of the picture before, as text, for JSON has no such integers. */
  readonly timeNs: string | null;
  readonly hands: readonly {
    readonly id: number;
    readonly landmarks: SmootherState | undefined;
    readonly world: SmootherState | undefined;
  }[];
}

/** Of one hand. */
interface Smoothers {
  readonly landmarks: LandmarkSmoother;
  readonly world: LandmarkSmoother;
}

/** Smooths the landmarks of all hands that are followed. */
export class HandSmoothers {
  readonly #options: SmoothingOptions | undefined;
  #hands = new Map<number, Smoothers>();
  #before: FrameFacts | undefined;

  /** @param options Absent: nothing is smoothed. */
  constructor(options: SmoothingOptions | undefined) {
    this.#options = options;
  }

  /** Smooths in place. Hands that are no longer seen are forgotten. */
  apply(seen: readonly SeenHand[], frame: FrameFacts): void {
    if (this.#options === undefined) return;
    const seconds = secondsBetween(this.#before, frame);
    const hands = new Map<number, Smoothers>();
    for (const { hand, reading } of seen) {
      const smoothers = this.#hands.get(hand.id) ?? this.#smoothers();
      hands.set(hand.id, smoothers);
      smoothers.landmarks.apply(reading.landmarks, seconds, hand.region.size);
      if (reading.world !== undefined) smoothers.world.apply(reading.world, seconds, HAND_METRES);
    }
    this.#hands = hands;
    this.#before = frame;
  }

  clear(): void {
    this.#hands = new Map();
    this.#before = undefined;
  }

  save(): HandSmoothersState {
    return {
      index: this.#before?.index ?? null,
      timeNs: this.#before?.timeNs?.toString() ?? null,
      hands: [...this.#hands].map(([id, { landmarks, world }]) => ({
        id,
        landmarks: landmarks.save(),
        world: world.save(),
      })),
    };
  }

  restore({ index, timeNs, hands }: HandSmoothersState): void {
    this.#before = index === null
      ? undefined
      : { index, timeNs: timeNs === null ? undefined : BigInt(timeNs) };
    this.#hands = new Map(hands.map(({ id, landmarks, world }) => {
      const smoothers = this.#smoothers();
      smoothers.landmarks.restore(landmarks);
      smoothers.world.restore(world);
      return [id, smoothers];
    }));
  }

  #smoothers(): Smoothers {
    return {
      landmarks: new LandmarkSmoother(this.#options),
      world: new LandmarkSmoother(this.#options),
    };
  }
}

function secondsBetween(before: FrameFacts | undefined, { index, timeNs }: FrameFacts): number {
  if (before === undefined) return 0;
  if (before.timeNs === undefined || timeNs === undefined) {
    return (index - before.index) * FRAME_SECONDS;
  }
  return Number(timeNs - before.timeNs) / 1e9;
}
