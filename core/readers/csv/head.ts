import type { ByteSource } from "../../base/mod.ts";
import { type DetectedEncoding, detectEncoding, unitBytes } from "./encoding.ts";

/** Bytes read first to find out what a table is. */
const HEAD_BYTES = 1 << 18;

/** Most bytes read to find out what a table is, for tables with very long lines. */
const HEAD_LIMIT_BYTES = 1 << 23;

/** Lines that are enough to find out what a table is. */
const HEAD_LINES_WANTED = 24;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** One line of the head of a table. */
export interface HeadLine {
  /** Text without its line end. */
  readonly text: string;
  /** 1-based. */
  readonly number: number;
  /** First byte of the line in the file. */
  readonly byte: number;
}

/** The first lines of a table, from which its dialect and columns are found. */
export interface TableHead {
  readonly encoding: DetectedEncoding;
  /** Whole lines; the last line of the file counts as whole. */
  readonly lines: readonly HeadLine[];
  /** Bytes that the lines take. */
  readonly bytes: number;
  /** The file ends with the head. */
  readonly complete: boolean;
  /** Share of bytes that no text holds: control characters other than tab and line ends. NUL bytes do not count. */
  readonly controlShare: number;
  /** Share of NUL bytes: a file system leaves them where a block was lost. */
  readonly nulShare: number;
}

/** Reads the head of a table: 256 KiB, or more while it holds few lines, up to 8 MiB. */
export async function readTableHead(source: ByteSource): Promise<TableHead> {
  for (let wanted = HEAD_BYTES;; wanted *= 4) {
    const bytes = await readFully(source, Math.min(wanted, source.size, HEAD_LIMIT_BYTES));
    const complete = bytes.length >= source.size;
    const head = splitHead(bytes, complete);
    const enough = head.lines.length >= HEAD_LINES_WANTED;
    if (enough || complete || wanted >= HEAD_LIMIT_BYTES) return head;
  }
}

async function readFully(source: ByteSource, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const part = await source.read(filled, length - filled);
    if (part.length === 0) return bytes.subarray(0, filled);
    bytes.set(part, filled);
    filled += part.length;
  }
  return bytes;
}

function splitHead(bytes: Uint8Array, complete: boolean): TableHead {
  const encoding = detectEncoding(bytes);
  const lines: HeadLine[] = [];
  const decoder = new TextDecoder(encoding.encoding, { ignoreBOM: true });
  let start = encoding.bomBytes;
  for (const end of lineEnds(bytes, encoding)) {
    lines.push(headLine(decoder.decode(bytes.subarray(start, end)), lines.length + 1, start));
    start = end;
  }
  if (complete && start < bytes.length) {
    lines.push(headLine(decoder.decode(bytes.subarray(start)), lines.length + 1, start));
    start = bytes.length;
  }
  return { encoding, lines, bytes: start, complete, ...shares(bytes, encoding) };
}

function headLine(text: string, number: number, byte: number): HeadLine {
  return { text: text.replaceAll("\0", "").replace(/\r?\n$|\r$/, ""), number, byte };
}

/** Places just behind each line end: line feed, or carriage return where there is no line feed at all. */
function* lineEnds(bytes: Uint8Array, { encoding, bomBytes }: DetectedEncoding): Generator<number> {
  const step = unitBytes(encoding);
  const low = encoding === "utf-16be" ? 1 : 0;
  const end = bytes.includes(LINE_FEED) ? LINE_FEED : CARRIAGE_RETURN;
  if (step === 1) {
    for (let at = bytes.indexOf(end, bomBytes); at >= 0; at = bytes.indexOf(end, at + 1)) {
      yield at + 1;
    }
    return;
  }
  for (let at = bomBytes; at + step <= bytes.length; at += step) {
    if (bytes[at + low] === end && bytes[at + 1 - low] === 0) yield at + step;
  }
}

function shares(
  bytes: Uint8Array,
  { encoding }: DetectedEncoding,
): Pick<TableHead, "controlShare" | "nulShare"> {
  if (unitBytes(encoding) === 2 || bytes.length === 0) return { controlShare: 0, nulShare: 0 };
  let nuls = 0;
  let controls = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 0) nuls++;
    else if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) controls++;
  }
  return {
    controlShare: controls / Math.max(1, bytes.length - nuls),
    nulShare: nuls / bytes.length,
  };
}
