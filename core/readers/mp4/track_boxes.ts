import { type Box, boxType, type ReportBox, walkBoxes } from "./boxes.ts";
import type { ByteWindow } from "./byte_window.ts";
import { codecString, describesCodec } from "./codec.ts";
import { readColor } from "./color.ts";
import type { Edit, SampleTables, Track } from "./track.ts";

/** Most bytes of a header box that are looked at. */
const LIMIT = 1 << 14;

/** Most entries of an edit list that are read. */
const MAX_EDITS = 256;

/** Words per entry of each table of samples. */
const TABLE_WORDS: Readonly<Record<keyof SampleTables, number>> = {
  stts: 2,
  ctts: 2,
  stsc: 3,
  stco: 1,
  co64: 2,
  stss: 1,
  stsz: 1,
};

type TrackReader = (
  window: ByteWindow,
  box: Box,
  track: Track,
  report: ReportBox,
) => Promise<void>;

/** Readers by type of box. */
const READERS: Readonly<Record<string, TrackReader>> = {
  tkhd: readTrackHeader,
  mdhd: readMediaHeader,
  hdlr: readHandler,
  elst: readEdits,
  stsd: readDescription,
  stsz: readSizes,
  stz2: refuseCompactSizes,
  ...Object.fromEntries(
    ["stts", "ctts", "stsc", "stco", "co64", "stss"].map((type) => [type, readTable]),
  ),
};

/** Whether a box of a track is read. */
export function isTrackBox(type: string): boolean {
  return Object.hasOwn(READERS, type);
}

/** Reads a box that belongs to a track. Throws `RangeError` when it is too short. */
export async function readTrackBox(
  window: ByteWindow,
  box: Box,
  track: Track,
  report: ReportBox,
): Promise<void> {
  await READERS[box.type]!(window, box, track, report);
}

function contents(window: ByteWindow, box: Box): Promise<DataView> {
  return window.view(box.body, Math.min(LIMIT, box.end - box.body));
}

/** 14496-12 8.3.2. */
async function readTrackHeader(window: ByteWindow, box: Box, track: Track): Promise<void> {
  const view = await contents(window, box);
  const long = view.getUint8(0) === 1;
  track.id = view.getUint32(long ? 20 : 12);
  const matrix = long ? 52 : 40;
  track.rotation = rotationOf(view.getInt32(matrix), view.getInt32(matrix + 4));
}

/** Clockwise turn in whole degrees, from 0 to 359, that the first row of a matrix stands for. */
function rotationOf(a: number, b: number): number {
  const degrees = Math.round((Math.atan2(b, a) * 180) / Math.PI);
  return (degrees + 360) % 360;
}

/** 8.4.2. */
async function readMediaHeader(window: ByteWindow, box: Box, track: Track): Promise<void> {
  const view = await contents(window, box);
  const long = view.getUint8(0) === 1;
  track.timescale = view.getUint32(long ? 20 : 12);
  track.duration = long ? Number(view.getBigUint64(24)) : view.getUint32(16);
}

/** 8.4.3. QuickTime files have a second one, of the data, behind that of the media. */
async function readHandler(window: ByteWindow, box: Box, track: Track): Promise<void> {
  if (track.handler === "") track.handler = boxType(await contents(window, box), 8);
}

/** 8.6.6. */
async function readEdits(window: ByteWindow, box: Box, track: Track): Promise<void> {
  const view = await contents(window, box);
  const long = view.getUint8(0) === 1;
  const count = Math.min(view.getUint32(4), MAX_EDITS);
  const edits: Edit[] = [];
  for (let index = 0, at = 8; index < count; index++, at += long ? 20 : 12) {
    edits.push({
      duration: long ? view.getBigUint64(at) : BigInt(view.getUint32(at)),
      mediaTime: long ? view.getBigInt64(at + 8) : BigInt(view.getInt32(at + 4)),
      normalRate: view.getUint32(at + (long ? 16 : 8)) === 0x10000,
    });
  }
  track.edits = edits;
}

/** 8.5.2: size and codec of the first sample entry. */
async function readDescription(
  window: ByteWindow,
  box: Box,
  track: Track,
  report: ReportBox,
): Promise<void> {
  const view = await contents(window, box);
  const entry = box.body + 8;
  const end = Math.min(entry + view.getUint32(8), box.end);
  track.codec = boxType(view, 12);
  if (track.handler !== "" && track.handler !== "vide") return;
  track.width = view.getUint16(40);
  track.height = view.getUint16(42);
  const entryType = track.codec;
  for await (const child of walkBoxes(window, entry + 86, end, report)) {
    if (child.type === "colr") {
      track.color = { ...track.color, ...readColor(await contents(window, child)) };
    } else if (describesCodec(child.type) && track.configuration === undefined) {
      const view = await contents(window, child);
      const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
      track.configuration = { box: child.type, bytes };
      track.codec = codecString(entryType, child.type, view);
    }
  }
}

/** Place of a table behind a count of its entries, 8.6 and 8.7. */
async function readTable(
  window: ByteWindow,
  box: Box,
  track: Track,
  report: ReportBox,
): Promise<void> {
  const view = await window.view(box.body, 8);
  placeTable(box, track, view.getUint32(4), 8, report);
}

/** 8.7.3.2. */
async function readSizes(
  window: ByteWindow,
  box: Box,
  track: Track,
  report: ReportBox,
): Promise<void> {
  const view = await window.view(box.body, 12);
  track.commonSize = view.getUint32(4);
  track.sampleCount = view.getUint32(8);
  if (track.commonSize === 0) {
    track.sampleCount = placeTable(box, track, track.sampleCount, 12, report);
  }
}

/** 8.7.3.3: no recorder is known to write it. */
function refuseCompactSizes(
  _window: ByteWindow,
  box: Box,
  _track: Track,
  report: ReportBox,
): Promise<void> {
  report(box.type, "compact sample sizes are not read", box.start);
  return Promise.resolve();
}

/** Notes where a table stands and gives the number of entries that are there. */
function placeTable(
  box: Box,
  track: Track,
  declared: number,
  header: number,
  report: ReportBox,
): number {
  const type = box.type as keyof SampleTables;
  const words = TABLE_WORDS[type];
  const offset = box.body + header;
  const fitting = Math.max(0, Math.floor((box.end - offset) / (4 * words)));
  if (declared > fitting) {
    report(type, `it announces ${declared} entries but has room for ${fitting}`, box.start);
  }
  const entries = Math.min(declared, fitting);
  track.tables[type] = { offset, words: words * entries };
  return entries;
}
