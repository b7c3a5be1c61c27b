/** Types of data elements (MAT-file format, table 1-1). */
export const MI = {
  int8: 1,
  uint8: 2,
  int32: 5,
  uint32: 6,
  single: 7,
  double: 9,
  int64: 12,
  matrix: 14,
  compressed: 15,
  utf8: 16,
  utf16: 17,
  utf32: 18,
} as const;

/** Classes of arrays (MAT-file format, table 1-3). */
export const MX = {
  cell: 1,
  struct: 2,
  char: 4,
  double: 6,
  single: 7,
  uint8: 9,
  int32: 12,
  int64: 14,
} as const;

/** Flag of an array that holds truth values. */
const LOGICAL_FLAG = 0x0200;

/** Bytes of a tag: type and length of the element that follows. */
export const TAG_BYTES = 8;

/** Length of a field name in a struct, with the zero that ends it. */
const FIELD_NAME_BYTES = 64;

/** How values of one MATLAB class are stored. */
export interface Storage {
  readonly class: number;
  /** Type of the data element. */
  readonly type: number;
  readonly flags: number;
  readonly bytesPerValue: number;
}

/** Storage of each class that a column can have. */
export const STORAGE = {
  double: { class: MX.double, type: MI.double, flags: 0, bytesPerValue: 8 },
  single: { class: MX.single, type: MI.single, flags: 0, bytesPerValue: 4 },
  int32: { class: MX.int32, type: MI.int32, flags: 0, bytesPerValue: 4 },
  int64: { class: MX.int64, type: MI.int64, flags: 0, bytesPerValue: 8 },
  uint8: { class: MX.uint8, type: MI.uint8, flags: 0, bytesPerValue: 1 },
  logical: { class: MX.uint8, type: MI.uint8, flags: LOGICAL_FLAG, bytesPerValue: 1 },
} as const satisfies Record<string, Storage>;

/** A size rounded up to the next multiple of eight, where every element begins. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** The tag of an element. */
export function tag(type: number, bytes: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(TAG_BYTES));
  view.setUint32(0, type, true);
  view.setUint32(4, bytes, true);
  return new Uint8Array(view.buffer);
}

/** A whole element: tag, data, padding. Data of one to four bytes are packed into the tag. */
export function element(type: number, data: Uint8Array): Uint8Array {
  if (data.length >= 1 && data.length <= 4) {
    const small = tag(data.length << 16 | type, 0);
    small.set(data, 4);
    return small;
  }
  const whole = new Uint8Array(TAG_BYTES + padded(data.length));
  whole.set(tag(type, data.length));
  whole.set(data, TAG_BYTES);
  return whole;
}

/** What stands before the data of an array: flags, dimensions, name. */
export function arrayHead(
  { class: arrayClass, flags }: Pick<Storage, "class" | "flags">,
  dimensions: readonly [rows: number, columns: number],
  name: string,
): Uint8Array {
  return joinBytes([
    element(MI.uint32, bytesOf(Uint32Array.of(arrayClass | flags, 0))),
    element(MI.int32, bytesOf(Int32Array.from(dimensions))),
    element(MI.int8, new TextEncoder().encode(name)),
  ]);
}

/** The field names of a struct, in slots of 64 bytes. */
export function fieldNameElements(names: readonly string[]): Uint8Array {
  const slots = new Uint8Array(names.length * FIELD_NAME_BYTES);
  const encoder = new TextEncoder();
  for (const [index, name] of names.entries()) {
    encoder.encodeInto(name, slots.subarray(index * FIELD_NAME_BYTES));
  }
  const slotSize = element(MI.int32, bytesOf(Int32Array.of(FIELD_NAME_BYTES)));
  return joinBytes([slotSize, element(MI.int8, slots)]);
}

/** The bytes of a typed array, without a copy. */
export function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Several pieces in one. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
