import { type ByteSource, type FolderSink, readAll } from "../base/mod.ts";
import { decodeState, encodeState } from "./codec.ts";

/** Where the state of processing lies, relative to the output folder. */
export const WORK_FOLDER = "processing/.work";
const JOURNAL_PATH = `${WORK_FOLDER}/journal.json`;

/** An output that a finished step has written. */
export interface WrittenFile {
  readonly path: string;
  readonly size: number;
}

/** Stands for what the steps were run with. */
export interface JournalKey {
  /** The recordings, what their configuration says and the version of the toolkit. */
  readonly inputs: string;
  /** What was chosen of how clocks are aligned. */
  readonly clocks: string;
  /** What was chosen of the exports; absent of a run that exports nothing and leaves them alone. */
  readonly exports?: string;
}

/** Paths below the folders of results; a damaged journal can name others. */
const RESULT_REGEXP = /^(exports|processing)\//;

/** Steps that read or compare recordings and depend on no setting: another reference clock reads nothing again. */
const READING_REGEXP = /^(inputs$|(scan|motion|sound|flashes) )/;

/** Steps that depend on how clocks are aligned, and on no choice of exports. */
const ALIGNING_REGEXP = /^(alignment$|plots$|jumps )/;

/** What a journal file holds. */
interface JournalState {
  readonly key: JournalKey;
  readonly steps: Readonly<Record<string, readonly WrittenFile[]>>;
  /** Results of runs with another key that are still there. */
  readonly stale?: readonly WrittenFile[];
}

/**
 * Remembers which steps are finished, so that an interrupted run goes on where it stopped.
 *
 * A step counts as finished only when the journal says so and each of its outputs is there with its size.
 * The journal itself is replaced in one step, so that a crash leaves the older one.
 */
export class Journal {
  readonly #output: FolderSink;
  readonly #key: JournalKey;
  readonly #steps: Map<string, readonly WrittenFile[]>;
  #stale: readonly WrittenFile[];

  private constructor(
    output: FolderSink,
    key: JournalKey,
    { steps, stale }: { steps: Map<string, readonly WrittenFile[]>; stale: readonly WrittenFile[] },
  ) {
    this.#output = output;
    this.#key = key;
    this.#steps = steps;
    this.#stale = stale;
  }

  /** Opens the journal of an output folder; of one with another key only what still holds is kept. */
  static async open(output: FolderSink, key: JournalKey): Promise<Journal> {
    const state = await readState(output, JOURNAL_PATH) as Partial<JournalState> | undefined;
    const steps = new Map<string, readonly WrittenFile[]>();
    for (const [step, files] of Object.entries(state?.steps ?? {})) {
      if (areFiles(files)) steps.set(step, files);
    }
    const stale = areFiles(state?.stale) ? state.stale : [];
    const known = (state?.key ?? {}) as Partial<JournalKey>;
    const whole = { ...known, ...key };
    const sameInputs = known.inputs === key.inputs;
    if (sameInputs && known.clocks === key.clocks && known.exports === whole.exports) {
      return new Journal(output, whole, { steps, stale });
    }
    const sameClocks = sameInputs && known.clocks === key.clocks;
    const holds = ([step]: readonly [string, unknown]) =>
      (sameInputs && READING_REGEXP.test(step)) || (sameClocks && ALIGNING_REGEXP.test(step));
    const old = [...steps].filter((entry) => !holds(entry)).flatMap(([, files]) => files);
    const kept = new Map([...steps].filter(holds));
    return new Journal(output, key, { steps: kept, stale: [...stale, ...old] });
  }

  /** True when a step need not be run again. */
  async isDone(step: string): Promise<boolean> {
    const written = this.#steps.get(step);
    if (written === undefined) return false;
    for (const file of written) {
      if (!(await this.#isUnchanged(file))) return false;
    }
    return true;
  }

  async #isUnchanged({ path, size }: WrittenFile): Promise<boolean> {
    // A damaged journal can name paths that no output folder opens.
    const source = await this.#output.open(path).catch(() => undefined);
    await source?.close();
    return source?.size === size;
  }

  /** Marks a step as finished. */
  async finish(step: string, written: readonly WrittenFile[]): Promise<void> {
    this.#steps.set(step, written);
    await this.save();
  }

  /**
   * Deletes the results of runs with other settings or inputs that this one has not replaced: beside the new ones
   * they would be taken for results of the same alignment. A file that was changed since is left alone.
   */
  async removeStale(): Promise<void> {
    if (this.#stale.length === 0) return;
    for (const path of await this.staleResults()) await this.#output.remove(path);
    this.#stale = [];
    await this.save();
  }

  /** Paths of the results of runs with other settings or inputs that are still there as they were written. */
  async staleResults(): Promise<readonly string[]> {
    const current = new Set(this.written().map(({ path }) => path));
    const found: string[] = [];
    for (const file of this.#stale) {
      if (!RESULT_REGEXP.test(file.path) || current.has(file.path)) continue;
      if (await this.#isUnchanged(file)) found.push(file.path);
    }
    return [...new Set(found)];
  }

  /** Writes the journal as it stands. */
  async save(): Promise<void> {
    const state: JournalState = {
      key: this.#key,
      steps: Object.fromEntries(this.#steps),
      ...(this.#stale.length > 0 && { stale: this.#stale }),
    };
    await writeState(this.#output, JOURNAL_PATH, state);
  }

  /** Everything that finished steps have written, each file once. */
  written(): readonly WrittenFile[] {
    const files = [...this.#steps.values()].flat();
    return [...new Map(files.map((file) => [file.path, file])).values()];
  }
}

/** A journal can be damaged, and then hold anything. */
function areFiles(value: unknown): value is readonly WrittenFile[] {
  const isFile = (file: unknown) => {
    const { path, size } = (file ?? {}) as Partial<WrittenFile>;
    return typeof path === "string" && typeof size === "number";
  };
  return Array.isArray(value) && value.every(isFile);
}

/** Writes a value as state. Returns what was written. */
export async function writeState(
  output: FolderSink,
  path: string,
  value: unknown,
): Promise<WrittenFile> {
  return await writeText(output, path, encodeState(value));
}

/** Reads state, or returns undefined when it is missing or damaged: it is then made again. */
export async function readState(output: FolderSink, path: string): Promise<unknown> {
  let source: ByteSource | undefined;
  try {
    source = await output.open(path);
    if (source === undefined) return undefined;
    return decodeState(new TextDecoder().decode(await readAll(source)));
  } catch {
    return undefined;
  } finally {
    await source?.close();
  }
}

/** Writes a text file whole. */
export async function writeText(
  output: FolderSink,
  path: string,
  text: string,
): Promise<WrittenFile> {
  return await writeBytes(output, path, new TextEncoder().encode(text));
}

/** Writes a file whole. */
export async function writeBytes(
  output: FolderSink,
  path: string,
  bytes: Uint8Array,
): Promise<WrittenFile> {
  const sink = await output.create(path);
  try {
    await sink.write(bytes);
    const size = sink.position;
    await sink.commit();
    return { path, size };
  } catch (error) {
    await sink.abort();
    throw error;
  }
}
