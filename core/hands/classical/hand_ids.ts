import { boxOverlap } from "../boxes.ts";
import type { PixelBox } from "../model.ts";

/** A hand that was seen. */
export interface SeenHand {
  readonly id: number;
  readonly box: PixelBox;
  /** Pictures since. */
  readonly age: number;
}

/** What is carried from picture to picture. */
export interface HandIdState {
  readonly next: number;
  readonly seen: readonly SeenHand[];
}

/** Boxes that share less of their union are of different hands. */
const LEAST_OVERLAP = 0.15;
/** Pictures for which a hand that is not seen is waited for. */
const PATIENCE = 10;

/** Gives hands their ids: the same while boxes overlap from picture to picture. */
export class HandIds {
  #next = 0;
  #seen: readonly SeenHand[] = [];

  /** Ids of the hands of the next picture, in their order; those that overlap most are the same. */
  assign(boxes: readonly PixelBox[]): number[] {
    const pairs = boxes.flatMap((box, at) =>
      this.#seen.map((hand) => ({ at, hand, overlap: boxOverlap(box, hand.box) }))
    ).filter(({ overlap }) => overlap >= LEAST_OVERLAP);
    pairs.sort((a, b) => b.overlap - a.overlap || a.hand.id - b.hand.id || a.at - b.at);
    const ids = new Map<number, number>();
    const used = new Set<number>();
    for (const { at, hand } of pairs) {
      if (ids.has(at) || used.has(hand.id)) continue;
      ids.set(at, hand.id);
      used.add(hand.id);
    }
    const found = boxes.map((box, at) => ({ id: ids.get(at) ?? this.#next++, box, age: 0 }));
    const waiting = this.#seen.filter(({ id, age }) => !used.has(id) && age < PATIENCE);
    this.#seen = [...found, ...waiting.map((hand) => ({ ...hand, age: hand.age + 1 }))];
    return found.map(({ id }) => id);
  }

  /** Forgets the hands, but not which ids are taken. */
  reset(): void {
    this.#seen = [];
  }

  save(): HandIdState {
    return { next: this.#next, seen: this.#seen };
  }

  restore({ next, seen }: HandIdState): void {
    this.#next = next;
    this.#seen = seen;
  }
}
