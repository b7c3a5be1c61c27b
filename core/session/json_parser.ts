/** Any value of a JSON document. Integers that a float cannot hold are bigints. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | JsonObject;

/** A JSON object. Look keys up with `Object.hasOwn`: a document may use any name. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** What could be read of a text that should be JSON. */
export interface ParsedJson {
  /** The documents that follow each other in the text, in order; the last may be incomplete. */
  readonly documents: readonly JsonValue[];
  /** The text ended early: inside which value, and how many complete values were kept. */
  readonly cut?: { readonly inside: string; readonly kept: number };
  /** The first thing that is not JSON, with its place in the text. Reading stopped there. */
  readonly defect?: { readonly at: number; readonly reason: string };
  /** Keys that occur twice in one object; their last value was kept. */
  readonly duplicates: readonly string[];
  /** How many containers were nested too deep and replaced by null. */
  readonly tooDeep: number;
  /** How many NUL characters were skipped. */
  readonly nuls: number;
  /** Where each object starts in the text. */
  readonly offsets: ReadonlyMap<object, number>;
}

type Expectation = "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "separator";

/** A container that is still open. */
interface Frame {
  readonly values: JsonValue[] | undefined;
  readonly fields: Record<string, JsonValue> | undefined;
  key: string;
  expect: Expectation;
}

const NUMBER_REGEXP = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const ESCAPE_REGEXP = /\\(u[0-9a-fA-F]{4}|[^])/g;
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
// Python writes NaN and Infinity, which JSON does not know.
const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

/** Longest integer that is kept exactly; making a bigint of millions of digits would take minutes. */
const MAX_EXACT_DIGITS = 64;
const MAX_DUPLICATES = 100;

/** Options of {@linkcode parseJsonText}. */
export interface ParseJsonOptions {
  /** Containers nested deeper become null. @default {256} */
  readonly maxDepth?: number;
}

/**
 * Reads JSON as far as it goes and never throws: what is complete before a cut or a defect is kept.
 *
 * It is iterative, so that no nesting can exhaust the stack, and takes time linear in the text.
 */
export function parseJsonText(text: string, options: ParseJsonOptions = {}): ParsedJson {
  return new JsonParser(text, options.maxDepth ?? 256).parse();
}

class JsonParser {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #stack: Frame[] = [];
  readonly #documents: JsonValue[] = [];
  readonly #offsets = new Map<object, number>();
  readonly #duplicates: string[] = [];
  #at = 0;
  #kept = 0;
  #nuls = 0;
  #tooDeep = 0;
  #cutScalar = false;
  #defect: ParsedJson["defect"];

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  parse(): ParsedJson {
    while (this.#skipBlanks() && this.#defect === undefined && !this.#cutScalar) this.#step();
    const cut = this.#cutScalar || (this.#stack.length > 0 && this.#defect === undefined);
    return {
      documents: this.#documents,
      ...(cut && { cut: { inside: this.#place(), kept: this.#kept } }),
      ...(this.#defect && { defect: this.#defect }),
      duplicates: this.#duplicates,
      tooDeep: this.#tooDeep,
      nuls: this.#nuls,
      offsets: this.#offsets,
    };
  }

  /** Moves to the next character that is not blank; false at the end. */
  #skipBlanks(): boolean {
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 0) this.#nuls++;
      else if (code !== 32 && (code < 9 || code > 13) && code !== 0xfeff) return true;
    }
    return false;
  }

  #step(): void {
    const frame = this.#stack.at(-1);
    const char = this.#text[this.#at]!;
    if (frame === undefined) return this.#betweenDocuments(char);
    const closer = frame.fields === undefined ? "]" : "}";
    switch (frame.expect) {
      case "value-or-end":
      case "key-or-end":
        if (char === closer) return this.#close();
        return frame.fields === undefined ? this.#value(char) : this.#key(frame, char);
      case "value":
        // A comma before the bracket is what hand editing leaves.
        return char === "]" && frame.fields === undefined ? this.#close() : this.#value(char);
      case "key":
        return char === "}" ? this.#close() : this.#key(frame, char);
      case "colon":
        if (char !== ":") return this.#fail(`":" expected after key "${shorten(frame.key)}"`);
        frame.expect = "value";
        this.#at++;
        return;
      case "separator":
        if (char === closer) return this.#close();
        if (char !== ",") return this.#fail(`"," or "${closer}" expected`);
        frame.expect = frame.fields === undefined ? "value" : "key";
        this.#at++;
        return;
    }
  }

  #betweenDocuments(char: string): void {
    if (char === "," && this.#documents.length > 0) this.#at++;
    else this.#value(char);
  }

  #key(frame: Frame, char: string): void {
    if (char !== '"') return this.#fail("key in quotes expected");
    const key = this.#string();
    if (key === undefined) return;
    frame.key = key;
    frame.expect = "colon";
  }

  #value(char: string): void {
    if (char === "{" || char === "[") return this.#open(char);
    const value = char === '"' ? this.#string() : this.#scalar();
    if (value !== undefined) this.#add(value);
  }

  #open(char: string): void {
    if (this.#stack.length >= this.#maxDepth) return this.#skipDeep();
    const fields: Record<string, JsonValue> | undefined = char === "{" ? {} : undefined;
    const values: JsonValue[] | undefined = char === "[" ? [] : undefined;
    const container = fields ?? values!;
    if (fields !== undefined) this.#offsets.set(fields, this.#at);
    this.#add(container);
    this.#kept--; // counted when it is complete
    const expect = fields === undefined ? "value-or-end" : "key-or-end";
    this.#stack.push({ values, fields, key: "", expect });
    this.#at++;
  }

  #close(): void {
    this.#stack.pop();
    this.#kept++;
    this.#at++;
  }

  /** Puts a value where it belongs. A container is put there when it opens, so that a cut keeps it. */
  #add(value: JsonValue): void {
    this.#kept++;
    const frame = this.#stack.at(-1);
    if (frame === undefined) {
      this.#documents.push(value);
      return;
    }
    if (frame.fields === undefined) frame.values!.push(value);
    else this.#setField(frame.fields, frame.key, value);
    frame.expect = "separator";
  }

  #setField(fields: Record<string, JsonValue>, key: string, value: JsonValue): void {
    if (Object.hasOwn(fields, key) && this.#duplicates.length < MAX_DUPLICATES) {
      this.#duplicates.push(key);
    }
    if (key !== "__proto__") fields[key] = value;
    else {
      const own = { value, enumerable: true, writable: true, configurable: true };
      Object.defineProperty(fields, key, own);
    }
  }

  /** Passes over a container without keeping it. */
  #skipDeep(): void {
    this.#tooDeep++;
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at]!;
      if (char === "[" || char === "{") depth++;
      else if (char === "]" || char === "}") depth--;
      else if (char === '"') {
        if (this.#string() === undefined) return;
        this.#at--;
      }
      if (depth === 0) {
        this.#at++;
        return this.#add(null);
      }
    }
    this.#cutScalar = true;
  }

  /** Reads a string; undefined when its closing quote is missing. */
  #string(): string | undefined {
    const start = this.#at + 1;
    let end = this.#text.indexOf('"', start);
    while (end >= 0 && isEscaped(this.#text, end, start)) end = this.#text.indexOf('"', end + 1);
    if (end < 0) {
      this.#cutScalar = true;
      return undefined;
    }
    this.#at = end + 1;
    const raw = this.#text.slice(start, end);
    return raw.includes("\\") ? raw.replace(ESCAPE_REGEXP, unescape) : raw;
  }

  #scalar(): JsonValue | undefined {
    const start = this.#at;
    let end = start;
    while (end < this.#text.length && isWordCode(this.#text.charCodeAt(end))) end++;
    // A number that the end of the text touches may have lost digits.
    if (end === this.#text.length && this.#stack.length > 0) {
      this.#cutScalar = true;
      return undefined;
    }
    const word = this.#text.slice(start, end);
    const value = WORDS.has(word) ? WORDS.get(word)! : numberOf(word);
    if (value === undefined) {
      this.#fail(`value expected, found "${shorten(word) || this.#text[start]}"`);
    } else this.#at = end;
    return value;
  }

  #fail(reason: string): void {
    this.#defect = { at: this.#at, reason };
  }

  /** Where reading stopped, such as `files.webcam[0]`. */
  #place(): string {
    let place = "";
    for (const { fields, values, key, expect } of this.#stack) {
      if (values !== undefined) place += `[${Math.max(0, values.length - 1)}]`;
      else if (fields !== undefined && expect !== "key" && key !== "") place += `.${shorten(key)}`;
    }
    return place.replace(/^\./, "").slice(0, 200) || "the document";
  }
}

function isEscaped(text: string, at: number, from: number): boolean {
  let slashes = 0;
  while (at - 1 - slashes >= from && text.charCodeAt(at - 1 - slashes) === 92) slashes++;
  return slashes % 2 === 1;
}

function isWordCode(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) ||
    code === 43 || code === 45 || code === 46 || code === 95;
}

function unescape(whole: string, body: string): string {
  if (body.length === 5) return String.fromCharCode(parseInt(body.slice(1), 16));
  return SIMPLE_ESCAPES[body] ?? whole;
}

function numberOf(word: string): number | bigint | undefined {
  if (word.length > 400 ? !/^-?\d/.test(word) : !NUMBER_REGEXP.test(word)) return undefined;
  const value = Number(word);
  const isExact = Number.isSafeInteger(value) || word.length > MAX_EXACT_DIGITS ||
    !/^-?\d+$/.test(word);
  return isExact ? value : BigInt(word);
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
