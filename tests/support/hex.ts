/** Bytes of numbers in memory, little-endian on every machine this runs on, or of text as UTF-8, in hexadecimal. */
export function hex(values: ArrayBufferView | string): string {
  const bytes = typeof values === "string"
    ? new TextEncoder().encode(values)
    : new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
