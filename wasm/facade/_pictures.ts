/** Random pictures for tests. */
import type { ColorMatrix, Picture, PixelFormat } from "../../core/base/mod.ts";
import type { Random } from "./_support.ts";

/** Bytes of a row and rows of each plane. */
export function planeExtents(format: PixelFormat, width: number, height: number): number[][] {
  const half = (extent: number) => Math.ceil(extent / 2);
  const bytes = format.endsWith("P10") ? 2 : 1;
  const planar = (columns: number, rows: number) => {
    const chroma = [columns * bytes, rows];
    return [[width * bytes, height], chroma, chroma];
  };
  switch (format.replace("P10", "")) {
    case "I420":
      return planar(half(width), half(height));
    case "I422":
      return planar(half(width), height);
    case "I444":
      return planar(width, height);
    case "NV12":
      return [[width, height], [2 * half(width), half(height)]];
    case "RGB":
      return [[3 * width, height]];
    case "RGBA":
      return [[4 * width, height]];
    default:
      return [[width, height]];
  }
}

/** A picture of random bytes whose rows and planes have gaps between them. */
export function randomPicture(
  random: Random,
  format: PixelFormat,
  width: number,
  height: number,
  rest: Partial<Picture> = {},
): Picture {
  let end = random.below(5);
  const planes = planeExtents(format, width, height).map(([bytes = 0, rows = 0]) => {
    const stride = bytes + random.below(9);
    const plane = { offset: end, stride };
    end += stride * rows + random.below(3);
    return plane;
  });
  const data = Uint8Array.from({ length: end }, () => random.below(256));
  const matrix: ColorMatrix = "bt601";
  return { format, width, height, data, planes, matrix, fullRange: false, rotation: 0, ...rest };
}

/** A picture of given colours. */
export function rgbPicture(width: number, height: number, data: Uint8Array): Picture {
  const planes = [{ offset: 0, stride: 3 * width }];
  return {
    format: "RGB",
    width,
    height,
    data,
    planes,
    matrix: "bt601",
    fullRange: true,
    rotation: 0,
  };
}
