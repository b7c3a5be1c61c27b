import { type FolderSink, throwIfCancelled } from "../../base/mod.ts";
import type { HandRecord } from "../../hands/mod.ts";
import { readState, writeState } from "../journal.ts";

/** Records of one file: few enough to hold, enough to keep files few. */
const CHUNK_RECORDS = 256;

/** What a store remembers besides its records. */
export interface StoreProgress {
  /** Frame with which the work goes on. */
  readonly nextFrame: number;
  /** What the method carries from picture to picture. */
  readonly method: unknown;
  /** Every frame was read. */
  readonly finished: boolean;
  /** Whatever else whoever writes wants to have again. */
  readonly notes: unknown;
}

/** What lies in the index of a store. */
interface StoreIndex extends StoreProgress {
  readonly key: string;
  readonly about: unknown;
  readonly chunks: readonly number[];
}

/**
 * The records of the pictures of one recording, on disk, so that work that was cut short goes on at the
 * frame where it stopped.
 *
 * Records go into files of some hundred; an index, which is replaced in one step, says which count and what
 * they were made with.
 */
export class RecordStore {
  readonly #output: FolderSink;
  readonly #folder: string;
  /** Stands for everything that the records depend on. */
  readonly key: string;
  /** What a reader of the records has to know. */
  readonly about: unknown;
  /** Records in each file. */
  readonly #chunks: number[];
  #progress: StoreProgress;
  #pending: HandRecord[] = [];

  private constructor(output: FolderSink, folder: string, index: StoreIndex) {
    const { chunks, key, about, ...progress } = index;
    this.#output = output;
    this.#folder = folder;
    this.key = key;
    this.about = about;
    this.#chunks = [...chunks];
    this.#progress = progress;
  }

  /**
   * Opens the store in a folder for records that a key stands for; those of another are deleted. What a reader has to
   * know need not be what it was, and is kept with the next commit.
   */
  static async open(
    output: FolderSink,
    folder: string,
    { key, about }: Pick<RecordStore, "key" | "about">,
  ): Promise<RecordStore> {
    const known = await readState(output, indexPath(folder));
    if (isIndex(known) && known.key === key) {
      return new RecordStore(output, folder, { ...known, about });
    }
    await output.remove(folder);
    return new RecordStore(output, folder, {
      key,
      about,
      chunks: [],
      nextFrame: 0,
      method: undefined,
      finished: false,
      notes: undefined,
    });
  }

  /** The store in a folder, or undefined when there is none or it is damaged. */
  static async find(output: FolderSink, folder: string): Promise<RecordStore | undefined> {
    const known = await readState(output, indexPath(folder));
    return isIndex(known) ? new RecordStore(output, folder, known) : undefined;
  }

  /** Where the work stands as of the last commit. */
  get progress(): StoreProgress {
    return this.#progress;
  }

  /** Number of records that are kept, with those that were not committed yet. */
  get length(): number {
    return this.#chunks.reduce((sum, count) => sum + count, this.#pending.length);
  }

  /** Adds a record. True when there are enough for a commit. */
  add(record: HandRecord): boolean {
    this.#pending.push(record);
    return this.#pending.length >= CHUNK_RECORDS;
  }

  /** Writes what was added, and where the work stands after it. */
  async commit(progress: StoreProgress): Promise<void> {
    if (this.#pending.length > 0) {
      const path = chunkPath(this.#folder, this.#chunks.length);
      await writeState(this.#output, path, this.#pending);
      this.#chunks.push(this.#pending.length);
      this.#pending = [];
    }
    const index: StoreIndex = {
      ...progress,
      key: this.key,
      about: this.about,
      chunks: this.#chunks,
    };
    await writeState(this.#output, indexPath(this.#folder), index);
    this.#progress = progress;
  }

  /** Yields the committed records in order, some hundred at a time. Throws `Error` when a file of them is gone. */
  async *read(signal?: AbortSignal): AsyncGenerator<readonly HandRecord[]> {
    for (const chunk of this.#chunks.keys()) {
      throwIfCancelled(signal);
      const path = chunkPath(this.#folder, chunk);
      const records = await readState(this.#output, path);
      if (records === undefined) throw new Error(`Cannot read ${path}: delete its folder`);
      yield records as readonly HandRecord[];
    }
  }
}

function indexPath(folder: string): string {
  return `${folder}/index.json`;
}

function chunkPath(folder: string, chunk: number): string {
  return `${folder}/records_${String(chunk).padStart(6, "0")}.json`;
}

/** An index can be damaged, and then hold anything. */
function isIndex(value: unknown): value is StoreIndex {
  const { key, chunks, nextFrame } = (value ?? {}) as Partial<StoreIndex>;
  return typeof key === "string" && typeof nextFrame === "number" && Array.isArray(chunks) &&
    chunks.every((count) => Number.isInteger(count));
}
