import { UsageError } from "../base/mod.ts";
import type { Session } from "../session/mod.ts";
import type { ProjectConfig } from "../validation/mod.ts";
import { parseZone } from "./timezone.ts";

/** What `process` can write. */
export type ExportFormat = "csv" | "combined" | "mat";

/** All formats. */
export const EXPORT_FORMATS: readonly ExportFormat[] = ["csv", "combined", "mat"];

/** Rate of the common grid unless stated: fine enough to see, small enough to open. */
export const DEFAULT_GRID_RATE_HZ = 10;

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
}

/** Settings with every choice made. */
export interface ResolvedSettings {
  readonly formats: readonly ExportFormat[];
  readonly gridRateHz: number;
  readonly compressMat: boolean;
  readonly streams: readonly string[];
  readonly zoneOffsetNs: bigint | undefined;
}

/** Fills in what the user left open. Throws `UsageError` on a choice that cannot be. */
export function resolveSettings(
  settings: ProcessSettings,
  config: ProjectConfig,
  session: Session,
): ResolvedSettings {
  const timezone = settings.timezone ?? config.timezone;
  return {
    formats: settings.formats ?? config.export?.formats ?? EXPORT_FORMATS,
    gridRateHz: settings.gridRateHz ?? config.export?.gridRateHz ?? DEFAULT_GRID_RATE_HZ,
    compressMat: settings.compressMat ?? false,
    streams: settings.streams ?? config.export?.streams ?? ["**"],
    zoneOffsetNs: timezone === undefined ? undefined : zoneOffset(timezone, session),
  };
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
