import {
  type FinderLimits,
  type FrameImage,
  type HandCue,
  HandFinder,
  type Kernel,
} from "../../../wasm/mod.ts";
import type { FrameFacts, FrameHands, HandMethod, HandMethodName } from "../model.ts";
import { HandIds, type HandIdState } from "./hand_ids.ts";

/** How hands are found by colour and shape. */
export interface ClassicalOptions {
  readonly kernel: Kernel;
  /** Holds the picture whenever one is to be searched. */
  readonly image: FrameImage;
  /** @default {2} */
  readonly maxHands?: number;
  /** How hand-like the shape of a part must be: about 0.5 is a fist, 1 an open hand. @default {0.45} */
  readonly confidence?: number;
  /** Least share of the picture. @default {0.00326} */
  readonly minArea?: number;
  /** Greatest share of the picture, without the arm. @default {0.3} */
  readonly maxArea?: number;
}

/** 1000 pixels at 640 by 480. */
const MIN_AREA = 1000 / (640 * 480);
const MAX_AREA = 0.3;
const CONFIDENCE = 0.45;
const MAX_HANDS = 2;

/** What a method carries from picture to picture. */
interface ClassicalState {
  readonly learnt: readonly number[] | null;
  readonly ids: HandIdState;
}

/**
 * Finds hands by the colour of skin (`color_based`).
 *
 * Candidates are colours with Cr from 133 to 173 and Cb from 77 to 127 (Chai and Ngan 1999) that are clearly more
 * red than green. Among them and all other colours of this and of earlier pictures it learns which are more frequent
 * on hands. What these mark is cleaned, falls into parts, and loses the arm by which it comes into the picture; the
 * parts whose size and shape are most like hands are taken. A picture without colours is searched as by
 * `contourMethod`. Faces, bare arms and wood can pass for hands, hands that touch count as one, and which hand of a
 * person it is remains unknown.
 *
 * @example
 * ```ts
 * import { colorMethod, contourMethod, FrameImage, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * // A red disc before a wall of gray.
 * const [width, height] = [64, 48];
 * const data = new Uint8Array(3 * width * height).fill(90);
 * for (let at = 0; at < width * height; at++) {
 *   const [x, y] = [at % width - 20, Math.floor(at / width) - 24];
 *   if (x * x + y * y < 100) data.set([200, 140, 120], 3 * at);
 * }
 * const kernel = new Kernel();
 * const image = new FrameImage(kernel);
 * const planes = [{ offset: 0, stride: 3 * width }];
 * const facts = { format: "RGB", matrix: "bt601", fullRange: true, rotation: 0 } as const;
 * image.load({ ...facts, width, height, data, planes });
 * for (const method of [colorMethod({ kernel, image }), contourMethod({ kernel, image })]) {
 *   const { hands } = await method.process({ index: 0, timeNs: 0n });
 *   assert.equal(hands.length, 1);
 *   assert.ok(Math.abs(hands[0]!.box.width - 20) <= 2);
 *   await method.close();
 * }
 * ```
 */
export function colorMethod(options: ClassicalOptions): HandMethod {
  return new ClassicalMethod("color_based", "color", options);
}

/**
 * Finds hands by the outlines of what is redder, or in a picture without colours brighter, than the rest
 * (`contour_based`).
 *
 * Each picture falls into classes by the threshold that separates them best (Otsu 1979), and its parts are judged by
 * size and shape as by `colorMethod`. Nothing is learnt from picture to picture. In thermal pictures, bright means
 * warm.
 */
export function contourMethod(options: ClassicalOptions): HandMethod {
  return new ClassicalMethod("contour_based", "contrast", options);
}

class ClassicalMethod implements HandMethod {
  readonly name: HandMethodName;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly #image: FrameImage;
  readonly #limits: FinderLimits;
  readonly #finder: HandFinder;
  readonly #ids = new HandIds();

  constructor(name: HandMethodName, cue: HandCue, options: ClassicalOptions) {
    this.name = name;
    this.#image = options.image;
    this.#limits = limitsOf(options);
    this.parameters = { ...this.#limits, searchedSide: 320 };
    this.#finder = new HandFinder(options.kernel, cue);
  }

  process({ index, timeNs }: FrameFacts): Promise<FrameHands> {
    const { width, height } = this.#image;
    const found = this.#finder.find(this.#image, this.#limits);
    const ids = this.#ids.assign(found.map(({ box }) => box));
    const hands = found.map((hand, at) => ({ id: ids[at] ?? -1, ...hand }));
    return Promise.resolve({ frame: index, timeNs, width, height, hands, searched: true });
  }

  reset(): void {
    this.#finder.reset();
    this.#ids.reset();
  }

  save(): ClassicalState {
    return { learnt: this.#finder.save() ?? null, ids: this.#ids.save() };
  }

  restore(state: unknown): void {
    if (!isState(state)) {
      throw new TypeError("State must be what save returned: it is something else");
    }
    this.#finder.restore(state.learnt ?? undefined);
    this.#ids.restore(state.ids);
  }

  close(): Promise<void> {
    this.#finder.dispose();
    return Promise.resolve();
  }
}

function limitsOf(options: ClassicalOptions): FinderLimits {
  const { minArea = MIN_AREA, maxArea = MAX_AREA, maxHands = MAX_HANDS } = options;
  const { confidence: minConfidence = CONFIDENCE } = options;
  for (const [name, value] of Object.entries({ minArea, maxArea, minConfidence })) {
    if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} must be 0 to 1: it is ${value}`);
  }
  if (!(Number.isInteger(maxHands) && maxHands > 0)) {
    throw new RangeError(`maxHands must be a whole number from 1 on: it is ${maxHands}`);
  }
  return { minArea, maxArea, minConfidence, maxHands };
}

function isState(state: unknown): state is ClassicalState {
  const { learnt, ids } = (state ?? {}) as Partial<ClassicalState>;
  const isLearnt = learnt === null || (Array.isArray(learnt) && learnt.every(Number.isFinite));
  return isLearnt && Number.isInteger(ids?.next) && Array.isArray(ids?.seen) &&
    ids.seen.every(({ id, box, age }) =>
      [id, age, box?.x, box?.y, box?.width, box?.height].every(Number.isFinite)
    );
}
