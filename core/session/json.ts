import { createIssue, type IssueWhere, type ReportIssue } from "../base/mod.ts";
import { type JsonObject, type JsonValue, type ParsedJson, parseJsonText } from "./json_parser.ts";
import { isKotlinMap, parseKotlinMap } from "./kotlin_map.ts";
import { decodeText, lineAt } from "./text.ts";

/** Options of {@linkcode readJson}. */
export interface ReadJsonOptions {
  /** Path that issues name. */
  readonly path?: string;
  /** Receives what is wrong with the text. */
  readonly report?: ReportIssue | undefined;
  /** Read quoted Kotlin maps inside values as objects. @default {false} */
  readonly expandKotlinMaps?: boolean;
}

/** What a JSON file holds. */
export interface JsonReading {
  /** The document, or a list when several follow each other; undefined when there is none. */
  readonly value: JsonValue | undefined;
  /** How many documents follow each other. */
  readonly documents: number;
  /** Everything could be read. */
  readonly complete: boolean;
  /** 1-based line where an object of the value starts, when known. */
  lineOf(value: JsonValue): number | undefined;
}

/**
 * Reads a JSON file that programs may have damaged: cut off, concatenated, padded with NULs, with a byte
 * order mark or in UTF-16, with duplicate keys, or in Kotlin's map notation.
 *
 * What is complete is kept, integers stay exact, and what is wrong goes to `report`. Never throws.
 *
 * @example
 * ```ts
 * import { readJson } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const cut = new TextEncoder().encode('{"start_time": 1753967422123456789, "status": "act');
 * const { value, complete } = readJson(cut);
 * assert.deepEqual(value, { start_time: 1753967422123456789n });
 * assert.equal(complete, false);
 * ```
 */
export function readJson(bytes: Uint8Array, options: ReadJsonOptions = {}): JsonReading {
  const { path, report = () => {} } = options;
  const { text, damaged } = decodeText(bytes);
  const where: IssueWhere = path === undefined ? {} : { path };
  if (damaged) report(unreadable("some bytes are not text and were replaced", where));
  const parsed = parseJsonText(text);
  if (parsed.documents.length <= 1 && isKotlinMap(text)) return kotlinReading(text, where, report);
  reportDefects(parsed, text, where, report);
  const { documents } = parsed;
  const value = documents.length > 1 ? documents : documents[0];
  const expand = options.expandKotlinMaps ?? false;
  return {
    value: expand && value !== undefined ? expandMaps(value, "", where, report) : value,
    documents: documents.length,
    complete: !damaged && documents.length > 0 && !parsed.cut && !parsed.defect && !parsed.tooDeep,
    lineOf: lineFinder(text, parsed.offsets),
  };
}

function kotlinReading(text: string, where: IssueWhere, report: ReportIssue): JsonReading {
  const notation = "a Kotlin map";
  report(createIssue("METADATA_KOTLIN_MAP", { key: "The whole file", notation }, where));
  const value = parseKotlinMap(text);
  return { value, documents: 1, complete: value !== undefined, lineOf: () => undefined };
}

function reportDefects(
  parsed: ParsedJson,
  text: string,
  where: IssueWhere,
  report: ReportIssue,
): void {
  const { cut, defect, documents, duplicates, nuls, tooDeep } = parsed;
  if (cut !== undefined) report(createIssue("METADATA_TRUNCATED", cut, where));
  if (defect !== undefined) {
    report(unreadable(defect.reason, { ...where, line: lineAt(text, defect.at) }));
  } else if (documents.length === 0 && cut === undefined) {
    report(unreadable(nuls > 0 ? "the file holds only NUL bytes" : "the file is blank", where));
  }
  if (documents.length > 0 && nuls > 0) report(unreadable(`${nuls} NUL bytes were skipped`, where));
  if (tooDeep > 0) report(unreadable(`${tooDeep} values are nested too deep`, where));
  for (const key of duplicates) report(createIssue("METADATA_KEY_DUPLICATE", { key }, where));
  if (documents.length > 1) {
    report(createIssue("METADATA_CONCATENATED", { count: documents.length }, where));
  }
}

function unreadable(reason: string, where: IssueWhere) {
  return createIssue("METADATA_UNREADABLE", { reason }, where);
}

function lineFinder(text: string, offsets: ReadonlyMap<object, number>): JsonReading["lineOf"] {
  // Objects are asked for in file order, so counting goes on from the last answer.
  let line = 1;
  let lineEnd = endOfLine(text, 0);
  let lastAt = 0;
  return (value) => {
    const at = typeof value === "object" && value !== null ? offsets.get(value) : undefined;
    if (at === undefined) return undefined;
    if (at < lastAt) [line, lineEnd] = [1, endOfLine(text, 0)];
    for (lastAt = at; lineEnd < at; line++) lineEnd = endOfLine(text, lineEnd + 1);
    return line;
  };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function expandMaps(
  value: JsonValue,
  key: string,
  where: IssueWhere,
  report: ReportIssue,
): JsonValue {
  if (typeof value === "string") {
    const map = value.endsWith("}") ? parseKotlinMap(value) : undefined;
    if (map === undefined) return value;
    report(createIssue("METADATA_KOTLIN_MAP", { key, notation: "a quoted Kotlin map" }, where));
    return map;
  }
  if (Array.isArray(value)) return value.map((item) => expandMaps(item, key, where, report));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, expandMaps(item, name, where, report)]),
  );
}

/** The value as an object, when it is one. */
export function asObject(value: JsonValue | undefined): JsonObject | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? value as JsonObject : undefined;
}

/** The items of a list; empty for anything else. */
export function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text, when it is a string that is not empty. */
export function asText(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value as a finite float, when it is a number. */
export function asNumber(value: JsonValue | undefined): number | undefined {
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The value of the first of several keys that an object has. */
export function field(object: JsonObject | undefined, ...keys: string[]): JsonValue | undefined {
  for (const key of keys) {
    if (object !== undefined && Object.hasOwn(object, key)) return object[key];
  }
  return undefined;
}

/** Any value as text for people: strings as they are, everything else as JSON. */
export function textOf(value: JsonValue): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object") return String(value);
  return JSON.stringify(value, (_key, item) => typeof item === "bigint" ? String(item) : item);
}
