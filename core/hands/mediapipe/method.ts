import type { HandMaskMethod } from "../../../wasm/mod.ts";
import type { FrameFacts, FrameHands, Hand, HandMethod, PixelBox } from "../model.ts";
import {
  type FollowedHand,
  HandBook,
  type HandBookState,
  isTaken,
  isWithin,
  moved,
  type SeenHand,
  withoutSlipped,
} from "./follow.ts";
import { isUsableRegion, type Palm, palmRegion } from "./geometry.ts";
import type { HandNetworks } from "./networks.ts";
import { mergePalms } from "./palms.ts";
import type { LandmarkMasker, NetworkPicture } from "./picture.ts";
import { HandSmoothers, type HandSmoothersState, type SmoothingOptions } from "./smoothing.ts";
import { pictureTiles, wholePicture } from "./tiles.ts";

/** When small hands are looked for in parts of the picture. */
export type TileChoice = "auto" | "always" | "never";

/** Everything that results depend on, but for the networks. */
export interface MediapipeSettings {
  readonly maxHands: number;
  readonly confidence: number;
  readonly trackingConfidence: number;
  readonly searchEvery: number;
  readonly tiles: TileChoice;
  readonly tilesEvery: number;
  readonly mask: HandMaskMethod | "none";
  readonly smoothing: SmoothingOptions | undefined;
}

/** What the method works with. */
export interface MediapipeParts<Picture extends NetworkPicture> {
  readonly image: Picture;
  readonly masker: LandmarkMasker<Picture> | undefined;
  readonly networks: HandNetworks;
  readonly settings: MediapipeSettings;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What the method carries from picture to picture. */
interface MediapipeState {
  readonly book: HandBookState;
  readonly smoothers: HandSmoothersState;
  readonly sinceSearch: number;
  readonly sinceTiles: number;
}

/** Longer ago than any limit, and still a number that JSON keeps. */
const LONG_AGO = 1e9;

/** Palm detection, landmarks and tracking by MediaPipe's networks. */
export class MediapipeMethod<Picture extends NetworkPicture> implements HandMethod {
  readonly name = "mediapipe";
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly #parts: MediapipeParts<Picture>;
  readonly #book = new HandBook();
  readonly #smoothers: HandSmoothers;
  #sinceSearch = LONG_AGO;
  #sinceTiles = LONG_AGO;

  constructor(parts: MediapipeParts<Picture>) {
    this.#parts = parts;
    this.parameters = parts.parameters;
    this.#smoothers = new HandSmoothers(parts.settings.smoothing);
  }

  async process(frame: FrameFacts): Promise<FrameHands> {
    const { image, settings } = this.#parts;
    const seen = await this.#follow();
    this.#sinceSearch++;
    this.#sinceTiles++;
    const searched = seen.length < settings.maxHands && this.#isSearchDue(seen.length);
    if (searched) await this.#search(seen);
    seen.sort((a, b) => a.hand.id - b.hand.id);
    this.#book.turn(seen.map(({ hand }) => hand));
    // Masks are of what is in the picture; only then are the landmarks steadied, in place.
    const hands = seen.map((hand) => this.#describe(hand));
    this.#smoothers.apply(seen, frame);
    const { index, timeNs } = frame;
    const { width, height } = image;
    return { frame: index, timeNs, width, height, hands, searched };
  }

  reset(): void {
    this.#book.clear();
    this.#smoothers.clear();
    this.#sinceSearch = LONG_AGO;
    this.#sinceTiles = LONG_AGO;
  }

  save(): MediapipeState {
    return {
      book: this.#book.save(),
      smoothers: this.#smoothers.save(),
      sinceSearch: this.#sinceSearch,
      sinceTiles: this.#sinceTiles,
    };
  }

  /** @param state What `save` gave, perhaps through JSON. */
  restore(state: unknown): void {
    const { book, smoothers, sinceSearch, sinceTiles } = state as MediapipeState;
    this.#book.restore(book);
    this.#smoothers.restore(smoothers);
    this.#sinceSearch = sinceSearch;
    this.#sinceTiles = sinceTiles;
  }

  async close(): Promise<void> {
    await this.#parts.networks.close();
  }

  /** Hands of the picture before that are still seen. */
  async #follow(): Promise<SeenHand[]> {
    const before = this.#book.followed;
    const read: SeenHand[] = [];
    for (const hand of before) {
      const found = await this.#read(hand.region);
      if (found !== undefined) read.push({ hand: moved(hand, found), reading: found });
    }
    const seen = withoutSlipped(read.filter(({ hand }) => this.#isUsable(hand)), before);
    for (const hand of before) {
      if (!seen.some((one) => one.hand.id === hand.id)) this.#book.lose(hand);
    }
    return seen;
  }

  /** With no hand in sight at every picture, else now and then; at once when a hand was lost. */
  #isSearchDue(seen: number): boolean {
    const isLost = seen < this.#book.followed.length;
    return seen === 0 || isLost || this.#sinceSearch >= this.#parts.settings.searchEvery;
  }

  /** Looks for further hands, in parts of the picture where the whole does not show enough. */
  async #search(seen: SeenHand[]): Promise<void> {
    const { image, settings } = this.#parts;
    this.#sinceSearch = 0;
    if (settings.tiles !== "always") {
      await this.#adopt(await this.#palms([wholePicture(image.width, image.height)]), seen);
    }
    if (seen.length >= settings.maxHands || !this.#areTilesDue(seen.length)) return;
    this.#sinceTiles = 0;
    const { width, height } = image;
    const parts = [wholePicture(width, height), ...pictureTiles(width, height)];
    await this.#adopt(await this.#palms(parts), seen);
  }

  /** In the first picture where the whole shows too few hands, later only now and then while none is in sight. */
  #areTilesDue(seen: number): boolean {
    const { tiles, tilesEvery } = this.#parts.settings;
    if (tiles !== "auto") return tiles === "always";
    const isFirst = this.#sinceTiles >= LONG_AGO;
    return isFirst || (seen === 0 && this.#sinceTiles >= tilesEvery);
  }

  async #palms(regions: readonly PixelBox[]): Promise<Palm[]> {
    const { image, networks, settings } = this.#parts;
    const found: Palm[] = [];
    for (const region of regions) {
      found.push(...await networks.findPalms(image, region, settings.confidence));
    }
    return mergePalms(found);
  }

  /** Takes up hands of palms, the surest first, until there are enough. */
  async #adopt(palms: readonly Palm[], seen: SeenHand[]): Promise<void> {
    const { maxHands } = this.#parts.settings;
    // Twice as many tries as places bound the work in a picture full of hands.
    for (const palm of palms.slice(0, 2 * maxHands)) {
      if (seen.length >= maxHands) return;
      const region = palmRegion(palm);
      if (isTaken(region, seen)) continue;
      const reading = await this.#read(region);
      if (reading === undefined || isWithin(reading, seen)) continue;
      const hand = this.#book.enter(reading);
      if (this.#isUsable(hand)) seen.push({ hand, reading });
    }
  }

  async #read(region: FollowedHand["region"]): Promise<SeenHand["reading"] | undefined> {
    const { image, networks, settings } = this.#parts;
    if (!isUsableRegion(region, image.width, image.height)) return undefined;
    const reading = await networks.readHand(image, region);
    return reading.presence >= settings.trackingConfidence ? reading : undefined;
  }

  #isUsable({ region }: FollowedHand): boolean {
    const { width, height } = this.#parts.image;
    return isUsableRegion(region, width, height);
  }

  #describe({ hand, reading }: SeenHand): Hand {
    const { image, masker, settings: { mask } } = this.#parts;
    const masked = mask === "none" ? undefined : masker?.mask(image, reading.landmarks, mask);
    const right = hand.right;
    return {
      id: hand.id,
      ...(right === undefined ? {} : {
        handedness: right >= 0.5 ? "right" : "left",
        handednessScore: Math.max(right, 1 - right),
      }),
      confidence: Math.min(1, reading.presence),
      box: masked === undefined || masked.area === 0
        ? landmarkBounds(reading.landmarks, image)
        : masked.box,
      area: masked?.area ?? 0,
      landmarks: reading.landmarks,
      ...(reading.world === undefined ? {} : { worldLandmarks: reading.world }),
      ...(masked === undefined ? {} : { mask: masked.mask }),
    };
  }
}

/** The box about landmarks, as far as it lies in the picture. */
function landmarkBounds(points: Float32Array, { width, height }: NetworkPicture): PixelBox {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at += 3) {
    const [x, y] = [points[at]!, points[at + 1]!];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const clip = (value: number, limit: number) => Math.min(limit, Math.max(0, value));
  const [x, y] = [clip(left, width), clip(top, height)];
  return { x, y, width: clip(right, width) - x, height: clip(bottom, height) - y };
}
