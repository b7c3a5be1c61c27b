import { EVIDENCE_KINDS } from "../clock/mod.ts";
import type { JsonSchema } from "./json_schema.ts";

const GLOB_HELP = "* matches within a folder, ** across folders, ? one character";

function text(description: string): JsonSchema {
  return { type: "string", description, minLength: 1 };
}

function record(
  description: string,
  required: readonly string[],
  properties: Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  return { type: "object", description, required, additionalProperties: false, properties };
}

function list(description: string, items: JsonSchema): JsonSchema {
  return { type: "array", description, items };
}

const RULE = record("One change of severity; later ones win", ["code", "severity"], {
  code: text("an issue code, or a pattern such as CSV_*"),
  path: text(`Path, stream or device of the issue; ${GLOB_HELP}`),
  severity: { type: "string", enum: ["error", "warning", "info", "off"] },
});

const EXPECTED_RATE = record("Rate that streams are meant to have", ["stream", "hz"], {
  stream: text(`Stream ids, <device>/<stream>; ${GLOB_HELP}`),
  hz: { type: "number", description: "Samples or frames per second", exclusiveMinimum: 0 },
  tolerance: {
    type: "number",
    description: "Relative deviation that is accepted, 0.05 unless stated",
    minimum: 0,
    maximum: 1,
  },
});

const RANGE = record("Values that columns can take", ["stream", "column", "low", "high"], {
  stream: text(`Stream ids, <device>/<stream>; ${GLOB_HELP}`),
  column: text(`Column names as exported; ${GLOB_HELP}`),
  low: { type: "number", description: "Smallest plausible value, in the unit of the column" },
  high: { type: "number", description: "Largest plausible value, in the unit of the column" },
});

const TIME_COLUMN = record("What a time column holds", ["path", "column"], {
  path: text(`Paths of the tables; ${GLOB_HELP}`),
  column: text("Name of the column as recorded"),
  unit: { type: "string", enum: ["s", "ms", "us", "ns", "iso"] },
  clock: { type: "string", enum: ["utc", "local", "monotonic", "device"] },
});

const COLUMN_UNIT = record("Unit of a column", ["path", "column", "unit"], {
  path: text(`Paths of the tables; ${GLOB_HELP}`),
  column: text("Name of the column as recorded"),
  unit: text("Unit as in the exports, such as uS, m/s^2, g, deg/s or degC"),
});

const CLOCKS = record("How clocks are aligned", [], {
  reference: text("Id of the clock on which everything is placed, as align lists them"),
  evidence: list("The only kinds of evidence to use", { type: "string", enum: EVIDENCE_KINDS }),
  without: list("Kinds of evidence to leave out", { type: "string", enum: EVIDENCE_KINDS }),
  anchors: list("Stated times", {
    type: "string",
    description:
      "CLOCK=TIME at the first sample or CLOCK@READING=TIME, then +-SECONDS when its sigma is known",
    pattern: "^[^=]+=[^=]+$",
  }),
  trustWallClocks: {
    type: "string",
    description: "seconds that clocks which claim UTC may be apart, one sigma, or none",
    pattern: "^(none|[0-9]+(\\.[0-9]+)?)$",
  },
  dejitter: {
    type: "boolean",
    description: "whether the jitter of stamps is taken out of regular streams",
  },
});

const EXPORT = record("Defaults of the exports", [], {
  formats: list("Formats to write", { type: "string", enum: ["csv", "combined", "mat", "xdf"] }),
  gridRateHz: {
    type: "number",
    description: "Rate of the common time grid, samples per second",
    exclusiveMinimum: 0,
  },
  streams: list("Streams to export", text(`Stream ids, <device>/<stream>; ${GLOB_HELP}`)),
});

/** The JSON Schema of `session-process.json`; `docs/schemas/session-process.schema.json` is its text. */
export const CONFIG_SCHEMA: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "session-process.json",
  ...record("What a project states about its recordings", [], {
    $schema: text("Address of this schema, for editors"),
    rules: list("Changes of issue severities, applied after all checks", RULE),
    timezone: {
      type: "string",
      description: "an IANA time zone such as Europe/Budapest, or an offset such as +02:00",
      pattern: "^([A-Za-z][A-Za-z0-9_+/-]*|[+-](0[0-9]|1[0-4]):[0-5][0-9])$",
    },
    expectedRates: list("Rates of streams", EXPECTED_RATE),
    ranges: list("Plausible values of columns", RANGE),
    thermalDivisor: {
      type: "number",
      description: "Raw thermal value per kelvin: 64 in high gain, 16 in 14-bit modes",
      exclusiveMinimum: 0,
    },
    timeColumns: list("Time columns whose unit or clock cannot be inferred", TIME_COLUMN),
    columnUnits: list("Columns whose unit is wrong or missing in their name", COLUMN_UNIT),
    clocks: CLOCKS,
    export: EXPORT,
  }),
};
