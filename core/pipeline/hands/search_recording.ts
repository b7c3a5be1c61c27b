import {
  CancelledError,
  type FrameSource,
  type Issue,
  renderIssue,
  type VideoFrame,
  type WorkOptions,
} from "../../base/mod.ts";
import { findHands, type FrameChoice, type HandEngine, type HandRecord } from "../../hands/mod.ts";
import type { RecordStore } from "./record_store.ts";

/** What {@linkcode searchRecording} needs. */
export interface SearchOptions extends FrameChoice, WorkOptions {
  readonly source: FrameSource;
  readonly engine: HandEngine;
  /** Takes the records, and knows those of a search that was cut short. */
  readonly store: RecordStore;
  /** Name of the recording, for the progress. */
  readonly name: string;
  /** Milliseconds that go by, to say how long the stages take. @default {none is told} */
  readonly now?: (() => number) | undefined;
  /** Sees each picture that was searched, while the engine still holds it, and how many were before it. */
  readonly onFrame?: ((record: HandRecord, place: number) => void) | undefined;
  /** Called before what was found so far is kept. */
  readonly onCommit?: (() => Promise<void>) | undefined;
}

/** What is known of the search of a recording, beside the records. */
export interface SearchNotes {
  /** Pictures that were decoded, and those of them that were searched. */
  readonly decoded: number;
  readonly searched: number;
  /** Pictures in which hands were found, and hands in all of them. */
  readonly withHands: number;
  readonly hands: number;
  /** Pictures that were searched as a whole, not only where hands were before. */
  readonly whole: number;
  /** Greatest id of a hand, -1 when there was none. */
  readonly lastId: number;
  /** Time of the first picture that was decoded. */
  readonly firstTimeNs: bigint | undefined;
  /** Seconds that searching and decoding took. */
  readonly searchSeconds: number;
  readonly decodeSeconds: number;
  /** What was wrong with the pictures that were decoded. */
  readonly issues: readonly Issue[];
}

const NOTHING: SearchNotes = {
  decoded: 0,
  searched: 0,
  withHands: 0,
  hands: 0,
  whole: 0,
  lastId: -1,
  firstTimeNs: undefined,
  searchSeconds: 0,
  decodeSeconds: 0,
  issues: [],
};

/**
 * Searches the pictures of a recording, from where an earlier search stopped, and keeps what it finds.
 *
 * When it is cancelled, what was found so far is kept before `CancelledError` is thrown.
 */
export async function searchRecording(options: SearchOptions): Promise<SearchNotes> {
  const { source, engine, store, signal } = options;
  const { progress } = store;
  if (progress.finished) {
    // What a reader of the records has to know may be another than it was.
    await store.commit(progress);
    return notesOf(store);
  }
  if (progress.method !== undefined) engine.method.restore(progress.method);
  const search = new Search(options, notesOf(store));
  const frames = source.frames({ from: progress.nextFrame, signal });
  try {
    const { firstTimeNs } = search.notes;
    const found = findHands(search.watch(frames), engine, { ...options, firstTimeNs });
    for await (const { record } of found) await search.take(record);
  } catch (error) {
    if (error instanceof CancelledError) await search.suspend();
    throw error;
  }
  await search.commit(true);
  return search.notes;
}

/** What is known of the search of a recording so far. */
export function notesOf({ progress }: RecordStore): SearchNotes {
  return { ...NOTHING, ...progress.notes as Partial<SearchNotes> | undefined };
}

/** A search at work: counts what it finds and says how far it is. */
class Search {
  readonly #options: SearchOptions;
  #notes: SearchNotes;
  #nextFrame: number;
  /** A picture was decoded, and it is not known yet whether the search got past it. */
  #isOpen = false;

  constructor(options: SearchOptions, notes: SearchNotes) {
    this.#options = options;
    this.#notes = notes;
    this.#nextFrame = options.store.progress.nextFrame;
  }

  get notes(): SearchNotes {
    return this.#notes;
  }

  /** Counts the pictures as they are decoded, and the time that goes by until they are and after it. */
  async *watch(frames: AsyncIterable<VideoFrame>): AsyncGenerator<VideoFrame> {
    const { now = () => 0 } = this.#options;
    let asked = now();
    for await (const frame of frames) {
      const given = now();
      this.#notes = {
        ...this.#notes,
        decoded: this.#notes.decoded + 1,
        decodeSeconds: this.#notes.decodeSeconds + (given - asked) / 1e3,
        firstTimeNs: this.#notes.firstTimeNs ?? frame.timeNs,
      };
      this.#isOpen = true;
      yield frame;
      this.#isOpen = false;
      asked = now();
      this.#nextFrame = frame.index + 1;
      const searchSeconds = this.#notes.searchSeconds + (asked - given) / 1e3;
      this.#notes = { ...this.#notes, searchSeconds };
    }
  }

  async take(record: HandRecord): Promise<void> {
    const { store, onFrame, progress, name, source } = this.#options;
    this.#notes = withRecord(this.#notes, record);
    onFrame?.(record, this.#notes.searched - 1);
    progress?.({
      task: `Find hands in ${name}`,
      done: record.frame + 1,
      unit: "frames",
      ...(source.frameCount === undefined ? {} : { total: source.frameCount }),
    });
    if (store.add(record)) await this.commit(false, record.frame + 1);
  }

  /** Keeps what was found; a picture that was decoded and not searched will be decoded again. */
  async suspend(): Promise<void> {
    if (this.#isOpen) this.#notes = { ...this.#notes, decoded: this.#notes.decoded - 1 };
    await this.commit(false);
  }

  async commit(finished: boolean, nextFrame = this.#nextFrame): Promise<void> {
    const { store, engine, source, onCommit } = this.#options;
    const method = engine.method.save();
    await onCommit?.();
    this.#notes = { ...this.#notes, issues: withIssues(this.#notes.issues, source.issues) };
    await store.commit({ nextFrame, method, finished, notes: this.#notes });
  }
}

/** Issues that were known, and those that were not. */
function withIssues(known: readonly Issue[], found: readonly Issue[]): readonly Issue[] {
  const texts = new Set(known.map(renderIssue));
  return [...known, ...found.filter((issue) => !texts.has(renderIssue(issue)))];
}

function withRecord(notes: SearchNotes, { hands, searched }: HandRecord): SearchNotes {
  return {
    ...notes,
    searched: notes.searched + 1,
    withHands: notes.withHands + (hands.length > 0 ? 1 : 0),
    hands: notes.hands + hands.length,
    whole: notes.whole + (searched ? 1 : 0),
    lastId: hands.reduce((last, { id }) => Math.max(last, id), notes.lastId),
  };
}
