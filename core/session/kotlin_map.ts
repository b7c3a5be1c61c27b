import type { JsonObject, JsonValue } from "./json_parser.ts";

const MAP_START_REGEXP = /^\s*\{\s*[A-Za-z_][\w.]*\s*=/;
const NUMBER_REGEXP = /^-?\d{1,15}(\.\d+)?([eE][+-]?\d+)?$/;
const NEXT_KEY_REGEXP = /^,\s*[A-Za-z_][\w.]*=/;
const MAX_DEPTH = 64;

/** Whether a text looks like what Kotlin's `Map.toString()` gives: `{a=1, b=[x, y]}`. */
export function isKotlinMap(text: string): boolean {
  return MAP_START_REGEXP.test(text);
}

/**
 * Reads the text of a Kotlin map; undefined when it is none. Never throws.
 *
 * The notation quotes nothing, so that a comma ends a value only where a key follows.
 */
export function parseKotlinMap(text: string): JsonObject | undefined {
  if (!isKotlinMap(text)) return undefined;
  return new KotlinReader(text.trim()).map(0);
}

class KotlinReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  map(depth: number): JsonObject {
    const entries: [string, JsonValue][] = [];
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== "}") {
      const equals = this.#text.indexOf("=", this.#at);
      if (equals < 0) break;
      const key = this.#text.slice(this.#at, equals).trim();
      this.#at = equals + 1;
      entries.push([key, this.#value(depth + 1, true)]);
      this.#skipComma();
    }
    this.#at++;
    return Object.fromEntries(entries);
  }

  #list(depth: number): JsonValue {
    const values: JsonValue[] = [];
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== "]") {
      values.push(this.#value(depth + 1, false));
      this.#skipComma();
    }
    this.#at++;
    return values;
  }

  #value(depth: number, inMap: boolean): JsonValue {
    const char = this.#text[this.#at];
    if (depth < MAX_DEPTH && char === "[") return this.#list(depth);
    if (depth < MAX_DEPTH && char === "{") return this.map(depth);
    const start = this.#at;
    while (this.#at < this.#text.length && !this.#endsHere(inMap)) this.#at++;
    return scalarOf(this.#text.slice(start, this.#at).trim());
  }

  #endsHere(inMap: boolean): boolean {
    const char = this.#text[this.#at];
    if (char === "}") return inMap;
    if (char === "]") return !inMap;
    if (char !== ",") return false;
    return !inMap || NEXT_KEY_REGEXP.test(this.#text.slice(this.#at, this.#at + 80));
  }

  #skipComma(): void {
    if (this.#text[this.#at] === ",") this.#at++;
    while (this.#text[this.#at] === " ") this.#at++;
  }
}

function scalarOf(text: string): JsonValue {
  if (text === "null") return null;
  if (text === "true" || text === "false") return text === "true";
  return NUMBER_REGEXP.test(text) ? Number(text) : text;
}
