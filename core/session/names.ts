import type { TimeNs } from "../base/mod.ts";
import { parseEpoch, wallNs } from "./date_times.ts";

/** A time that a name carries. */
export interface NamedTime {
  readonly ns: TimeNs;
  /** `utc` for epoch milliseconds, `local` for a date that some program wrote in its own zone. */
  readonly kind: "utc" | "local";
  /** Step in which it was written, in ns. */
  readonly resolutionNs: number;
}

/** What the name of a session folder says. */
export interface SessionName {
  /** What stands before the time; empty when there is nothing. */
  readonly name: string;
  readonly time: NamedTime;
  /** `pc`: `name_YYYYMMDD_HHMMSS`; `phone`: `session_yyyy-MM-dd_HH-mm-ss`. */
  readonly writer: "pc" | "phone";
  /** What stands after the time where the folder is that of one device: `<time>_<ms>_<device>_<id>`. */
  readonly device?: string;
  /** The id with one time stamp, when the name carries the stamp twice, as folders of the PC logger do. */
  readonly doubledId?: string;
}

/** What the name of a file says. */
export interface FileName {
  /** The name without its extension. */
  readonly stem: string;
  /** Lower case, without the dot; empty when there is none. */
  readonly extension: string;
  /** What of the stem stands before its first time. */
  readonly head: string;
  readonly time?: NamedTime;
}

const PC_STAMP_REGEXP = /(?:^|_)(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})(?:_(\d{3})(?=_|$))?/g;
const PHONE_STAMP_REGEXP = /(?:^|_)(\d{4})-(\d{2})-(\d{2})_(\d{2})-(\d{2})-(\d{2})/g;
const EPOCH_MS_REGEXP = /(?:^|_)(\d{13})(?=_|$)/g;
const SESSION_ID_REGEXP = /^(?:[a-zA-Z0-9_-]+_)?\d{8}_\d{6}$/;
const DECIMAL_DIGIT_REGEXP = /\p{Nd}/gu;

/** Whether a session id follows the documented pattern `[name_]YYYYMMDD_HHMMSS`. */
export function isSessionId(id: string): boolean {
  return SESSION_ID_REGEXP.test(id) && dateStamps(id, PC_STAMP_REGEXP).length > 0;
}

/**
 * Reads the name of a session folder; undefined when it carries no time.
 *
 * @example
 * ```ts
 * import { formatWall, parseFileName, parseSessionName } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const folder = parseSessionName("session_2025-07-31_14-30-22");
 * assert.equal(folder?.writer, "phone");
 * assert.equal(formatWall(folder.time.ns), "2025-07-31T14:30:22.000");
 * const file = parseFileName("phone_1_rgb_20250731_143022.mp4");
 * assert.deepEqual([file.head, file.time?.ns], ["phone_1_rgb", folder.time.ns]);
 * ```
 */
export function parseSessionName(folder: string): SessionName | undefined {
  const name = asciiDigits(folder);
  const phone = dateStamps(name, PHONE_STAMP_REGEXP).at(-1);
  if (phone !== undefined) {
    // Phones put `session` before the time; a document shows participants after it.
    const head = name.slice(0, phone.index);
    return { name: head, time: phone.time, writer: head === "session" ? "phone" : "pc" };
  }
  const pc = dateStamps(name, PC_STAMP_REGEXP)[0];
  if (pc === undefined) return undefined;
  const doubled = /^(.*?(\d{8}_\d{6}))_\d{8}_\d{6}$/.exec(name);
  const device = /^\d{8}_\d{6}_\d{3}_(.+)$/.exec(name)?.[1];
  return {
    name: name.slice(0, pc.index),
    time: pc.time,
    writer: "pc",
    ...(device !== undefined && { device }),
    ...(doubled !== null && { doubledId: doubled[1]! }),
  };
}

/** Takes the name of a file apart. Epoch milliseconds win over a date, since their clock is known. */
export function parseFileName(name: string): FileName {
  const dot = name.lastIndexOf(".");
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const extension = dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
  const plain = asciiDigits(stem);
  const epochs = epochStamps(plain);
  const phones = dateStamps(plain, PHONE_STAMP_REGEXP);
  const dates = dateStamps(plain, PC_STAMP_REGEXP);
  const found = epochs.at(-1) ?? dates.at(-1) ?? phones.at(-1);
  if (found === undefined) return { stem, extension, head: stem };
  const first = Math.min(...[...epochs, ...phones, ...dates].map(({ index }) => index));
  return { stem, extension, head: stem.slice(0, first), time: found.time };
}

const TYPE_WORDS = "rgb|thermal|gsr|motion|video|audio|imu|ecg|emg|eda|ppg|accel|acc|gyro|mag|hr|" +
  "temperature|sensors?|data";
const TYPED_HEAD_REGEXP = new RegExp(`^(.+?)_(?:${TYPE_WORDS})(?:_(?:${TYPE_WORDS}|raw))*$`, "i");
const TYPE_WORD_REGEXP = new RegExp(`^(?:${TYPE_WORDS}|raw)$`, "i");

/** The device that a name of the form `<device>_<type>_<time>.<extension>` begins with. */
export function deviceOfName({ head }: FileName): string | undefined {
  const device = TYPED_HEAD_REGEXP.exec(head)?.[1];
  return device === undefined || TYPE_WORD_REGEXP.test(device) ? undefined : device;
}

/** Parts of a session id. */
export interface SessionIdParts {
  /** @default {"session"} */
  readonly name?: string;
  /** Start in ns on a clock without a zone. */
  readonly localNs: TimeNs;
}

/**
 * Builds a session id as the documented tree wants it: safe characters, at most 50 of them in the name.
 *
 * @example
 * ```ts
 * import { buildFileName, buildSessionId, compactStamp, isSessionId } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const localNs = 1_595_933_810_034_000_000n;
 * const stamp = "20200728_105650";
 * assert.equal(compactStamp(localNs), stamp);
 * assert.equal(buildSessionId({ name: "pilot 1", localNs }), `pilot_1_${stamp}`);
 * assert.ok(isSessionId(`pilot_1_${stamp}`));
 * const parts = { device: "phone_1", type: "rgb", localNs, extension: "mp4" };
 * assert.equal(buildFileName(parts), `phone_1_rgb_${stamp}.mp4`);
 * ```
 */
export function buildSessionId({ name = "session", localNs }: SessionIdParts): string {
  const safe = name.trim().replace(/\s+/g, "_").replace(/[^a-zA-Z0-9_-]/g, "").slice(0, 50);
  return `${safe || "session"}_${compactStamp(localNs)}`;
}

/** Parts of the name of a recorded file. */
export interface FileNameParts {
  readonly device: string;
  /** `rgb`, `thermal`, `gsr`, `motion`; absent for a webcam, whose files carry the device alone. */
  readonly type?: string;
  readonly localNs: TimeNs;
  readonly extension: string;
}

/** Builds the name of a recorded file: `<device>_<type>_YYYYMMDD_HHMMSS.<extension>`. */
export function buildFileName({ device, type, localNs, extension }: FileNameParts): string {
  const parts = [device, type, compactStamp(localNs)].filter((part) => part !== undefined);
  return `${parts.join("_")}.${extension}`;
}

/** A local time as `YYYYMMDD_HHMMSS`. */
export function compactStamp(localNs: TimeNs): string {
  const iso = new Date(Number(localNs / 1_000_000n)).toISOString();
  return iso.slice(0, 19).replace(/[-:]/g, "").replace("T", "_");
}

/**
 * The same text with the decimal digits of any script as ASCII. Phones write dates in the digits of their
 * language. The length may change where digits lie outside the basic plane.
 */
export function asciiDigits(text: string): string {
  return text.replace(DECIMAL_DIGIT_REGEXP, (digit) => {
    if (digit <= "9") return digit;
    // Unicode keeps the ten digits of a script together and in order, in runs that start at 0.
    let zero = digit.codePointAt(0)!;
    for (let steps = 0; steps < 9 && isDecimalDigit(zero - 1); steps++) zero--;
    return String(digit.codePointAt(0)! - zero);
  });
}

function isDecimalDigit(code: number): boolean {
  return /\p{Nd}/u.test(String.fromCodePoint(code));
}

interface Stamp {
  readonly index: number;
  readonly time: NamedTime;
}

function dateStamps(text: string, pattern: RegExp): Stamp[] {
  const stamps: Stamp[] = [];
  for (const match of text.matchAll(pattern)) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7)
      .map(Number);
    const whole = wallNs([year, month, day], [hour, minute, second]);
    if (whole === undefined) continue;
    const ns = whole + BigInt(match[7] ?? 0) * 1_000_000n;
    const resolutionNs = match[7] === undefined ? 1e9 : 1e6;
    stamps.push({ index: match.index, time: { ns, kind: "local", resolutionNs } });
  }
  return stamps;
}

function epochStamps(text: string): Stamp[] {
  const stamps: Stamp[] = [];
  for (const match of text.matchAll(EPOCH_MS_REGEXP)) {
    const time = parseEpoch(match[1]!, "ms");
    if (time?.kind !== "utc") continue;
    stamps.push({ index: match.index, time: { ns: time.ns, kind: "utc", resolutionNs: 1e6 } });
  }
  return stamps;
}
