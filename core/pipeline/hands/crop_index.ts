import type { ByteSink, FolderSink, VideoFrame } from "../../base/mod.ts";
import type { WrittenFile } from "../journal.ts";

const HEADER = "hand_id,clip,clip_frame,frame,device_ns\n";

/** Characters that are gathered before they are written. */
const BLOCK = 1 << 16;

/** The table `crops/index.csv`: which picture of which recording each picture of a crop is. */
export class CropIndex {
  readonly #sink: ByteSink;
  readonly #path: string;
  readonly #encoder = new TextEncoder();
  /** Pictures of each hand so far. */
  readonly #pictures = new Map<number, number>();
  #text = HEADER;

  private constructor(sink: ByteSink, path: string) {
    this.#sink = sink;
    this.#path = path;
  }

  /** @param folder Folder of the results of the recording. */
  static async create(output: FolderSink, folder: string): Promise<CropIndex> {
    const path = `${folder}/crops/index.csv`;
    return new CropIndex(await output.create(path), path);
  }

  /** Notes that the next picture of the video of a hand is of this frame. */
  async add(id: number, { index, timeNs }: Pick<VideoFrame, "index" | "timeNs">): Promise<void> {
    const picture = this.#pictures.get(id) ?? 0;
    this.#pictures.set(id, picture + 1);
    this.#text += `${id},hand_${id},${picture},${index},${timeNs ?? ""}\n`;
    if (this.#text.length >= BLOCK) await this.#write();
  }

  /** Gives the table its name. */
  async finish(): Promise<WrittenFile> {
    await this.#write();
    const size = this.#sink.position;
    await this.#sink.commit();
    return { path: this.#path, size };
  }

  /** Deletes the table unless it is finished. */
  async abort(): Promise<void> {
    await this.#sink.abort();
  }

  async #write(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    await this.#sink.write(this.#encoder.encode(text));
  }
}
