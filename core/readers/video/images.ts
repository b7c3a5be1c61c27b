import {
  type ByteSource,
  createIssue,
  type DecodedImage,
  type FolderSource,
  type FrameReadOptions,
  type FrameSource,
  pictureLayout,
  reasonOf,
  throwIfCancelled,
  type VideoDecoders,
  type VideoFrame,
} from "../../base/mod.ts";
import { DistinctIssues } from "../mp4/mod.ts";
import { inOrder, type NamedImage } from "./image_names.ts";
import type { OpenVideoOptions } from "./open_video.ts";

/** Most bytes of an image file that are read. */
const MAX_BYTES = 1 << 28;

/**
 * Opens images as the frames of a video: one, or a sequence.
 *
 * Where all names carry a time, as `hand_left_1753972222000_0001.png` does, frames come in the order of time and have
 * it, in ns on the clock that wrote the names (since 1970; UTC or, for dates, local). Else they come in the order
 * of their names, numbers by value, and have no times. The size stated is that of the first image that can be decoded;
 * the others may differ. Undefined when no image can be decoded. Images that cannot be decoded are left out and
 * reported.
 *
 * @example
 * ```ts
 * import { memoryFolder, openImages } from "session-process";
 * import { encodePng, videoDecoders } from "session-process/video";
 * import assert from "node:assert/strict";
 *
 * const png = encodePng({ format: "GRAY8", width: 1, height: 1, data: Uint8Array.of(7) });
 * const folder = memoryFolder("pictures", { "p10.png": png, "p9.png": png });
 * const decoders = videoDecoders();
 * const frames = await openImages(folder, ["p10.png", "p9.png"], { decoders });
 * assert.equal(frames?.frameCount, 2);
 * for await (const { index, data } of frames.frames({ to: 1 })) assert.deepEqual([index, data[0]], [0, 7]);
 * ```
 */
export async function openImages(
  folder: FolderSource,
  paths: readonly string[],
  { decoders, report = () => {}, signal }: OpenVideoOptions,
): Promise<FrameSource | undefined> {
  const log = new DistinctIssues(report);
  const images = inOrder(paths);
  const sequence = new ImageSequence(folder, images, decoders, log);
  const first = await sequence.firstFrom(0, signal);
  if (first === undefined) return undefined;
  const lying = first.rotation % 180 === 90;
  return {
    decoder: "images",
    codec: "images",
    width: lying ? first.height : first.width,
    height: lying ? first.width : first.height,
    frameCount: images.length,
    nominalFps: rateOf(images),
    issues: log.issues,
    frames: (options) => sequence.frames(options),
    close: () => Promise.resolve(),
  };
}

/** Images that are decoded one at a time. */
class ImageSequence {
  readonly #folder: FolderSource;
  readonly #images: readonly NamedImage[];
  readonly #decoders: VideoDecoders;
  readonly #log: DistinctIssues;

  constructor(
    folder: FolderSource,
    images: readonly NamedImage[],
    decoders: VideoDecoders,
    log: DistinctIssues,
  ) {
    this.#folder = folder;
    this.#images = images;
    this.#decoders = decoders;
    this.#log = log;
  }

  /** The first image from an index on that can be decoded. */
  async firstFrom(
    from: number,
    signal: AbortSignal | undefined,
  ): Promise<DecodedImage | undefined> {
    for (let index = from; index < this.#images.length; index++) {
      throwIfCancelled(signal);
      const image = await this.#decode(index);
      if (image !== undefined) return image;
    }
    return undefined;
  }

  async *frames(
    { from = 0, to = Infinity, signal }: FrameReadOptions = {},
  ): AsyncGenerator<VideoFrame> {
    for (let index = Math.max(0, from); index < Math.min(to, this.#images.length); index++) {
      throwIfCancelled(signal);
      const image = await this.#decode(index);
      if (image === undefined) continue;
      const { planes } = pictureLayout(image.format, image.width, image.height);
      const { timeNs } = this.#images[index]!;
      yield { index, timeNs, ...image, planes, matrix: "bt601", fullRange: true };
    }
  }

  async #decode(index: number): Promise<DecodedImage | undefined> {
    const { path } = this.#images[index]!;
    const image = await this.#read(path);
    if (typeof image !== "string") return image;
    const params = { count: 1, first: index, last: index, reason: image };
    this.#log.add(createIssue("VIDEO_FRAMES_LOST", params, { path }));
    return undefined;
  }

  async #read(path: string): Promise<DecodedImage | string> {
    let source: ByteSource;
    try {
      source = await this.#folder.open(path);
    } catch (error) {
      return reasonOf(error);
    }
    try {
      if (source.size > MAX_BYTES) return `it has ${source.size} bytes`;
      return await this.#decoders.image((await source.read(0, source.size)).slice());
    } catch (error) {
      return reasonOf(error);
    } finally {
      await source.close();
    }
  }
}

/** Images per second on average; NaN where names tell no times. */
function rateOf(images: readonly NamedImage[]): number {
  const [first, last] = [images[0]?.timeNs, images.at(-1)?.timeNs];
  if (first === undefined || last === undefined || last <= first) return NaN;
  return ((images.length - 1) * 1e9) / Number(last - first);
}
