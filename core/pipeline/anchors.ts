import {
  type ClockRef,
  nearestName,
  rootSumSquares,
  type TimeNs,
  UsageError,
} from "../base/mod.ts";
import type { PointEvidence } from "../clock/mod.ts";
import { parseDateTime } from "../session/mod.ts";
import type { ClockUse } from "./reference.ts";
import type { StreamScan } from "./scan.ts";
import type { Zone } from "./timezone.ts";

/** A time that the user states for a clock. */
export interface ManualAnchor {
  /** Id of a clock, a stream or a device. */
  readonly name: string;
  /** Reading of that clock at the time. @default {its first sample} */
  readonly reading?: WrittenTime;
  /** What the reference clock shows then. */
  readonly time: WrittenTime;
  /** One sigma in ns. */
  readonly sigmaNs: number;
  /** As it was written. */
  readonly text: string;
}

/** A time as the user writes it. */
export interface WrittenTime {
  readonly ns: TimeNs;
  /** A date needs a clock that shows dates; a naive one a zone, too. */
  readonly kind: "utc" | "local" | "seconds";
  readonly resolutionNs: number;
}

const ANCHOR_HINT =
  "Write CLOCK=TIME or CLOCK@READING=TIME, such as phone_1/gsr=2025-07-31T14:30:22.5+02:00+-0.02";
const SIGMA_REGEXP = /^(.+?)\s*(?:\+-|±)\s*(\d+(?:\.\d+)?)\s*s?$/;
const SECONDS_REGEXP = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?$/;
/** Nobody reads a time better than this from a recording. */
const LEAST_SIGMA_NS = 1e6;

/**
 * Reads `CLOCK=TIME`, `CLOCK@READING=TIME`, with `+-SECONDS` after it when the sigma is known. Otherwise the time
 * is as good as it was written: to the last digit, though never better than 1 ms.
 *
 * Times are ISO dates or seconds. Throws `UsageError` on anything else.
 */
export function parseAnchor(text: string): ManualAnchor {
  const at = text.lastIndexOf("=");
  const left = text.slice(0, at).trim();
  const separator = left.lastIndexOf("@");
  const name = separator < 0 ? left : left.slice(0, separator).trim();
  if (at < 0 || name === "") throw refuse(text, "it names no clock");
  const right = text.slice(at + 1).trim();
  const [, timeText = right, sigmaText] = SIGMA_REGEXP.exec(right) ?? [];
  const time = writtenTime(timeText, text);
  const sigmaNs = sigmaText === undefined
    ? Math.max(LEAST_SIGMA_NS, time.resolutionNs / Math.sqrt(12))
    : Number(sigmaText) * 1e9;
  if (!(sigmaNs > 0)) throw refuse(text, "its uncertainty is zero");
  return {
    name,
    time,
    sigmaNs,
    text,
    ...(separator < 0 ? {} : { reading: writtenTime(left.slice(separator + 1).trim(), text) }),
  };
}

function refuse(text: string, reason: string): UsageError {
  return new UsageError(`Cannot use the anchor "${text}": ${reason}`, ANCHOR_HINT);
}

function writtenTime(text: string, whole: string): WrittenTime {
  const seconds = SECONDS_REGEXP.exec(text);
  if (seconds === null) {
    const date = parseDateTime(text);
    if (date === undefined || (date.kind !== "utc" && date.kind !== "local")) {
      throw refuse(whole, `"${text}" is neither an ISO time nor a number of seconds`);
    }
    return { ns: date.ns, kind: date.kind, resolutionNs: date.resolutionNs };
  }
  const [, sign, digits = "0", fraction = ""] = seconds;
  const ns = BigInt(digits) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"));
  const resolutionNs = Number(10n ** BigInt(9 - fraction.length));
  return { ns: sign === "-" ? -ns : ns, kind: "seconds", resolutionNs };
}

/** What an anchor is found with. */
export interface AnchorContext {
  readonly uses: ReadonlyMap<string, ClockUse>;
  readonly scans: readonly StreamScan[];
  readonly reference: ClockRef;
  readonly zone: Zone | undefined;
}

/** How evidence from the user is named. */
export const MANUAL_SOURCE = "anchor given by the user";

/** Two times of one reading agree when they differ by fewer sigmas. */
const AGREE_SIGMAS = 5;

/**
 * The evidence that all anchors stand for. Throws `UsageError` when one cannot be used, or two give a reading times that
 * contradict each other: nothing else would tell which is meant.
 */
export function allManualEvidence(
  anchors: readonly ManualAnchor[],
  context: AnchorContext,
): PointEvidence[] {
  const found = anchors.map((anchor) => manualEvidence(anchor, context));
  for (const [index, point] of found.entries()) {
    const other = found.slice(0, index).findIndex((earlier) => contradicts(earlier, point));
    if (other < 0) continue;
    throw refuse(
      anchors[index]!.text,
      `"${anchors[other]!.text}" gives another time of that reading`,
    );
  }
  return found;
}

function contradicts(a: PointEvidence, b: PointEvidence): boolean {
  if (a.from.id !== b.from.id || a.fromNs !== b.fromNs) return false;
  return Math.abs(Number(a.toNs - b.toNs)) > AGREE_SIGMAS * rootSumSquares(a.sigmaNs, b.sigmaNs);
}

/** The evidence that an anchor stands for. Throws `UsageError` when it names no clock or has no place on it. */
export function manualEvidence(anchor: ManualAnchor, context: AnchorContext): PointEvidence {
  const { uses, scans, reference, zone } = context;
  const { clock, firstNs } = anchoredClock(anchor, uses, scans);
  if (clock.id === reference.id) throw refuse(anchor.text, `${clock.id} is the reference clock`);
  const { reading } = anchor;
  const fromNs = reading === undefined ? firstNs : onClock(reading, clock, anchor, zone);
  if (fromNs === undefined) throw refuse(anchor.text, `${clock.id} stamped no sample`);
  return {
    // It is weighed with its sigma, while absolute anchors count only where nothing better is known.
    kind: "stored",
    from: clock,
    to: reference,
    fromNs,
    toNs: onClock(anchor.time, reference, anchor, zone),
    sigmaNs: anchor.sigmaNs,
    source: MANUAL_SOURCE,
  };
}

/** A written time on a clock: dates need one that shows dates. */
function onClock(
  { ns, kind }: WrittenTime,
  clock: ClockRef,
  { text }: ManualAnchor,
  zone: Zone | undefined,
): TimeNs {
  if (kind === "seconds" || kind === clock.kind) return ns;
  if (clock.kind !== "utc" && clock.kind !== "local") {
    throw refuse(text, `${clock.id} shows no dates; give seconds on it`);
  }
  if (zone === undefined) {
    throw refuse(text, "its zone is not known; add Z or +02:00, or give --timezone");
  }
  return kind === "local" ? ns - zone.offsetNs : ns + zone.offsetNs;
}

/** The clock that a name means, and the first sample that counts as its reading. */
function anchoredClock(
  { name, text }: ManualAnchor,
  uses: ReadonlyMap<string, ClockUse>,
  scans: readonly StreamScan[],
): { readonly clock: ClockRef; readonly firstNs: TimeNs | undefined } {
  const use = uses.get(name);
  if (use !== undefined) return { clock: use.clock, firstNs: use.span?.startNs };
  const scan = scans.find(({ schema }) => schema.id === name);
  if (scan !== undefined) return { clock: scan.schema.clock, firstNs: scan.sampling.firstNs };
  const clock = deviceClock(name, uses, scans);
  if (clock !== undefined) return clock;
  const names = new Set(scans.flatMap(({ schema }) => [schema.device, schema.id]));
  const ofDevice = [...uses.keys()].filter((id) => id.startsWith(`${name}/`));
  if (ofDevice.length > 0) throw refuse(text, `choose one of its clocks: ${ofDevice.join(", ")}`);
  throw unknownClock(name, [...uses.keys()], [...names]);
}

/** A device stands for the clock of its host, on which its other clocks hang, or for its only clock. */
function deviceClock(
  device: string,
  uses: ReadonlyMap<string, ClockUse>,
  scans: readonly StreamScan[],
): { readonly clock: ClockRef; readonly firstNs: TimeNs | undefined } | undefined {
  const own = scans.filter(({ schema }) => schema.device === device);
  const ids = new Set(own.map(({ schema }) => schema.clock.id));
  const host = uses.get(`${device}/utc`);
  const [only] = ids.size === 1 ? ids : [];
  const use = host?.span === undefined && only !== undefined ? uses.get(only) : host;
  return use === undefined ? undefined : { clock: use.clock, firstNs: use.span?.startNs };
}

/**
 * The error for a clock that the session does not have: names the nearest spelling and all that it has.
 *
 * @param others Further names that would have done.
 */
export function unknownClock(
  name: string,
  clocks: readonly string[],
  others: readonly string[] = [],
): UsageError {
  const near = nearestName(name, [...others, ...clocks]);
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return new UsageError(
    `The session has no clock "${name}"${hint}`,
    `Its clocks are ${clocks.join(", ")}`,
  );
}
