import type { AvcConfiguration } from "./movie_boxes.ts";

/** Types of units that are taken apart, ITU-T H.264 table 7-1. */
const SEQUENCE = 7;
const PICTURE = 8;
const DELIMITER = 9;

/** Coded pictures with start codes, taken apart. */
export interface TakenApart {
  /** Parameter sets, when the picture brings both. */
  readonly configuration: AvcConfiguration | undefined;
  /** All other units with their lengths in front. */
  readonly bytes: Uint8Array;
}

/** Brings a coded picture from the form with start codes (annex B) into that of MP4. */
export function fromAnnexB(bytes: Uint8Array): TakenApart {
  const units = unitsOf(bytes);
  const typeOf = (unit: Uint8Array) => unit[0]! & 0x1f;
  const sequence = units.find((unit) => typeOf(unit) === SEQUENCE);
  const picture = units.find((unit) => typeOf(unit) === PICTURE);
  const others = units.filter((unit) => ![SEQUENCE, PICTURE, DELIMITER].includes(typeOf(unit)));
  const out = new Uint8Array(others.reduce((sum, unit) => sum + 4 + unit.length, 0));
  let at = 0;
  for (const unit of others) {
    new DataView(out.buffer).setUint32(at, unit.length);
    out.set(unit, at + 4);
    at += 4 + unit.length;
  }
  const both = sequence !== undefined && picture !== undefined;
  return { bytes: out, configuration: both ? { sequence, picture } : undefined };
}

/** Units between start codes of three bytes; zeros before a start code belong to it. */
function unitsOf(bytes: Uint8Array): Uint8Array[] {
  const starts: number[] = [];
  for (let at = 0; at + 2 < bytes.length; at++) {
    if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1) starts.push(at + 3);
  }
  return starts.map((start, nth) => {
    let end = nth + 1 < starts.length ? starts[nth + 1]! - 3 : bytes.length;
    while (end > start && bytes[end - 1] === 0) end--;
    return bytes.subarray(start, end);
  }).filter((unit) => unit.length > 0);
}
