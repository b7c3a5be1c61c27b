import { createIssue, type Issue, ISSUES, reasonOf, type Severity } from "../base/mod.ts";
import type { EvidenceKind } from "../clock/mod.ts";
import { CONFIG_SCHEMA } from "./config_schema.ts";
import { matchesGlob } from "./glob.ts";
import { pruneToSchema } from "./json_schema.ts";

/** Gives issues of some codes, optionally at some places, another severity. */
export interface RuleSetting {
  /** An issue code, or a pattern such as `CSV_*`. */
  readonly code: string;
  /** Glob over the path of the issue, or over its stream or device when it has no path. */
  readonly path?: string;
  readonly severity: Severity | "off";
}

/** The rate that a stream is meant to have. */
export interface ExpectedRate {
  /** Glob over stream ids, `<device>/<stream>`. */
  readonly stream: string;
  /** Samples or frames per second. */
  readonly hz: number;
  /** Relative deviation that is accepted. @default {0.05} */
  readonly tolerance?: number;
}

/** States what a time column holds, where inference cannot know. */
export interface TimeColumnSetting {
  /** Glob over paths. */
  readonly path: string;
  /** Name of the column as recorded. */
  readonly column: string;
  readonly unit?: "s" | "ms" | "us" | "ns" | "iso";
  readonly clock?: "utc" | "local" | "monotonic" | "device";
}

/** States the unit of a column, where its name is wrong or silent. */
export interface ColumnUnitSetting {
  /** Glob over paths. */
  readonly path: string;
  /** Name of the column as recorded. */
  readonly column: string;
  readonly unit: string;
}

/** Values outside are reported; replaces the built-in range of the columns it names. */
export interface RangeSetting {
  /** Glob over stream ids. */
  readonly stream: string;
  /** Glob over column names as exported. */
  readonly column: string;
  readonly low: number;
  readonly high: number;
}

/** Defaults of the exports. */
export interface ExportSetting {
  readonly formats?: readonly ("csv" | "combined" | "mat" | "xdf")[];
  /** Rate of the common time grid, samples per second. */
  readonly gridRateHz?: number;
  /** Globs over stream ids; all streams when absent. */
  readonly streams?: readonly string[];
}

/** How clocks are aligned. */
export interface ClockSetting {
  /** Id of the clock on which everything is placed. */
  readonly reference?: string;
  /** The only kinds of evidence to use. */
  readonly evidence?: readonly EvidenceKind[];
  /** Kinds of evidence to leave out. */
  readonly without?: readonly EvidenceKind[];
  /** Stated times, `CLOCK=TIME` or `CLOCK@READING=TIME`, with `+-SECONDS` behind it. */
  readonly anchors?: readonly string[];
  /** How far clocks that claim UTC may be apart, one sigma in s, or `none`. */
  readonly trustWallClocks?: string;
  /** Take the jitter of stamps out of regular streams. */
  readonly dejitter?: boolean;
}

/** What a project states about its recordings, in `session-process.json` beside them. */
export interface ProjectConfig {
  readonly rules?: readonly RuleSetting[];
  /** IANA name such as `Europe/Budapest`, or an offset such as `+02:00`. */
  readonly timezone?: string;
  readonly expectedRates?: readonly ExpectedRate[];
  readonly ranges?: readonly RangeSetting[];
  /** Raw thermal value per kelvin: 64 in high gain, 16 in 14-bit modes. */
  readonly thermalDivisor?: number;
  readonly timeColumns?: readonly TimeColumnSetting[];
  readonly columnUnits?: readonly ColumnUnitSetting[];
  readonly clocks?: ClockSetting;
  readonly export?: ExportSetting;
}

/** A configuration and what is wrong with its text. */
export interface ParsedConfig {
  readonly config: ProjectConfig;
  readonly issues: readonly Issue[];
}

/**
 * Reads the text of `session-process.json`. What is wrong becomes an issue `CONFIG_INVALID` and is left out;
 * the rest is used.
 *
 * @param path Named in the issues. The layout is given by `docs/schemas/session-process.schema.json`.
 *
 * @example
 * ```ts
 * import { parseConfig } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const { config, issues } = parseConfig('{ "timezone": "Europe/Budapest", "colour": "red" }');
 * assert.equal(config.timezone, "Europe/Budapest");
 * assert.match(String(issues[0]?.params.reason), /colour/);
 * ```
 */
export function parseConfig(text: string, path = "session-process.json"): ParsedConfig {
  const reasons: string[] = [];
  const config = readConfig(text, (reason) => reasons.push(reason));
  const { timezone, ...others } = config;
  const zoneKnown = timezone === undefined || isTimeZone(timezone);
  if (!zoneKnown) reasons.push(`timezone "${timezone}" is not known`);
  for (const { code } of config.rules ?? []) {
    if (!Object.keys(ISSUES).some((known) => matchesGlob(code, known))) {
      reasons.push(`No issue code matches "${code}"`);
    }
  }
  const issues = reasons.map((reason) => createIssue("CONFIG_INVALID", { reason }, { path }));
  return { config: zoneKnown ? config : others, issues };
}

function isTimeZone(timezone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: timezone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function readConfig(text: string, report: (reason: string) => void): ProjectConfig {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (thrown) {
    report(`Not readable as JSON: ${reasonOf(thrown)}`);
    return {};
  }
  // Everything that the type promises is promised by the schema, of which a test makes sure.
  return (pruneToSchema(value, CONFIG_SCHEMA, report) ?? {}) as ProjectConfig;
}
