import { type ByteSource, createIssue, type ReportIssue } from "../../base/mod.ts";

/** How the samples of a file are written. */
export interface WavFormat {
  readonly encoding: "integer" | "float";
  readonly channels: number;
  readonly rateHz: number;
  /** Bits of the container of a sample: 8, 16, 24, 32 or 64. */
  readonly bits: number;
  /** Bytes of one sample of all channels. */
  readonly frameBytes: number;
}

/** Where the samples lie, and what else the file says. */
export interface WavLayout {
  readonly format: WavFormat;
  readonly dataStart: number;
  /** Bytes of whole frames that are there. */
  readonly dataBytes: number;
  /** Samples since midnight at which recording began, as Broadcast Wave files say. */
  readonly timeReference?: bigint;
  /** Date and time of the recorder, `yyyy-mm-dd` and `hh:mm:ss`, as written. */
  readonly origination?: { readonly date: string; readonly time: string };
}

/** Chunks that are looked at before the search is given up. */
const MOST_CHUNKS = 10_000;
const INTEGER = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

/** What of a file was found so far. */
interface Found {
  format?: WavFormat;
  timeReference?: bigint;
  origination?: { readonly date: string; readonly time: string };
  /** Size of the data chunk as `ds64` states it. */
  longData?: number;
}

/**
 * Reads the chunks of a file up to its samples (RIFF, RF64 and BW64; EBU Tech 3285 and 3306). Sizes are not trusted:
 * a recorder that was cut off leaves zero or the largest number, and then the samples run to the end of the file.
 */
export async function readWavLayout(
  source: ByteSource,
  path: string,
  report: ReportIssue | undefined,
): Promise<WavLayout | undefined> {
  const damaged = (reason: string, byte = 0): undefined => {
    report?.(createIssue("AUDIO_UNREADABLE", { reason }, { path, byte }));
  };
  const head = await view(source, 0, 12);
  if (head === undefined) return damaged("the file is shorter than a header");
  const riff = text(head, 0, 4);
  if (!["RIFF", "RF64", "BW64"].includes(riff) || text(head, 8, 4) !== "WAVE") {
    return damaged("it does not begin like a WAV file");
  }
  const found: Found = {};
  let at = 12;
  for (let count = 0; count < MOST_CHUNKS && at + 8 <= source.size; count++) {
    const chunk = await view(source, at, 8);
    if (chunk === undefined) break;
    const [name, size] = [text(chunk, 0, 4), chunk.getUint32(4, true)];
    if (name === "data") return dataLayout(source, { at: at + 8, size }, found, path, report);
    await readChunk(source, name, at + 8, size, found);
    at += 8 + size + size % 2;
  }
  return damaged(found.format === undefined ? "it has no format chunk" : "it has no samples", at);
}

async function readChunk(
  source: ByteSource,
  name: string,
  at: number,
  size: number,
  found: Found,
): Promise<void> {
  if (name === "fmt ") {
    const chunk = await view(source, at, Math.min(size, 40), 16);
    const format = chunk && formatOf(chunk);
    if (format !== undefined) found.format = format;
  }
  if (name === "ds64") {
    const chunk = await view(source, at, 16);
    if (chunk !== undefined) found.longData = Number(chunk.getBigUint64(8, true));
  }
  if (name === "bext" && size >= 346) {
    const chunk = await view(source, at, 346);
    if (chunk === undefined) return;
    found.origination = { date: text(chunk, 320, 10), time: text(chunk, 330, 8) };
    found.timeReference = chunk.getBigUint64(338, true);
  }
}

function formatOf(chunk: DataView): WavFormat | undefined {
  let tag = chunk.getUint16(0, true);
  if (tag === EXTENSIBLE && chunk.byteLength >= 26) tag = chunk.getUint16(24, true);
  const [channels, rateHz] = [chunk.getUint16(2, true), chunk.getUint32(4, true)];
  const stated = chunk.getUint16(14, true);
  // The container is whole bytes: 20 bits lie in 24.
  const align = chunk.getUint16(12, true);
  const bytes = channels > 0 && align % channels === 0 && align > 0
    ? align / channels
    : Math.ceil(stated / 8);
  const isKnown = tag === INTEGER
    ? [1, 2, 3, 4].includes(bytes)
    : tag === FLOAT && [4, 8].includes(bytes);
  if (!isKnown || channels === 0 || rateHz === 0) return undefined;
  return {
    encoding: tag === FLOAT ? "float" : "integer",
    channels,
    rateHz,
    bits: 8 * bytes,
    frameBytes: bytes * channels,
  };
}

function dataLayout(
  source: ByteSource,
  { at, size }: { readonly at: number; readonly size: number },
  { format, longData, timeReference, origination }: Found,
  path: string,
  report: ReportIssue | undefined,
): WavLayout | undefined {
  if (format === undefined) {
    const reason = "its samples have no format that is known";
    report?.(createIssue("AUDIO_UNREADABLE", { reason }, { path, byte: at }));
    return undefined;
  }
  const there = source.size - at;
  const isOpen = size === 0 || size === 0xffffffff;
  const stated = size === 0xffffffff && longData !== undefined && longData > 0 ? longData : size;
  const wanted = isOpen && stated === size ? there : stated;
  if (wanted > there || (isOpen && stated === size && there > 0)) {
    const missing = Math.max(0, wanted - there);
    report?.(createIssue("AUDIO_CUT_OFF", { bytes: missing }, { path, byte: source.size }));
  }
  const dataBytes = Math.min(wanted, there);
  return {
    format,
    dataStart: at,
    dataBytes: dataBytes - dataBytes % format.frameBytes,
    ...(timeReference === undefined ? {} : { timeReference }),
    ...(origination === undefined ? {} : { origination }),
  };
}

/** Bytes of a file, or undefined when fewer are there than needed. */
async function view(
  source: ByteSource,
  at: number,
  length: number,
  least = length,
): Promise<DataView | undefined> {
  const bytes = (await source.read(at, length)).slice();
  return bytes.length < least ? undefined : new DataView(bytes.buffer);
}

function text(view: DataView, at: number, length: number): string {
  let text = "";
  for (let index = at; index < at + length; index++) {
    text += String.fromCharCode(view.getUint8(index));
  }
  return text;
}
