/** Pictures for tests: decoded by ffmpeg, cut out by the definition of bilinear interpolation, in plain TypeScript. */
import type { TensorOptions } from "../../../wasm/mod.ts";
import type { PixelBox, RotatedBox } from "../model.ts";
import type { NetworkPicture } from "./picture.ts";

/** An RGB picture that is cut out slowly and plainly. */
export class PlainPicture implements NetworkPicture {
  constructor(readonly width: number, readonly height: number, readonly rgb: Uint8Array) {}

  cropTensor(box: RotatedBox, options: TensorOptions): Float32Array {
    const [cos, sin] = [Math.cos(box.angle), Math.sin(box.angle)];
    return this.#sample(options, (x, y) => {
      const dx = (x / options.width - 0.5) * box.width;
      const dy = (y / options.height - 0.5) * box.height;
      return [box.centerX + dx * cos - dy * sin, box.centerY + dx * sin + dy * cos];
    }, { x: 0, y: 0, width: this.width, height: this.height });
  }

  letterboxTensor(
    region: PixelBox,
    options: TensorOptions,
  ): ReturnType<NetworkPicture["letterboxTensor"]> {
    const scale = Math.min(options.width / region.width, options.height / region.height);
    const padX = (options.width - region.width * scale) / 2;
    const padY = (options.height - region.height * scale) / 2;
    const place = (x: number, y: number): [number, number] => [
      region.x + (x - padX) / scale,
      region.y + (y - padY) / scale,
    ];
    return { data: this.#sample(options, place, region), scale, padX, padY };
  }

  /** Values at the centres of the tensor's pixels; black outside the bounds. */
  #sample(
    { width, height, mean = [0, 0, 0], std = [1, 1, 1], layout }: TensorOptions,
    place: (x: number, y: number) => [number, number],
    bounds: PixelBox,
  ): Float32Array {
    const data = new Float32Array(width * height * 3);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const [x, y] = place(column + 0.5, row + 0.5);
        for (let channel = 0; channel < 3; channel++) {
          const value = this.#at(x - 0.5, y - 0.5, channel, bounds) / 255;
          const at = layout === "nhwc"
            ? (row * width + column) * 3 + channel
            : (channel * height + row) * width + column;
          data[at] = (value - mean[channel]!) / std[channel]!;
        }
      }
    }
    return data;
  }

  #at(x: number, y: number, channel: number, bounds: PixelBox): number {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [shareX, shareY] = [x - left, y - top];
    const pixel = (column: number, row: number) =>
      column < Math.max(0, bounds.x) || row < Math.max(0, bounds.y) ||
        column >= Math.min(this.width, bounds.x + bounds.width) ||
        row >= Math.min(this.height, bounds.y + bounds.height)
        ? 0
        : this.rgb[(row * this.width + column) * 3 + channel]!;
    const upper = pixel(left, top) * (1 - shareX) + pixel(left + 1, top) * shareX;
    const lower = pixel(left, top + 1) * (1 - shareX) + pixel(left + 1, top + 1) * shareX;
    return upper * (1 - shareY) + lower * shareY;
  }
}
