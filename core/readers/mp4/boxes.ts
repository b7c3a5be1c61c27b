import { createIssue, type ReportIssue } from "../../base/mod.ts";
import type { ByteWindow } from "./byte_window.ts";

/** A box of ISO/IEC 14496-12 by its place in the file. */
export interface Box {
  readonly type: string;
  /** Byte where its header starts. */
  readonly start: number;
  /** Byte where its contents start. */
  readonly body: number;
  /** Byte behind it, or behind its parent when it claims to go on further. */
  readonly end: number;
  /** It claims to go on behind the end of its parent. */
  readonly cut: boolean;
}

/** Receives what is wrong with a box. */
export type ReportBox = (box: string, reason: string, byte: number) => void;

/** Bytes of a header with a 64-bit size. */
const LONG_HEADER = 16;

/** Most boxes of one parent that are looked at, so that a file of empty boxes ends in reasonable time. */
const MAX_BOXES = 1 << 22;

/** Turns findings about boxes into issues of a file. */
export function boxReporter(report: ReportIssue, path: string): ReportBox {
  return (box, reason, byte) =>
    report(createIssue("MP4_BOX_INVALID", { box, reason }, { path, byte }));
}

/**
 * Yields the boxes from `start` to `end`, reading nothing but their headers.
 * Stops at the first that makes no sense, after reporting it.
 */
export async function* walkBoxes(
  window: ByteWindow,
  start: number,
  end: number,
  report: ReportBox,
): AsyncGenerator<Box> {
  let at = start;
  for (let count = 0; at < end; count++) {
    if (count === MAX_BOXES) return report("", `more than ${MAX_BOXES} boxes in a row`, at);
    const box = readHeader(await window.view(at, LONG_HEADER), at, end, report);
    if (box === undefined) return;
    yield box;
    at = box.end;
  }
}

function readHeader(
  view: DataView,
  start: number,
  end: number,
  report: ReportBox,
): Box | undefined {
  if (view.byteLength < 8) return void report("", "header is cut off", start);
  const type = boxType(view, 4);
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return void report("", "type is not text", start);
  const short = view.getUint32(0);
  if (short === 1 && view.byteLength < LONG_HEADER) {
    return void report(type, "header is cut off", start);
  }
  const header = short === 1 ? LONG_HEADER : 8;
  const declared = short === 1 ? Number(view.getBigUint64(8)) : short;
  // Size 0 means up to the end of the file; recorders that crash leave it in long headers, too.
  const size = declared === 0 ? end - start : declared;
  if (size < header) return void report(type, `size ${size} is less than its header`, start);
  const cut = start + size > end;
  return { type, start, body: start + header, end: Math.min(start + size, end), cut };
}

/** Four characters of Latin 1. */
export function boxType(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(offset + byte)));
}
