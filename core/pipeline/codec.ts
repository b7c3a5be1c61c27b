/**
 * JSON that keeps 64-bit integers and typed arrays exact, for state that a later run reads back.
 *
 * A bigint becomes `{"$int":"…"}`, a typed array `{"$f64":"…"}` with its little-endian bytes in base64, and
 * a float that JSON has no word for becomes `{"$num":"NaN"}`.
 */
type Encoded = { readonly [key: string]: string };

const ARRAYS = {
  $f64: Float64Array,
  $f32: Float32Array,
  $i64: BigInt64Array,
  $u32: Uint32Array,
  $u8: Uint8Array,
} as const;

/** Writes a value that {@linkcode decodeState} reads back equal. */
export function encodeState(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => encodeItem(item) ?? item);
}

function encodeItem(item: unknown): Encoded | undefined {
  if (typeof item === "bigint") return { $int: String(item) };
  if (typeof item === "number" && !Number.isFinite(item)) return { $num: String(item) };
  for (const [tag, type] of Object.entries(ARRAYS)) {
    if (item instanceof type) return { [tag]: toBase64(item) };
  }
  return undefined;
}

/** Reads what {@linkcode encodeState} wrote. Throws `SyntaxError` on anything that is no JSON. */
export function decodeState(text: string): unknown {
  return JSON.parse(text, (_key, item: unknown) => decodeItem(item));
}

function decodeItem(item: unknown): unknown {
  if (typeof item !== "object" || item === null) return item;
  const [entry, ...others] = Object.entries(item);
  if (entry === undefined || others.length > 0 || typeof entry[1] !== "string") return item;
  const [tag, text] = entry as [string, string];
  if (tag === "$int") return BigInt(text);
  if (tag === "$num") return Number(text);
  if (!(tag in ARRAYS)) return item;
  const type = ARRAYS[tag as keyof typeof ARRAYS];
  return new type(fromBase64(text).buffer);
}

function toBase64(array: ArrayBufferView): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let binary = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += Reflect.apply(String.fromCharCode, null, bytes.subarray(start, start + 8192));
  }
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
