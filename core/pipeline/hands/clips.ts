import type { ByteSink, FolderSink, FrameSource } from "../../base/mod.ts";
import type { WrittenFile } from "../journal.ts";

/** A video that is being written. */
export interface PictureClip {
  /** Appends a picture: red, green and blue, row after row. */
  add(rgb: Uint8Array, timeNs: bigint): Promise<void>;
  /** Ends the video and gives its file its name. */
  finish(): Promise<void>;
  /** Deletes what was written. */
  abort(): Promise<void>;
}

/** Size of the pictures of a video, and how many are meant to be shown in a second. */
export interface ClipShape {
  readonly width: number;
  readonly height: number;
  /** NaN when not known. */
  readonly nominalFps: number;
}

/** Starts a video in a file that is asked for by its extension. */
export type OpenClip = (
  create: (extension: string) => Promise<ByteSink>,
  shape: ClipShape,
) => Promise<PictureClip>;

/** What {@linkcode Clips} needs. */
export interface ClipsOptions {
  readonly output: FolderSink;
  readonly source: Pick<FrameSource, "nominalFps">;
  readonly openClip: OpenClip;
}

interface OpenedClip {
  readonly writer: PictureClip;
  readonly path: string;
  readonly sink: ByteSink;
}

/** Videos that are written at the same time, by their paths without extension. */
export class Clips {
  readonly #options: ClipsOptions;
  readonly #open = new Map<string, OpenedClip>();
  readonly #written: WrittenFile[] = [];

  constructor(options: ClipsOptions) {
    this.#options = options;
  }

  /** Those that are finished. */
  get written(): readonly WrittenFile[] {
    return this.#written;
  }

  /** The video of a path, which is begun when it is first asked for. */
  async open(
    path: string,
    { width, height }: Pick<ClipShape, "width" | "height">,
  ): Promise<PictureClip> {
    const known = this.#open.get(path);
    if (known !== undefined) return known.writer;
    const { output, openClip, source } = this.#options;
    let file: { readonly path: string; readonly sink: ByteSink } | undefined;
    const create = async (extension: string) => {
      const whole = `${path}.${extension}`;
      const sink = await output.create(whole);
      file = { path: whole, sink };
      return sink;
    };
    const writer = await openClip(create, { width, height, nominalFps: source.nominalFps });
    if (file === undefined) throw new Error(`Cannot write ${path}: no file was asked for`);
    this.#open.set(path, { writer, ...file });
    return writer;
  }

  /** Ends a video and gives it its name. */
  async finish(path: string): Promise<void> {
    const clip = this.#open.get(path);
    if (clip === undefined) return;
    await clip.writer.finish();
    this.#open.delete(path);
    this.#written.push({ path: clip.path, size: clip.sink.position });
  }

  async finishAll(): Promise<void> {
    for (const path of [...this.#open.keys()]) await this.finish(path);
  }

  /** Deletes those that are not finished. */
  async abortAll(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(open.map(({ writer }) => writer.abort()));
  }
}
