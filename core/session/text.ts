/** Text of a small file and how it was stored. */
export interface DecodedText {
  readonly text: string;
  /** Label of the encoding, as `TextDecoder` knows it. */
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be";
  /** Some bytes were no text in that encoding and were replaced. */
  readonly damaged: boolean;
}

/** Decodes UTF-8 or UTF-16, with or without a byte order mark. Never throws. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = encodingOf(bytes);
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return { text, encoding, damaged: false };
  } catch {
    return { text: new TextDecoder(encoding).decode(bytes), encoding, damaged: true };
  }
}

function encodingOf(bytes: Uint8Array): DecodedText["encoding"] {
  const [first = 1, second = 1, third = 1, fourth = 1] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  // Two ASCII characters without a mark: every other byte is zero.
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return "utf-16le";
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) return "utf-16be";
  return "utf-8";
}

/** 1-based line of a place in a text. */
export function lineAt(text: string, at: number): number {
  let line = 1;
  for (let end = text.indexOf("\n"); end >= 0 && end < at; end = text.indexOf("\n", end + 1)) {
    line++;
  }
  return line;
}
