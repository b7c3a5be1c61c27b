/** Writes a value as one JSON document; 64-bit integers become decimal strings, typed arrays lists. */
export function renderJson(value: unknown): string {
  return `${JSON.stringify(value, jsonItem, 2)}\n`;
}

function jsonItem(_key: string, item: unknown): unknown {
  if (typeof item === "bigint") return item.toString();
  if (item instanceof BigInt64Array) return Array.from(item, String);
  if (ArrayBuffer.isView(item)) return Array.from(item as unknown as ArrayLike<number>);
  return item instanceof Map ? Object.fromEntries(item) : item;
}
