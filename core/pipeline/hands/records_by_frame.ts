import type { HandRecord } from "../../hands/mod.ts";
import type { RecordStore } from "./record_store.ts";

/** Finds the record of each picture; asked for pictures in their order. */
export class RecordsByFrame {
  readonly #walk: AsyncGenerator<readonly HandRecord[]>;
  #records: readonly HandRecord[] = [];
  #next = 0;

  constructor(store: RecordStore, signal?: AbortSignal) {
    this.#walk = store.read(signal);
  }

  /** The record of a picture, or undefined when it was not searched. */
  async of(frame: number): Promise<HandRecord | undefined> {
    for (;;) {
      const record = this.#records[this.#next];
      if (record === undefined) {
        const { done, value } = await this.#walk.next();
        if (done) return undefined;
        [this.#records, this.#next] = [value, 0];
        continue;
      }
      if (record.frame > frame) return undefined;
      this.#next++;
      if (record.frame === frame) return record;
    }
  }

  async close(): Promise<void> {
    await this.#walk.return(undefined);
  }
}

/** The last picture in which each hand is seen, by its id. */
export async function lastFrames(
  store: RecordStore,
  signal?: AbortSignal,
): Promise<Map<number, number>> {
  const last = new Map<number, number>();
  for await (const records of store.read(signal)) {
    for (const { frame, hands } of records) for (const { id } of hands) last.set(id, frame);
  }
  return last;
}
