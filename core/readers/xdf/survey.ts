import { type ByteSource, createIssue, MISSING_NS, type ReportIssue } from "../../base/mod.ts";
import { type Kernel, XdfParser } from "../../../wasm/mod.ts";
import { readFooter, readInfo, type XdfFooter, type XdfStreamInfo } from "./info.ts";
import { problemIssue, walk, type XdfFinding } from "./walk.ts";
import { parseXml, type XmlElement } from "./xml.ts";

/** Readings of the clock of a stream, in the order in which they were recorded. */
export interface XdfClockOffsets {
  /** Seconds on the clock of the stream. */
  readonly times: Float64Array;
  /** Seconds that, added, give the clock of the recorder. */
  readonly values: Float64Array;
  /** How many samples of the stream were recorded before each. */
  readonly rows: Float64Array;
}

/** A stream as the first walk through the file finds it. */
export interface SurveyedStream {
  readonly info: XdfStreamInfo;
  /** Places of its header, and of others that say the same. */
  readonly headersAt: number[];
  readonly samples: number;
  readonly offsets: XdfClockOffsets;
  /** First stamp that was recorded, in ns; undefined when there is none. */
  readonly firstNs?: bigint;
  readonly footer?: XdfFooter;
}

/** What the first walk through a file finds. */
export interface XdfSurvey {
  readonly fileHeader?: XmlElement;
  readonly streams: readonly SurveyedStream[];
}

/** What {@linkcode surveyFile} needs. */
export interface SurveyOptions {
  readonly kernel: Kernel;
  readonly path: string;
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** More streams than any file has. */
const MAX_STREAMS = 10_000;

/** A stream during the walk. */
interface OpenStream {
  readonly info: XdfStreamInfo;
  readonly headersAt: number[];
  readonly number: number;
  readonly times: number[];
  readonly values: number[];
  readonly rows: number[];
  firstNs?: bigint;
  footer?: XdfFooter;
}

/** Walks through a file without reading its samples. */
export async function surveyFile(source: ByteSource, options: SurveyOptions): Promise<XdfSurvey> {
  const parser = new XdfParser(options.kernel, source.size);
  const survey = new Survey(parser, options);
  try {
    for await (const finding of walk(parser, source, options.signal)) survey.add(finding);
    return survey.get();
  } finally {
    parser.dispose();
  }
}

class Survey {
  readonly #parser: XdfParser;
  readonly #path: string;
  readonly #report: ReportIssue;
  readonly #streams: OpenStream[] = [];
  readonly #byId = new Map<number, OpenStream>();
  #fileHeader: XmlElement | undefined;

  constructor(parser: XdfParser, { path, report }: SurveyOptions) {
    this.#parser = parser;
    this.#path = path;
    this.#report = report ?? (() => {});
  }

  add(finding: XdfFinding): void {
    switch (finding.kind) {
      case "xml":
        return this.#addXml(finding);
      case "offset": {
        const { times, values, rows } = this.#streams[finding.stream]!;
        times.push(finding.time);
        values.push(finding.value);
        rows.push(finding.rows);
        return;
      }
      case "batch":
        return this.#noteFirst(finding.stream);
      case "problem":
        return this.#report(problemIssue(finding, this.#path));
    }
  }

  get(): XdfSurvey {
    return {
      ...(this.#fileHeader && { fileHeader: this.#fileHeader }),
      streams: this.#streams.map(({ number, times, values, rows, ...rest }) => {
        if (rest.firstNs === undefined) this.#noteFirst(number);
        const { firstNs } = this.#streams[number]!;
        return {
          ...rest,
          ...(firstNs === undefined ? {} : { firstNs }),
          samples: this.#parser.tally(number).samples,
          offsets: {
            times: Float64Array.from(times),
            values: Float64Array.from(values),
            rows: Float64Array.from(rows),
          },
        };
      }),
    };
  }

  #addXml({ tag, id, text, at }: Extract<XdfFinding, { readonly kind: "xml" }>): void {
    const xml = parseXml(new TextDecoder().decode(text));
    if (tag === 1) this.#fileHeader ??= xml;
    else if (tag === 2) this.#addHeader(id, xml, at);
    else {
      const stream = this.#byId.get(id);
      if (stream !== undefined) stream.footer = readFooter(xml);
    }
  }

  #addHeader(id: number, xml: XmlElement | undefined, at: number): void {
    const info = readInfo(id, xml);
    const where = { path: this.#path, byte: at };
    if (typeof info === "string" || this.#streams.length >= MAX_STREAMS) {
      const reason = typeof info === "string" ? info : "there are too many streams";
      this.#report(createIssue("XDF_HEADER_INVALID", { id, reason }, where));
      return;
    }
    const known = this.#byId.get(id);
    if (known !== undefined) {
      this.#report(createIssue("XDF_STREAM_REPEATED", { id, name: info.name }, where));
      if (isSame(known.info, info)) return void known.headersAt.push(at);
    }
    const number = this.#parser.addStream({
      id,
      format: info.format,
      channels: info.channelCount,
      rateHz: info.nominalRateHz,
      batchRows: 1,
      // The first sample is read for its stamp.
      mode: "doubles",
    });
    const stream = { info, headersAt: [at], number, times: [], values: [], rows: [] };
    this.#streams.push(stream);
    this.#byId.set(id, stream);
  }

  #noteFirst(number: number): void {
    const stream = this.#streams[number]!;
    if (stream.firstNs === undefined && this.#parser.rows(number) > 0) {
      const time = new BigInt64Array(1);
      this.#parser.copyTimes(number, time);
      if (time[0] !== MISSING_NS) stream.firstNs = time[0]!;
    }
    this.#parser.clear(number);
    this.#parser.countOnly(number);
  }
}

/** A second header that says the same goes on with the first stream. */
function isSame(a: XdfStreamInfo, b: XdfStreamInfo): boolean {
  return a.name === b.name && a.format === b.format && a.channelCount === b.channelCount &&
    a.nominalRateHz === b.nominalRateHz && a.hostname === b.hostname;
}
