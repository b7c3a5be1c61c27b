import {
  type FolderSink,
  type FrameSource,
  throwIfCancelled,
  type VideoFrame,
  type WorkOptions,
} from "../../base/mod.ts";
import type { HandRecord } from "../../hands/mod.ts";
import type { FrameImage } from "../../../wasm/mod.ts";
import { readState, writeState, writeText, type WrittenFile } from "../journal.ts";
import { Clips, type OpenClip } from "./clips.ts";
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
const INDEX_HEADER = "hand_id,clip,clip_frame,frame,device_ns\n";

/**
 * Makes videos of what was found, in a second pass through the pictures: only then is it known when a hand is seen for
 * the last time. Videos that an earlier run has made of the same records are kept.
 *
 * Pictures that were not searched are not in them. `crops/index.csv` says which picture of which recording
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
  const { store, source, folder, image, signal, progress, name } = options;
  const clips = new Clips(options);
  const records = new RecordsByFrame(store, signal);
  const drawing = new Drawing(options, clips, await lastFrames(store, signal));
  try {
    for await (const frame of source.frames({ signal })) {
      throwIfCancelled(signal);
      if (frame.index >= store.progress.nextFrame) break;
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
    await clips.finishAll();
    if (options.cropSide === undefined) return clips.written;
    return [
      ...clips.written,
      await writeText(options.output, `${folder}/crops/index.csv`, drawing.index),
    ];
  } finally {
    await records.close();
    await clips.abortAll();
  }
}

/** Draws one picture after the other into the videos. */
class Drawing {
  readonly #options: RenderOptions;
  readonly #clips: Clips;
  /** The last picture of each hand. */
  readonly #last: ReadonlyMap<number, number>;
  /** Pictures of each hand so far. */
  readonly #pictures = new Map<number, number>();
  #index = INDEX_HEADER;

  constructor(options: RenderOptions, clips: Clips, last: ReadonlyMap<number, number>) {
    this.#options = options;
    this.#clips = clips;
    this.#last = last;
  }

  /** Which picture of the recording each picture of a crop is. */
  get index(): string {
    return this.#index;
  }

  async add(frame: VideoFrame, record: HandRecord): Promise<void> {
    const { cropSide, overlay, folder, image } = this.#options;
    // Crops come first: they show the hand as it was recorded.
    if (cropSide !== undefined) await this.#crop(frame, record, cropSide);
    if (!overlay) return;
    drawHands(image, record);
    const { width, height } = image;
    const clip = await this.#clips.open(`${folder}/overlay`, { width, height });
    await clip.add(image.rgb(), timeOf(frame, this.#options.source));
  }

  async #crop(frame: VideoFrame, { hands }: HandRecord, side: number): Promise<void> {
    const { folder, image, source } = this.#options;
    for (const { id, box } of hands) {
      const path = `${folder}/crops/hand_${id}`;
      const clip = await this.#clips.open(path, { width: side, height: side });
      await clip.add(image.scaled(squareAbout(box), side, side), timeOf(frame, source));
      const picture = this.#pictures.get(id) ?? 0;
      this.#pictures.set(id, picture + 1);
      this.#index += `${id},hand_${id},${picture},${frame.index},${frame.timeNs ?? ""}\n`;
      if (this.#last.get(id) === frame.index) await this.#clips.finish(path);
    }
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

/** Pictures without a time follow each other at the nominal rate, or 25 in a second. */
function timeOf({ timeNs, index }: VideoFrame, { nominalFps }: FrameSource): bigint {
  const fps = nominalFps > 0 ? nominalFps : 25;
  return timeNs ?? BigInt(Math.round(index * 1e9 / fps));
}
