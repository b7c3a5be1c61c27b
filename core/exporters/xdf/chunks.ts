/** Tags of the chunks that are written. */
export const TAG = { fileHeader: 1, streamHeader: 2, samples: 3, boundary: 5, footer: 6 } as const;

const BOUNDARY_UUID = Uint8Array.of(
  ...[0x43, 0xa5, 0x46, 0xdc, 0xcb, 0xf5, 0x41, 0x0f],
  ...[0xb3, 0x0e, 0xd5, 0x46, 0x73, 0x83, 0xcb, 0xe4],
);

/** A chunk of an XDF file: length in four bytes, tag, content. */
export function chunk(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = parts.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(7 + content);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 4);
  view.setUint32(1, content + 2, true);
  view.setUint16(5, tag, true);
  let at = 7;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Id of a stream as chunks carry it. */
export function idBytes(id: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, id, true);
  return bytes;
}

/** A boundary chunk, by which readers find their way after damage. */
export function boundary(): Uint8Array {
  return chunk(TAG.boundary, BOUNDARY_UUID);
}

/** What elements hold: text, or further elements in order. */
export type XmlContent =
  | string
  | number
  | readonly (readonly [name: string, content: XmlContent])[];

/** Writes an element with all that is in it. */
export function xml(name: string, content: XmlContent): string {
  const inside = typeof content === "object"
    ? content.map(([child, inner]) => xml(child, inner)).join("")
    : escapeXml(String(content));
  return `<${name}>${inside}</${name}>`;
}

/** XML 1.0 has no way to write most control characters. */
function escapeXml(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
