import {
  type FolderSink,
  type FrameSource,
  NS_PER_SECOND,
  responsive,
  throwIfCancelled,
  type VideoFrame,
  type WorkOptions,
} from "../../base/mod.ts";
import type { HandRecord } from "../../hands/mod.ts";
import type { FrameImage } from "../../../wasm/mod.ts";
import { readState, writeState, type WrittenFile } from "../journal.ts";
import { Clips, type OpenClip } from "./clips.ts";
import { CropIndex } from "./crop_index.ts";
import { drawHands } from "./draw_hands.ts";
import { lastFrames, RecordsByFrame } from "./records_by_frame.ts";
import type { RecordStore } from "./record_store.ts";

/** Videos that are made of what was found. */
export interface RenderChoice {
  /** The recording with its hands drawn into it. @default {false} */
  readonly overlay?: boolean | undefined;
  /** A video of each hand alone: side of its pictures in pixels. @default {none} */
  readonly cropSide?: number | undefined;
}

/** What {@linkcode renderRecording} needs. */
export interface RenderOptions extends RenderChoice, WorkOptions {
  readonly output: FolderSink;
  /** Folder of the results of the recording. */
  readonly folder: string;
  /** Folder of the records, where it is remembered what was made of them. */
  readonly records: string;
  readonly name: string;
  readonly source: FrameSource;
  readonly image: FrameImage;
  readonly store: RecordStore;
  readonly openClip: OpenClip;
}

/** How much larger than its box the region of a hand is, on each side. */
const PADDING = 0.2;

/** Media clocks begin with their recordings; one that reads more than a day counts from elsewhere, such as 1970. */
const LATEST_START_NS = 86_400n * NS_PER_SECOND;

/**
 * Makes videos of what was found, in a second pass through the pictures: only then is it known when a hand is seen for
 * the last time. Videos that an earlier run has made of the same records are kept.
 *
 * Times are those of the recording; where they count from 1970, videos begin with its first picture. Pictures that were not searched are not in them. `crops/index.csv` says which picture of which recording
 * each picture of a crop is.
 */
export async function renderRecording(options: RenderOptions): Promise<readonly WrittenFile[]> {
  const { overlay = false, cropSide, output, records } = options;
  if (!overlay && cropSide === undefined) return [];
  const wanted = JSON.stringify([overlay, cropSide ?? null]);
  const path = `${records}/rendered.json`;
  const known = await readState(output, path) as Rendered | undefined;
  if (known?.wanted === wanted && await areThere(output, known.written)) return known.written;
  const written = await render(options);
  await writeState(output, path, { wanted, written } satisfies Rendered);
  return written;
}

/** What was made earlier. */
interface Rendered {
  readonly wanted: string;
  readonly written: readonly WrittenFile[];
}

async function areThere(output: FolderSink, files: readonly WrittenFile[]): Promise<boolean> {
  for (const { path, size } of files) {
    const file = await output.open(path);
    await file?.close();
    if (file?.size !== size) return false;
  }
  return true;
}

async function render(options: RenderOptions): Promise<readonly WrittenFile[]> {
  const { store, output, folder, cropSide, signal } = options;
  // Hands that are no longer found would keep their videos.
  await output.remove(`${folder}/crops`);
  const clips = new Clips(options);
  const records = new RecordsByFrame(store, signal);
  const index = cropSide === undefined ? undefined : await CropIndex.create(output, folder);
  try {
    const last = await lastFrames(store, signal);
    await drawAll(options, records, new Drawing(options, clips, index, last));
    await clips.finishAll();
    return [...clips.written, ...index === undefined ? [] : [await index.finish()]];
  } finally {
    await records.close();
    await index?.abort();
    await clips.abortAll();
  }
}

async function drawAll(
  { store, source, image, signal, progress, name }: RenderOptions,
  records: RecordsByFrame,
  drawing: Drawing,
): Promise<void> {
  for await (const frame of responsive(source.frames({ signal }))) {
    throwIfCancelled(signal);
    if (frame.index >= store.progress.nextFrame) return;
    const record = await records.of(frame.index);
    if (record === undefined) continue;
    image.load(frame);
    await drawing.add(frame, record);
    progress?.({
      task: `Draw hands of ${name}`,
      done: frame.index + 1,
      unit: "frames",
      ...(source.frameCount === undefined ? {} : { total: source.frameCount }),
    });
  }
}

/** Draws one picture after the other into the videos. */
class Drawing {
  readonly #options: RenderOptions;
  readonly #clips: Clips;
  readonly #index: CropIndex | undefined;
  /** The last picture of each hand. */
  readonly #last: ReadonlyMap<number, number>;
  /** Time of the first picture. */
  #firstNs: bigint | undefined;
  /** Size of the overlay: that of its first picture. */
  #size: Pick<FrameImage, "width" | "height"> | undefined;

  constructor(
    options: RenderOptions,
    clips: Clips,
    index: CropIndex | undefined,
    last: ReadonlyMap<number, number>,
  ) {
    this.#options = options;
    this.#clips = clips;
    this.#index = index;
    this.#last = last;
  }

  async add(frame: VideoFrame, record: HandRecord): Promise<void> {
    const { cropSide, overlay } = this.#options;
    const timeNs = this.#timeOf(frame);
    // Crops come first: they show the hand as it was recorded.
    if (cropSide !== undefined) await this.#crop(frame, record, cropSide, timeNs);
    if (overlay) await this.#overlay(record, timeNs);
  }

  async #overlay(record: HandRecord, timeNs: bigint): Promise<void> {
    const { folder, image } = this.#options;
    drawHands(image, record);
    const { width, height } = this.#size ??= { width: image.width, height: image.height };
    const clip = await this.#clips.open(`${folder}/overlay`, { width, height });
    const isSame = image.width === width && image.height === height;
    await clip.add(isSame ? image.rgb() : image.thumbnail(width, height), timeNs);
  }

  async #crop(
    frame: VideoFrame,
    { hands }: HandRecord,
    side: number,
    timeNs: bigint,
  ): Promise<void> {
    const { folder, image } = this.#options;
    for (const { id, box } of hands) {
      const path = `${folder}/crops/hand_${id}`;
      const clip = await this.#clips.open(path, { width: side, height: side });
      await clip.add(image.scaled(squareAbout(box), side, side), timeNs);
      await this.#index?.add(id, frame);
      if (this.#last.get(id) === frame.index) await this.#clips.finish(path);
    }
  }

  /** Pictures without a time follow each other at the nominal rate, or 25 in a second. */
  #timeOf({ timeNs, index }: VideoFrame): bigint {
    const { nominalFps } = this.#options.source;
    const fps = nominalFps > 0 ? nominalFps : 25;
    if (timeNs === undefined) return BigInt(Math.round(index * 1e9 / fps));
    this.#firstNs ??= timeNs;
    return this.#firstNs > LATEST_START_NS ? timeNs - this.#firstNs : timeNs;
  }
}

function squareAbout({ x, y, width, height }: HandRecord["hands"][number]["box"]) {
  const side = Math.max(1, Math.max(width, height) * (1 + 2 * PADDING));
  return {
    x: x + (width - side) / 2,
    y: y + (height - side) / 2,
    width: side,
    height: side,
  };
}
