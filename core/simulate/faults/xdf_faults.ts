import type { IssueCode } from "../../base/mod.ts";
import type { Fault } from "./fault.ts";

const encoder = new TextEncoder();

/** A chunk of an XDF file: length in four bytes, tag, content. */
function chunk(tag: number, ...content: readonly (Uint8Array | string)[]): Uint8Array {
  const parts = content.map((part) => typeof part === "string" ? encoder.encode(part) : part);
  const length = 2 + parts.reduce((sum, part) => sum + part.length, 0);
  const head = new Uint8Array(7);
  head[0] = 4;
  new DataView(head.buffer).setUint32(1, length, true);
  head[5] = tag;
  return join(head, ...parts);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function doubles(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setFloat64(8 * index, value, true);
  return bytes;
}

/** What is changed in a recording of one stream of text markers, one a second. */
interface Changes {
  readonly magic?: string;
  readonly header?: string;
  /** Behind the header. */
  readonly extra?: Uint8Array;
  readonly stamp?: (second: number) => number;
  readonly text?: Uint8Array;
  /** Samples that the last chunk announces. */
  readonly announced?: number;
  readonly withOffsets?: boolean;
  readonly footer?: string;
}

const SECONDS = 20;
const ID = 7;
const HEADER = "<info><name>Keys</name><type>Markers</type><channel_count>1</channel_count>" +
  "<nominal_srate>0</nominal_srate><channel_format>string</channel_format>" +
  "<hostname>lab</hostname></info>";
/** The clock of the computer is that many seconds behind the recorder's. */
const OFFSET = 40;

function recording(changes: Changes): Uint8Array {
  const { magic = "XDF:", header = HEADER, extra = new Uint8Array(), withOffsets = true } = changes;
  const { stamp = (second: number) => 500 + second, text = encoder.encode("key"), announced = 1 } =
    changes;
  const parts = [encoder.encode(magic), chunk(1, "<info/>"), chunk(2, uint32(ID), header), extra];
  for (let second = 0; second < SECONDS; second++) {
    const count = second === SECONDS - 1 ? announced : 1;
    const value = join(Uint8Array.of(1, text.length), text);
    // A byte that can be no stamp stands where further samples are announced.
    const rest = new Uint8Array(8 * (count - 1)).fill(3);
    const sample = [Uint8Array.of(8), doubles(stamp(second)), value, rest];
    parts.push(chunk(3, uint32(ID), Uint8Array.of(1, count), ...sample));
    if (second % 5 === 4 && withOffsets) {
      parts.push(chunk(4, uint32(ID), doubles(500 + second, OFFSET)));
    }
  }
  if (changes.footer !== "") parts.push(chunk(6, uint32(ID), changes.footer ?? "<info/>"));
  return join(...parts);
}

function fault(changes: Changes): Fault {
  return { base: "motion", edit: (files) => files.write("keys.xdf", recording(changes)) };
}

/** Trouble with XDF recordings. */
export const XDF_FAULTS = {
  XDF_BAD_MAGIC: fault({ magic: "xdf:" }),
  XDF_DAMAGED: fault({ extra: new Uint8Array(30).fill(9) }),
  XDF_HEADER_INVALID: fault({ header: HEADER.replace("string", "pixels") }),
  XDF_STREAM_WITHOUT_HEADER: fault({
    extra: chunk(3, uint32(99), Uint8Array.of(1, 1, 0, 1, 0)),
  }),
  XDF_STREAM_REPEATED: fault({ extra: chunk(2, uint32(ID), HEADER) }),
  XDF_FOOTER_MISSING: fault({ footer: "" }),
  XDF_FOOTER_MISMATCH: fault({ footer: "<info><sample_count>21</sample_count></info>" }),
  XDF_OFFSETS_MISSING: fault({ withOffsets: false }),
  XDF_STAMPS_FOREIGN: fault({ stamp: (second) => 1_753_965_022 + second }),
  XDF_LAG_APPLIED: fault({
    header: HEADER.replace(
      "</info>",
      "<desc><synchronization><offset_mean>0.05</offset_mean></synchronization></desc></info>",
    ),
  }),
  XDF_TIME_MISSING: fault({ stamp: (second) => second === 3 ? NaN : 500 + second }),
  XDF_SAMPLES_LOST: fault({ announced: 4 }),
  XDF_TEXT_INVALID: fault({ text: Uint8Array.of(0xe9, 0x74, 0xe9) }),
} as const satisfies Partial<Record<IssueCode, Fault>>;
