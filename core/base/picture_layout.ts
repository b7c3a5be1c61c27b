import type { PicturePlane, PixelFormat } from "./pictures.ts";

/**
 * Bytes of a picture whose planes lie one behind the other without gaps, and where its planes are.
 *
 * @example
 * ```ts
 * import { pictureLayout } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const { byteLength, planes } = pictureLayout("I420", 5, 3);
 * assert.equal(byteLength, 15 + 6 + 6);
 * assert.deepEqual(planes[2], { offset: 21, stride: 3 });
 * ```
 */
export function pictureLayout(
  format: PixelFormat,
  width: number,
  height: number,
): { readonly byteLength: number; readonly planes: readonly PicturePlane[] } {
  const planes: PicturePlane[] = [];
  let offset = 0;
  for (const { samples, bytes, halfWidth, halfHeight } of PLANES[format]) {
    const stride = bytes * samples * (halfWidth ? (width + 1) >> 1 : width);
    planes.push({ offset, stride });
    offset += stride * (halfHeight ? (height + 1) >> 1 : height);
  }
  return { byteLength: offset, planes };
}

/** How one plane is made. */
interface PlaneShape {
  /** Samples that lie side by side for each place. */
  readonly samples: number;
  /** Bytes of a sample. */
  readonly bytes: number;
  readonly halfWidth: boolean;
  readonly halfHeight: boolean;
}

const FULL: PlaneShape = { samples: 1, bytes: 1, halfWidth: false, halfHeight: false };
const HALF: PlaneShape = { ...FULL, halfWidth: true };
const QUARTER: PlaneShape = { ...HALF, halfHeight: true };

function wide(shape: PlaneShape): PlaneShape {
  return { ...shape, bytes: 2 };
}

const PLANES: Readonly<Record<PixelFormat, readonly PlaneShape[]>> = {
  I420: [FULL, QUARTER, QUARTER],
  I422: [FULL, HALF, HALF],
  I444: [FULL, FULL, FULL],
  I420P10: [FULL, QUARTER, QUARTER].map(wide),
  I422P10: [FULL, HALF, HALF].map(wide),
  I444P10: [FULL, FULL, FULL].map(wide),
  NV12: [FULL, { ...QUARTER, samples: 2 }],
  RGB: [{ ...FULL, samples: 3 }],
  RGBA: [{ ...FULL, samples: 4 }],
  GRAY8: [FULL],
};
