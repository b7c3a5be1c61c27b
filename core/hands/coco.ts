import type { ByteSink } from "../base/mod.ts";
import { encodeCoco, type Kernel } from "../../wasm/mod.ts";
import type { HandRecord } from "./record.ts";

/** The one category of hands. */
const CATEGORY = { id: 1, name: "hand", supercategory: "person" };

/** What {@linkcode writeCocoMasks} needs. */
export interface CocoOptions {
  /** Name of the recording. */
  readonly recording: string;
  /** Facts about the file, such as the version of the toolkit. */
  readonly info: Readonly<Record<string, unknown>>;
}

/**
 * Writes masks as a COCO annotation file: one image for each picture that was searched, one annotation with
 * compressed run lengths for each mask. Image ids are frame numbers and one more, as ids begin at 1.
 *
 * The records are walked through twice and never held. The sink is neither committed nor aborted.
 *
 * @example
 * ```ts
 * import { type HandRecord, Kernel, MemoryFolderSink, writeCocoMasks } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const output = new MemoryFolderSink();
 * const sink = await output.create("masks.json");
 * async function* records(): AsyncGenerator<readonly HandRecord[]> {
 *   yield await Promise.resolve([
 *     { frame: 0, timeNs: 0n, width: 64, height: 48, hands: [], searched: true },
 *   ]);
 * }
 * await writeCocoMasks(new Kernel(), sink, records, { recording: "clip", info: {} });
 * await sink.commit();
 * const { images } = JSON.parse(new TextDecoder().decode(output.files.get("masks.json")));
 * assert.equal(images.length, 1);
 * ```
 *
 * @see {@link https://cocodataset.org/#format-data | COCO data format}
 */
export async function writeCocoMasks(
  kernel: Kernel,
  sink: ByteSink,
  records: () => AsyncIterable<readonly HandRecord[]>,
  { recording, info }: CocoOptions,
): Promise<void> {
  const list = new JsonList(sink);
  const head = { info, licenses: [], categories: [CATEGORY] };
  await list.text(`${JSON.stringify(head).slice(0, -1)},"images":[`);
  for await (const some of records()) {
    await list.items(some.map((record) => imageOf(record, recording)));
  }
  await list.text('\n],"annotations":[');
  let id = 0;
  for await (const some of records()) {
    await list.items(
      some.flatMap((record) => annotationsOf(kernel, record)).map((found) => ({
        id: ++id,
        ...found,
      })),
    );
  }
  await list.text("\n]}\n");
}

function imageOf({ frame, timeNs, width, height }: HandRecord, recording: string) {
  return {
    id: frame + 1,
    file_name: `${recording}#${frame}`,
    width,
    height,
    frame,
    device_ns: timeNs === undefined ? null : String(timeNs),
  };
}

function annotationsOf(kernel: Kernel, { frame, hands }: HandRecord) {
  return hands.flatMap(({ mask, area, box, id, confidence, handedness }) =>
    mask === undefined ? [] : [{
      image_id: frame + 1,
      category_id: CATEGORY.id,
      segmentation: { size: [mask.height, mask.width], counts: encodeCoco(kernel, mask.counts) },
      area,
      bbox: [box.x, box.y, box.width, box.height],
      iscrowd: 0,
      score: confidence,
      hand_id: id,
      handedness: handedness ?? null,
    }]
  );
}

/** Writes JSON item by item, each on its line. */
class JsonList {
  readonly #sink: ByteSink;
  readonly #encoder = new TextEncoder();
  #first = true;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Text between lists. */
  async text(text: string): Promise<void> {
    this.#first = true;
    await this.#sink.write(this.#encoder.encode(text));
  }

  async items(items: readonly unknown[]): Promise<void> {
    let text = "";
    for (const item of items) {
      text += `${this.#first ? "\n" : ",\n"}${JSON.stringify(item)}`;
      this.#first = false;
    }
    await this.#sink.write(this.#encoder.encode(text));
  }
}
