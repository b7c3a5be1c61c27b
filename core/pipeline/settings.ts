import { nearestName, UsageError } from "../base/mod.ts";
import { EVIDENCE_KINDS, type EvidenceKind } from "../clock/mod.ts";
import type { Session } from "../session/mod.ts";
import type { ProjectConfig } from "../validation/mod.ts";
import { type ManualAnchor, parseAnchor } from "./anchors.ts";
import { parseZone } from "./timezone.ts";

/** What `process` can write. */
export type ExportFormat = "csv" | "combined" | "mat" | "xdf";

/** All formats. */
export const EXPORT_FORMATS: readonly ExportFormat[] = ["csv", "combined", "mat", "xdf"];

/** Those that are written unless others are chosen. */
const DEFAULT_FORMATS: readonly ExportFormat[] = ["csv", "combined", "mat"];

/** Rate of the common grid unless stated: fine enough to see, small enough to open. */
export const DEFAULT_GRID_RATE_HZ = 10;

/**
 * How far two clocks that both claim to be UTC may be apart unless stated, one sigma in s. Phones and computers
 * that ask a time server are within tens of ms when fresh and drift up to a second a day without it.
 */
export const DEFAULT_WALL_CLOCK_SIGMA_S = 0.5;

/** What the user can choose. What is absent comes from `session-process.json`, then from the defaults. */
export interface ProcessSettings {
  /** Files to write. @default {["csv", "combined", "mat"]} */
  readonly formats?: readonly ExportFormat[] | undefined;
  /** Rate of the combined table in Hz. @default {10} */
  readonly gridRateHz?: number | undefined;
  /** Compress the MATLAB file. @default {false} */
  readonly compressMat?: boolean | undefined;
  /** Globs of stream ids to export. @default {all} */
  readonly streams?: readonly string[] | undefined;
  /** Zone of naive times: an offset or an IANA name. @default {inferred} */
  readonly timezone?: string | undefined;
  /** Id of the clock on which everything is placed. @default {the computer's, else the busiest} */
  readonly reference?: string | undefined;
  /** The only kinds of evidence to use, of `EVIDENCE_KINDS`. @default {all} */
  readonly evidence?: readonly string[] | undefined;
  /** Kinds of evidence to leave out. @default {none} */
  readonly without?: readonly string[] | undefined;
  /**
   * Times that the user states: `CLOCK=TIME` at the first sample, `CLOCK@READING=TIME` at any, with `+-SECONDS`
   * behind it where the uncertainty is known. `CLOCK` is a clock, stream or device; times are ISO dates or seconds.
   */
  readonly anchors?: readonly string[] | undefined;
  /** How far clocks that claim UTC may be apart, one sigma in s, or `none` when they are not believed. @default {"0.5"} */
  readonly trustWallClocks?: string | undefined;
  /** Take the jitter of stamps out of regular streams. @default {true} */
  readonly dejitter?: boolean | undefined;
}

/** Settings with every choice made. */
export interface ResolvedSettings {
  readonly formats: readonly ExportFormat[];
  readonly gridRateHz: number;
  readonly compressMat: boolean;
  readonly streams: readonly string[];
  readonly zoneOffsetNs: bigint | undefined;
  readonly reference: string | undefined;
  /** Kinds of evidence that may be used. */
  readonly evidenceKinds: readonly EvidenceKind[];
  readonly anchors: readonly ManualAnchor[];
  /** One sigma in ns; infinite when clocks that claim UTC are not believed. */
  readonly wallClockSigmaNs: number;
  readonly dejitter: boolean;
}

/** Fills in what the user left open. Throws `UsageError` on a choice that cannot be. */
export function resolveSettings(
  settings: ProcessSettings,
  config: ProjectConfig,
  session: Session,
): ResolvedSettings {
  const timezone = settings.timezone ?? config.timezone;
  return {
    formats: settings.formats ?? config.export?.formats ?? DEFAULT_FORMATS,
    gridRateHz: settings.gridRateHz ?? config.export?.gridRateHz ?? DEFAULT_GRID_RATE_HZ,
    compressMat: settings.compressMat ?? false,
    streams: settings.streams ?? config.export?.streams ?? ["**"],
    zoneOffsetNs: timezone === undefined ? undefined : zoneOffset(timezone, session),
    reference: settings.reference ?? config.clocks?.reference,
    evidenceKinds: allowedKinds(
      settings.evidence ?? config.clocks?.evidence,
      settings.without ?? config.clocks?.without ?? [],
    ),
    anchors: (settings.anchors ?? config.clocks?.anchors ?? []).map(parseAnchor),
    wallClockSigmaNs: wallClockSigma(
      settings.trustWallClocks ?? config.clocks?.trustWallClocks ?? `${DEFAULT_WALL_CLOCK_SIGMA_S}`,
    ),
    dejitter: settings.dejitter ?? config.clocks?.dejitter ?? true,
  };
}

function allowedKinds(
  only: readonly string[] | undefined,
  without: readonly string[],
): readonly EvidenceKind[] {
  const excluded = without.map(kindOf);
  const wanted = only?.map(kindOf);
  const allowed = EVIDENCE_KINDS.filter((kind) =>
    !excluded.includes(kind) && (wanted === undefined || wanted.includes(kind))
  );
  if (allowed.length > 0) return allowed;
  throw new UsageError("Cannot align clocks: no kind of evidence is left", KINDS_REMEDY);
}

const KINDS_REMEDY = `Use some of ${EVIDENCE_KINDS.join(",")}`;

function kindOf(name: string): EvidenceKind {
  const known = EVIDENCE_KINDS.find((kind) => kind === name);
  if (known !== undefined) return known;
  const near = nearestName(name, EVIDENCE_KINDS);
  throw new UsageError(
    `Unknown kind of evidence "${name}"${near === undefined ? "" : `; did you mean ${near}?`}`,
    KINDS_REMEDY,
  );
}

/** Seconds as ns; `none` believes clocks nothing. */
function wallClockSigma(text: string): number {
  if (text === "none") return Infinity;
  const seconds = Number(text);
  if (text.trim() !== "" && seconds > 0 && Number.isFinite(seconds)) return seconds * 1e9;
  throw new UsageError(
    `Cannot trust wall clocks to "${text}"`,
    "Give one sigma in seconds, such as 0.05, or none",
  );
}

function zoneOffset(timezone: string, session: Session): bigint {
  try {
    return parseZone(timezone, session.start?.ns ?? 0n);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      error.message,
      "Give an offset such as +02:00 or a name such as Europe/London",
    );
  }
}
