import { type HandRegion, landmarkRegion, regionOverlap } from "./geometry.ts";
import type { HandReading } from "./networks.ts";

/** Regions that share more than this show one hand. */
const SAME_REGION = 0.5;
/** Landmarks that lie nearer than this on average, in sides of the region, are of one hand. */
const SAME_LANDMARKS = 0.1;
/** A hand that is found with more than this of its box within that of another is part of it. */
const SAME_PLACE = 0.6;
/** A hand that was lost is taken up again where its region shares this much with that of the new one. */
const TAKEN_UP = 0.3;
/** For so many pictures a lost hand is remembered. */
const REMEMBERED = 15;
/** Readings of which the mean tells the side of a hand; older ones fade. */
const SIDE_READINGS = 30;

/** A hand that is followed from picture to picture. */
export interface FollowedHand {
  readonly id: number;
  /** Where it is looked for in the next picture. */
  readonly region: HandRegion;
  /** Mean probability of a right hand; undefined where the network tells none. */
  readonly right: number | undefined;
  /** Pictures in which it was seen. */
  readonly seen: number;
}

/** A hand that is no longer seen. */
interface LostHand extends FollowedHand {
  /** Pictures since it was seen. */
  readonly absent: number;
}

/** A hand in the picture at hand. */
export interface SeenHand {
  readonly hand: FollowedHand;
  readonly reading: HandReading;
}

/** What {@linkcode HandBook} carries from picture to picture. */
export interface HandBookState {
  readonly followed: readonly FollowedHand[];
  readonly lost: readonly LostHand[];
  readonly nextId: number;
}

/** Which hands are followed, which were lost of late, and their ids. */
export class HandBook {
  #followed: readonly FollowedHand[] = [];
  #lost: readonly LostHand[] = [];
  #nextId = 0;

  /** Hands of the picture before. */
  get followed(): readonly FollowedHand[] {
    return this.#followed;
  }

  /** A hand that was found anew: one that was lost here of late, or a new one. */
  enter(reading: HandReading): FollowedHand {
    const region = landmarkRegion(reading.landmarks);
    const known = this.#lost
      .map((hand) => ({ hand, shared: regionOverlap(hand.region, region) }))
      .filter(({ shared }) => shared > TAKEN_UP)
      .sort((a, b) => b.shared - a.shared)[0]?.hand;
    if (known === undefined) {
      return { id: this.#nextId++, region, right: reading.right, seen: 1 };
    }
    this.#lost = this.#lost.filter((hand) => hand !== known);
    return moved(known, reading);
  }

  /** Ends a picture: what was seen in it is followed, what was not is lost. */
  turn(seen: readonly FollowedHand[]): void {
    const ids = new Set(seen.map(({ id }) => id));
    // Twice in the book, a hand would give its id to two.
    const lost = new Set(this.#lost.map(({ id }) => id));
    const gone = this.#followed.filter(({ id }) => !ids.has(id) && !lost.has(id));
    this.#lost = [
      ...this.#lost.map((hand) => ({ ...hand, absent: hand.absent + 1 })),
      ...gone.map((hand) => ({ ...hand, absent: 1 })),
    ].filter(({ id, absent }) => !ids.has(id) && absent <= REMEMBERED);
    this.#followed = seen;
  }

  /** Puts a hand that is no longer seen where `enter` finds it, before the picture ends. */
  lose(hand: FollowedHand): void {
    this.#lost = [...this.#lost, { ...hand, absent: 0 }];
  }

  /** Forgets all hands. Their ids are not used again. */
  clear(): void {
    this.#followed = [];
    this.#lost = [];
  }

  save(): HandBookState {
    return { followed: this.#followed, lost: this.#lost, nextId: this.#nextId };
  }

  restore({ followed, lost, nextId }: HandBookState): void {
    this.#followed = followed;
    this.#lost = lost;
    this.#nextId = nextId;
  }
}

/** A hand as it is after one more reading. */
export function moved(hand: FollowedHand, { landmarks, right }: HandReading): FollowedHand {
  const seen = hand.seen + 1;
  const share = 1 / Math.min(seen, SIDE_READINGS);
  const mean = right === undefined || hand.right === undefined
    ? right
    : hand.right + share * (right - hand.right);
  return { id: hand.id, region: landmarkRegion(landmarks), right: mean, seen };
}

/** Whether a region shows a hand that is already seen. */
export function isTaken(region: HandRegion, seen: readonly SeenHand[]): boolean {
  return seen.some(({ hand }) => regionOverlap(hand.region, region) > SAME_REGION);
}

/**
 * Whether a hand that was found is part of one that is seen already: a fist in which a smaller hand was found, or
 * the same hand out of another part of the picture.
 */
export function isWithin({ landmarks }: HandReading, seen: readonly SeenHand[]): boolean {
  const box = bounds(landmarks);
  return seen.some(({ reading }) => sharedPart(box, bounds(reading.landmarks)) > SAME_PLACE);
}

/** Least and greatest x and y of landmarks. */
function bounds(
  landmarks: Float32Array,
): [left: number, top: number, right: number, bottom: number] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < landmarks.length; at += 3) {
    const [x, y] = [landmarks[at]!, landmarks[at + 1]!];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return [left, top, right, bottom];
}

/** Shared area of two boxes over that of the smaller one. */
function sharedPart(a: ReturnType<typeof bounds>, b: ReturnType<typeof bounds>): number {
  const across = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const down = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const area = (box: ReturnType<typeof bounds>) => (box[2] - box[0]) * (box[3] - box[1]);
  const smaller = Math.min(area(a), area(b));
  return smaller > 0 ? (across * down) / smaller : 1;
}

/** Whether two readings are of one hand. */
export function isSameHand(a: SeenHand, b: SeenHand): boolean {
  const size = Math.min(a.hand.region.size, b.hand.region.size);
  const [left, right] = [a.reading.landmarks, b.reading.landmarks];
  let sum = 0;
  for (let at = 0; at < left.length; at += 3) {
    const [x, y] = [left[at]! - right[at]!, left[at + 1]! - right[at + 1]!];
    sum += Math.sqrt(x * x + y * y);
  }
  return 3 * sum < SAME_LANDMARKS * size * left.length;
}

/** Of hands that became one, the one that moved least stays: the other has slipped onto it. */
export function withoutSlipped(
  seen: readonly SeenHand[],
  before: readonly FollowedHand[],
): SeenHand[] {
  const stillness = ({ hand }: SeenHand) => {
    const previous = before.find(({ id }) => id === hand.id);
    return previous === undefined ? 0 : regionOverlap(previous.region, hand.region);
  };
  const kept: SeenHand[] = [];
  for (const one of [...seen].sort((a, b) => stillness(b) - stillness(a))) {
    if (!kept.some((other) => isSameHand(one, other))) kept.push(one);
  }
  return kept.sort((a, b) => a.hand.id - b.hand.id);
}
