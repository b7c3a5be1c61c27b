import {
  type ColumnBatch,
  type ColumnData,
  type ColumnSpec,
  MISSING_NS,
  type StreamSchema,
} from "../base/mod.ts";
import { type BarcodeFormat, decodeBarcodes } from "../clock/mod.ts";

/** Events that a column of a recording shows: markers, or the rising edges of a line. */
export interface RecordedEvents {
  /** Name of the column. */
  readonly column: string;
  /** Time of each event in ns on the clock of the stream. */
  readonly timesNs: BigInt64Array;
  /** Texts of markers, code words, or levels of a line that has more than two; empty where all are the same. */
  readonly labels: readonly string[];
  /** Mean time between the samples around an edge in ns: the event is somewhere between them. */
  readonly coarsenessNs: number;
  /** Software sent them when it came to it; a line shows them at once. */
  readonly bySoftware: boolean;
}

/** Words of a name by which columns and streams say that they hold markers. */
const WORDS = /(^|_)(trigger|trig|ttl|sync|markers?|barcode|pulse|events?|stim|stimulus)\d*(_|$)/;
/** Words that say so of a column of numbers, which is a line then. */
const LINE_WORDS =
  /(^|_)(trigger|trig|ttl|sync|markers?|barcode|pulse)_?(in|out|line|signal|state|level|channel|ch)?_?\d*$/;
/** With more events a column holds no markers; each takes some 30 bytes. */
const MOST_EVENTS = 10_000;
/** With more levels a column of numbers is no line. */
const MOST_LEVELS = 32;
/** Longest label that is kept. */
const LONGEST_LABEL = 100;
/** Fewest whole words by which a line is one of bar codes. */
const FEWEST_WORDS = 3;

/** Words of 32 bits of 30 ms behind two pulses of 10 ms, as the usual generators write them. */
const BARCODE: BarcodeFormat = {
  bitNs: 30e6,
  startNs: [10e6, 10e6, 10e6, 10e6],
  idleNs: 200e6,
};

/** Gathers the events of the columns of a stream that say by their names that they show some. */
export class EventSurvey {
  readonly #columns: readonly (readonly [index: number, events: MarkerColumn | LineColumn])[];

  constructor(schema: StreamSchema) {
    const isMarkers = isMarkerStream(schema);
    this.#columns = schema.columns.flatMap((spec, index) => {
      const events = isMarkers ? new MarkerColumn(spec) : isLine(spec) && new LineColumn(spec);
      return events ? [[index, events] as const] : [];
    });
  }

  /** Adds the next batch. */
  add({ times, columns }: ColumnBatch): void {
    for (const [index, events] of this.#columns) events.add(times, columns[index]!);
  }

  /** What was found so far. */
  get(): RecordedEvents[] {
    return this.#columns.flatMap(([, events]) => events.get() ?? []);
  }
}

/** Texts at no rate. The events of logs are known from the session. */
function isMarkerStream({ name, columns, nominalRateHz }: StreamSchema): boolean {
  return nominalRateHz === undefined && columns.length > 0 && columns[0]!.name !== "event" &&
    columns.every(({ kind }) => kind === "text") &&
    (WORDS.test(name) || columns.some((column) => WORDS.test(column.name)));
}

function isLine({ name, kind }: ColumnSpec): boolean {
  return kind !== "text" && LINE_WORDS.test(name);
}

/** A column of texts, each an event. */
class MarkerColumn {
  readonly #name: string;
  readonly #times: bigint[] = [];
  readonly #labels: string[] = [];
  #isTooMuch = false;

  constructor({ name }: ColumnSpec) {
    this.#name = name;
  }

  add(times: BigInt64Array, data: ColumnData): void {
    for (let row = 0; row < times.length && !this.#isTooMuch; row++) {
      const text = data[row];
      if (typeof text !== "string" || text === "" || times[row] === MISSING_NS) continue;
      this.#times.push(times[row]!);
      this.#labels.push(text.slice(0, LONGEST_LABEL));
      this.#isTooMuch = this.#times.length > MOST_EVENTS;
    }
    if (this.#isTooMuch) this.#times.length = this.#labels.length = 0;
  }

  get(): RecordedEvents | undefined {
    if (this.#isTooMuch || this.#times.length === 0) return undefined;
    return {
      column: this.#name,
      timesNs: BigInt64Array.from(this.#times),
      labels: this.#labels,
      coarsenessNs: 0,
      bySoftware: true,
    };
  }
}

/** A change of a line, between two samples. */
interface Change {
  readonly timeNs: bigint;
  readonly intervalNs: number;
  readonly before: number;
  readonly level: number;
}

/** A column of numbers with few levels. */
class LineColumn {
  readonly #name: string;
  readonly #levels = new Set<number>();
  readonly #changes: Change[] = [];
  #last: { readonly timeNs: bigint; readonly level: number } | undefined;
  #isNone = false;

  constructor({ name }: ColumnSpec) {
    this.#name = name;
  }

  add(times: BigInt64Array, data: ColumnData): void {
    for (let row = 0; row < times.length && !this.#isNone; row++) {
      const level = levelOf(data, row);
      if (times[row] !== MISSING_NS && !Number.isNaN(level)) this.#addSample(times[row]!, level);
    }
  }

  #addSample(timeNs: bigint, level: number): void {
    const last = this.#last;
    this.#last = { timeNs, level };
    if (last?.level === level) return;
    this.#levels.add(level);
    // Where the stamps go back, nothing tells when the line changed.
    if (last !== undefined && timeNs > last.timeNs) {
      const intervalNs = Number(timeNs - last.timeNs);
      const middle = last.timeNs + (timeNs - last.timeNs) / 2n;
      this.#changes.push({ timeNs: middle, intervalNs, before: last.level, level });
    }
    this.#isNone = this.#levels.size > MOST_LEVELS || this.#changes.length > 2 * MOST_EVENTS;
    if (this.#isNone) this.#changes.length = 0;
  }

  get(): RecordedEvents | undefined {
    const rising = this.#changes.filter(({ before, level }) => level > before);
    if (this.#isNone || rising.length === 0) return undefined;
    const hasTwo = this.#levels.size === 2;
    const words = hasTwo ? wordsOf(this.#changes) : undefined;
    return {
      column: this.#name,
      timesNs: BigInt64Array.from(rising, ({ timeNs }) => timeNs),
      labels: hasTwo ? [] : rising.map(({ level }) => String(level)),
      ...words,
      coarsenessNs: rising.reduce((sum, { intervalNs }) => sum + intervalNs, 0) / rising.length,
      bySoftware: false,
    };
  }
}

function levelOf(data: ColumnData, row: number): number {
  const value = data[row];
  if (typeof value === "bigint") return value === MISSING_NS ? NaN : Number(value);
  if (typeof value !== "number") return NaN;
  return data instanceof Uint8Array && value > 1 ? NaN : value;
}

/** The code words of a line, where it has some and hardly anything else. */
function wordsOf(
  changes: readonly Change[],
): Pick<RecordedEvents, "timesNs" | "labels"> | undefined {
  const line = {
    timesNs: BigInt64Array.from(changes, ({ timeNs }) => timeNs),
    levels: Uint8Array.from(changes, ({ level, before }) => level > before ? 1 : 0),
  };
  const { timesNs, labels, damaged } = decodeBarcodes(line, BARCODE);
  return labels.length >= FEWEST_WORDS && damaged < labels.length ? { timesNs, labels } : undefined;
}
