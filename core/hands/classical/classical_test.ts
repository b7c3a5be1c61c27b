import assert from "node:assert/strict";
import { FrameImage, HandMasker, Kernel, maskBitmap } from "../../../wasm/mod.ts";
import { openHand, overlap } from "../../../wasm/facade/_hands.ts";
import type { Picture } from "../../base/mod.ts";
import type { FrameHands, HandMethod } from "../model.ts";
import { colorMethod, contourMethod } from "./mod.ts";

const WIDTH = 640;
const HEIGHT = 480;

function picture(data: Uint8Array): Picture {
  return {
    format: "RGB",
    width: WIDTH,
    height: HEIGHT,
    data,
    planes: [{ offset: 0, stride: 3 * WIDTH }],
    matrix: "bt601",
    fullRange: true,
    rotation: 0,
  };
}

/** A place with hands whose pixels are known. */
class Scene {
  readonly kernel = new Kernel();
  readonly image = new FrameImage(this.kernel);
  readonly #masker = new HandMasker(this.kernel);

  /** Pixels of a hand. */
  hand(x: number, y: number, size: number): Uint8Array {
    this.image.load(picture(new Uint8Array(3 * WIDTH * HEIGHT)));
    return maskBitmap(
      this.kernel,
      this.#masker.mask(this.image, openHand(x, y, size), "capsule").mask,
    );
  }

  /** Shows parts, each in its colour, on a wall, with noise of seeded numbers. */
  show(
    parts: readonly (readonly [Uint8Array, readonly number[]])[],
    wall: readonly number[],
  ): void {
    let noise = 1;
    const bytes = new Uint8Array(3 * WIDTH * HEIGHT);
    for (let at = 0; at < bytes.length; at++) {
      const part = parts.find(([bits]) => bits[Math.floor(at / 3)] === 1);
      noise = Math.imul(noise, 1103515245) + 12345 | 0;
      bytes[at] = ((part?.[1] ?? wall)[at % 3] ?? 0) + ((noise >>> 16) % 9) - 4;
    }
    this.image.load(picture(bytes));
  }

  bits({ hands }: FrameHands, at: number): Uint8Array {
    const mask = hands[at]?.mask;
    assert.ok(mask !== undefined);
    return maskBitmap(this.kernel, mask);
  }
}

const SKIN = [200, 145, 125];
const WALL = [90, 120, 140];
const MAKERS = [colorMethod, contourMethod];
const frame = (index: number) => ({ index, timeNs: BigInt(index) });

Deno.test("hands in front of a wall are found to the pixel, nearly", async () => {
  const scene = new Scene();
  const [left, right] = [scene.hand(180, 400, 60), scene.hand(470, 380, 50)];
  for (const make of MAKERS) {
    const method = make(scene);
    scene.show([[left, SKIN], [right, [150, 105, 95]]], WALL);
    const found = await method.process(frame(3));
    assert.deepEqual([found.frame, found.timeNs, found.width, found.searched], [
      3,
      3n,
      WIDTH,
      true,
    ]);
    assert.equal(found.hands.length, 2);
    const order = found.hands[0]!.box.x < 300 ? [left, right] : [right, left];
    for (const at of [0, 1]) {
      const share = overlap(scene.bits(found, at), order[at]!);
      assert.ok(share > 0.85, `${method.name} ${at}: ${share}`);
      assert.ok(found.hands[at]!.confidence >= 0.5);
    }
    await method.close();
  }
});

Deno.test("without colours the brightest is taken", async () => {
  const scene = new Scene();
  const hand = scene.hand(300, 400, 60);
  for (const make of MAKERS) {
    scene.show([[hand, [190, 190, 190]]], [70, 70, 70]);
    const bytes = scene.image.rgb().map((_, at, all) => all[at - at % 3] ?? 0);
    scene.image.load(picture(bytes));
    const method = make({ ...scene, maxHands: 1 });
    const found = await method.process(frame(0));
    const share = overlap(scene.bits(found, 0), hand);
    assert.ok(share > 0.85, `${share}`);
  }
});

Deno.test("an arm is left out", async () => {
  const scene = new Scene();
  const hand = scene.hand(300, 300, 60);
  const withArm = hand.map((one, at) => {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    return one === 1 || (Math.abs(x - 300) < 32 && y > 280) ? 1 : 0;
  });
  for (const make of MAKERS) {
    scene.show([[withArm, SKIN]], WALL);
    const share = overlap(scene.bits(await make(scene).process(frame(0)), 0), hand);
    assert.ok(share > 0.75, `${share}`);
  }
});

Deno.test("a hand comes before a face, a wall of the colour of skin is none", async () => {
  const scene = new Scene();
  const hand = scene.hand(450, 400, 50);
  const face = hand.map((_, at) => {
    const [x, y] = [at % WIDTH - 150, Math.floor(at / WIDTH) - 200];
    return (x / 80) ** 2 + (y / 110) ** 2 < 1 ? 1 : 0;
  });
  for (const make of MAKERS) {
    scene.show([[hand, SKIN], [face, SKIN]], WALL);
    const method = make({ ...scene, maxHands: 1 });
    const share = overlap(scene.bits(await method.process(frame(0)), 0), hand);
    assert.ok(share > 0.85, `${share}`);
    scene.show([], SKIN);
    assert.deepEqual((await make(scene).process(frame(0))).hands, []);
  }
});

/** Two hands that pass the picture, one of which is away for a while. */
async function pass(
  scene: Scene,
  method: HandMethod,
  from: number,
  to: number,
): Promise<FrameHands[]> {
  const found: FrameHands[] = [];
  for (let index = from; index < to; index++) {
    const left = scene.hand(150 + 8 * index, 400, 50);
    const right = scene.hand(520, 400 - 5 * index, 55);
    const isAway = index >= 4 && index < 7;
    scene.show(isAway ? [[left, SKIN]] : [[left, SKIN], [right, SKIN]], WALL);
    found.push(await method.process(frame(index)));
  }
  return found;
}

Deno.test("hands keep their ids while they move and after they were away", async () => {
  const scene = new Scene();
  for (const make of MAKERS) {
    const method = make(scene);
    const found = await pass(scene, method, 0, 10);
    const ids = found.map(({ hands }) =>
      [...hands].sort((a, b) => a.box.x - b.box.x).map(({ id }) => id).join()
    );
    const [left, right] = found[0]!.hands[0]!.box.x < 300 ? [0, 1] : [1, 0];
    const both = `${left},${right}`;
    assert.deepEqual(ids, [
      both,
      both,
      both,
      both,
      `${left}`,
      `${left}`,
      `${left}`,
      both,
      both,
      both,
    ]);
    method.reset();
    const [after] = await pass(scene, method, 0, 1);
    assert.deepEqual(after!.hands.map(({ id }) => id).sort(), [2, 3]);
  }
});

Deno.test("a method goes on exactly from what it saved", async () => {
  const scene = new Scene();
  for (const make of MAKERS) {
    const whole = await pass(scene, make(scene), 0, 8);
    const first = make(scene);
    await pass(scene, first, 0, 5);
    const second = make(scene);
    second.restore(JSON.parse(JSON.stringify(first.save())));
    assert.deepEqual(second.save(), first.save());
    assert.deepEqual(await pass(scene, second, 5, 8), whole.slice(5));
    const ids = { next: 1, seen: [] };
    const wrong = [undefined, 7, {}, { learnt: null }, { learnt: ["a"], ids }, {
      learnt: null,
      ids: { ...ids, seen: [{}] },
    }];
    for (const state of wrong) assert.throws(() => second.restore(state), TypeError);
  }
});

Deno.test("options are checked, and parameters tell them", () => {
  const scene = new Scene();
  const method = contourMethod({ ...scene, maxHands: 3, confidence: 0.2 });
  assert.deepEqual(method.parameters, {
    minArea: 1000 / 307200,
    maxArea: 0.3,
    minConfidence: 0.2,
    maxHands: 3,
    searchedSide: 320,
  });
  for (const wrong of [{ maxHands: 0 }, { maxHands: 1.5 }, { confidence: 2 }, { minArea: NaN }]) {
    assert.throws(() => colorMethod({ ...scene, ...wrong }), RangeError);
  }
});

Deno.test("pictures without pixels have no hands", async () => {
  const scene = new Scene();
  for (const make of MAKERS) {
    for (const [width, height] of [[0, 0], [1, 1], [3000, 1], [1, 2]] as const) {
      const planes = [{ offset: 0, stride: 3 * width }];
      const data = new Uint8Array(3 * width * height).fill(200);
      scene.image.load({ ...picture(data), width, height, planes });
      assert.deepEqual((await make(scene).process(frame(0))).hands, []);
    }
  }
});
