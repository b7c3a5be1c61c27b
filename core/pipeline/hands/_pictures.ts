import {
  CancelledError,
  type FrameReadOptions,
  type FrameSource,
  type Issue,
  type VideoFrame,
} from "../../base/mod.ts";
import type { FrameHands, HandEngine, HandMethod } from "../../hands/mod.ts";
import { FrameImage, Kernel } from "../../../wasm/mod.ts";

/** Side of the pictures. */
export const SIDE = 8;

/** A recording of grey pictures at 10 per second, in each of which one column is bright. */
export function brightColumns(
  count: number,
  cancelAt = Infinity,
  issues: readonly Issue[] = [],
): FrameSource {
  async function* frames({ from = 0 }: FrameReadOptions = {}): AsyncGenerator<VideoFrame> {
    for (let index = from; index < count; index++) {
      await Promise.resolve();
      if (index === cancelAt) throw new CancelledError();
      yield brightColumn(index);
    }
  }
  return {
    decoder: "none",
    codec: "raw",
    width: SIDE,
    height: SIDE,
    frameCount: count,
    nominalFps: 10,
    frames,
    issues,
    close: () => Promise.resolve(),
  };
}

function brightColumn(index: number): VideoFrame {
  const data = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) data[y * SIDE + index % SIDE] = 255;
  return {
    index,
    timeNs: BigInt(index) * 100_000_000n,
    format: "GRAY8",
    width: SIDE,
    height: SIDE,
    data,
    planes: [{ offset: 0, stride: SIDE }],
    matrix: "bt709",
    fullRange: true,
    rotation: 0,
  };
}

/** Takes the bright column for a hand, in every picture but each third; counts what it has seen. */
export function columnEngine(): HandEngine & { readonly seen: number[] } {
  const image = new FrameImage(new Kernel());
  let pictures = 0;
  const seen: number[] = [];
  const method: HandMethod = {
    name: "contour_based",
    parameters: { brightness: 255 },
    process({ index, timeNs }) {
      seen.push(index);
      pictures++;
      const column = image.rgb().indexOf(255) / 3;
      return Promise.resolve(frameHands(index, timeNs, column, pictures));
    },
    reset: () => {},
    save: () => pictures,
    restore: (state) => void (pictures = state as number),
    close: () => Promise.resolve(),
  };
  return { image, method, models: [], seen, close: () => Promise.resolve() };
}

function frameHands(
  frame: number,
  timeNs: bigint | undefined,
  column: number,
  pictures: number,
): FrameHands {
  const before = column * SIDE;
  const hand = {
    id: Math.floor(frame / 3),
    confidence: pictures / 1000,
    box: { x: column, y: 0, width: 1, height: SIDE },
    area: SIDE,
    mask: {
      width: SIDE,
      height: SIDE,
      counts: Uint32Array.of(before, SIDE, SIDE * SIDE - before - SIDE),
    },
  };
  const hands = frame % 3 === 2 ? [] : [hand];
  return { frame, timeNs, width: SIDE, height: SIDE, hands, searched: frame % 2 === 0 };
}
