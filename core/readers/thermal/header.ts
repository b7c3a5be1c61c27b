import { type ByteSource, createIssue, type Issue, readAll } from "../../base/mod.ts";

/** What the header of a thermal recording says. */
export interface ThermalHeader {
  /** 1 without configuration, 2 with. */
  readonly version: 1 | 2;
  readonly width: number;
  readonly height: number;
  /** Settings of the camera by name, as recorded. */
  readonly config: Readonly<Record<string, string>>;
  /** Byte of the first frame. */
  readonly body: number;
}

/** Bytes of the magic word, of layout 1 and of layout 2 before its configuration. */
const MAGIC_BYTES = 8;
const FIXED_BYTES = { 1: 16, 2: 20 } as const;

/** Longest side of a picture and longest configuration that are believed. */
const MAX_SIDE = 4096;
const MAX_CONFIG = 1 << 16;

/** Text that the recorder writes in place of data. */
const PLACEHOLDER = "THERMAL_";

/** Reads the header, or says why it cannot be read. */
export async function readHeader(source: ByteSource, path: string): Promise<ThermalHeader | Issue> {
  const bytes = await readAll(source, FIXED_BYTES[2] + MAX_CONFIG);
  const magic = new TextDecoder("latin1").decode(bytes.subarray(0, MAGIC_BYTES));
  const version = magic === "THERMAL1" ? 1 : magic === "THERMAL2" ? 2 : undefined;
  if (version === undefined) return foreignFile(bytes, magic, path);
  if (bytes.length < FIXED_BYTES[version]) {
    return createIssue("FILE_TRUNCATED", { inside: "the header" }, { path });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [width, height] = [view.getInt32(8), view.getInt32(12)];
  const config = version === 2 ? view.getInt32(16) : 0;
  if (!isSide(width) || !isSide(height) || config < 0 || config > MAX_CONFIG) {
    return createIssue("THERMAL_HEADER_INVALID", { width, height, config }, { path });
  }
  const body = FIXED_BYTES[version] + config;
  if (body > source.size) return createIssue("FILE_TRUNCATED", { inside: "the header" }, { path });
  const text = new TextDecoder().decode(bytes.subarray(FIXED_BYTES[version], body));
  return { version, width, height, config: parseConfig(text), body };
}

function isSide(pixels: number): boolean {
  return pixels >= 1 && pixels <= MAX_SIDE;
}

function foreignFile(bytes: Uint8Array, magic: string, path: string): Issue {
  const found = magic.replace(/[^\x20-\x7e]/g, ".");
  if (!magic.startsWith(PLACEHOLDER)) return createIssue("THERMAL_BAD_MAGIC", { found }, { path });
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 40));
  return createIssue("FILE_PLACEHOLDER", { text: start.replace(/[^\x20-\x7e]/g, ".") }, { path });
}

/** Pairs of name and value between commas; what is no pair is left out. */
function parseConfig(text: string): Record<string, string> {
  const pairs = text.split(",").map((pair) => pair.split("=", 2).map((part) => part.trim()));
  return Object.fromEntries(pairs.filter(([name, value]) => name && value !== undefined));
}
