import type { IssueCode } from "../../base/mod.ts";
import type { StreamReport } from "../report.ts";
import type { Case } from "./case.ts";
import {
  column,
  GSR_STREAM,
  gsrReport,
  type ReportChanges,
  START_NS,
  videoReport,
} from "./clean.ts";
/** A case that changes the Shimmer stream alone. */
function gsr(
  name: string,
  change: ReportChanges,
  raises: readonly IssueCode[],
  rest: Partial<Case> = {},
): Case {
  return { name, change: { streams: [gsrReport(change), videoReport()] }, raises, ...rest };
}

/** A case with one more stream, of thermal frames. */
function thermal(name: string, low: number, high: number, raises: readonly IssueCode[]): Case {
  const names = ["temperature_min", "temperature_max"];
  const frames = gsrReport({
    stream: { ...GSR_STREAM, kind: "thermal", format: "thermal-dat" },
    schema: {
      ...gsrReport().schema,
      columns: names.map((name) => ({ name, kind: "f64", unit: "degC" })),
    },
    accelerations: [],
    columns: [column("temperature_min", { min: low }), column("temperature_max", { max: high })],
  });
  return { name, change: { streams: [gsrReport(), frames] }, raises };
}

function withoutRate(
  { nominalRateHz: _, ...schema }: StreamReport["schema"],
): StreamReport["schema"] {
  return schema;
}

export const SAMPLE_CASES: readonly Case[] = [
  gsr(
    "the rounded top of one wave",
    { columns: [column("gsr_conductance"), column("accel_x", { count: 100, clippedHigh: 0.05 })] },
    [],
  ),
  gsr("no time at all", { sampling: { missingTimes: 6000, count: 0 } }, []),
  gsr("jumps back", { sampling: { backwards: 2, worstBackwardsNs: 5e7 } }, ["TIME_BACKWARDS"], {
    params: { count: 2, worst: 0.05 },
  }),
  gsr("stamps given twice", { sampling: { duplicates: 7 } }, ["TIME_DUPLICATE"]),
  gsr("rows without a time", { sampling: { missingTimes: 3 } }, ["TIME_VALUE_MISSING"]),
  gsr("rows written twice", { repeatedRows: 4 }, ["ROW_DUPLICATE"]),
  gsr("whole milliseconds at 51.2 Hz", { sampling: { quantumNs: 1e6 } }, ["TIME_QUANTISED"]),
  gsr(
    "perfectly regular times",
    { sampling: { quantumNs: 19_531_250, jitterNs: 0 } },
    [],
  ),
  gsr("packets", { sampling: { jitterNs: 8e6 } }, ["TIME_JITTER"], { params: { jitter: 8 } }),
  gsr("markers that keep no rate", {
    stream: { ...GSR_STREAM, kind: "lsl", format: "xdf" },
    schema: withoutRate(gsrReport().schema),
    sampling: { jitterNs: 8e8, quantumNs: 1e6 },
  }, []),
  gsr(
    "an unset clock",
    { sampling: { minNs: 1n, maxNs: 120_000_000_000n } },
    ["TIME_IMPLAUSIBLE", "STREAM_OUTSIDE_SESSION"],
    { params: { start: "1970-01-01T00:00:00.000000001", end: "1970-01-01T00:02:00.000" } },
  ),
  gsr(
    "lost packets",
    { sampling: { gaps: 2, missingSamples: 30, longestGapNs: 4e8 } },
    ["SAMPLES_MISSING"],
    { params: { missing: 30, gaps: 2, longest: 0.4 } },
  ),
  gsr(
    "holes in the sequence",
    { sequence: { holes: 2, missing: 5, repeats: 0, restarts: 0 } },
    ["SEQUENCE_BROKEN"],
    { params: { missing: 5, gaps: 2 } },
  ),
  gsr(
    "a restarted sequence",
    { sequence: { holes: 0, missing: 0, repeats: 0, restarts: 1 } },
    [],
  ),
  gsr("half the nominal rate", { sampling: { rateHz: 25.6 } }, ["RATE_UNEXPECTED"], {
    params: { rate: 25.6, expected: "51.2" },
  }),
  gsr("a rate off by drift", { sampling: { rateHz: 51.21 } }, []),
  gsr("a rate that the project expects", { sampling: { rateHz: 25.6 } }, [], {
    config: { expectedRates: [{ stream: "shimmer_*/gsr", hz: 25.6 }] },
  }),
  gsr("a rate that the project does not expect", {}, ["RATE_UNEXPECTED"], {
    config: { expectedRates: [{ stream: "*/gsr", hz: 51, tolerance: 0.001 }] },
  }),
  gsr(
    "an empty column",
    { columns: [column("gsr_conductance", { count: 0, missing: 6000, min: NaN })] },
    ["COLUMN_EMPTY"],
  ),
  gsr(
    "an absent channel written as zero",
    {
      columns: [
        column("gsr_conductance"),
        column("accel_x", { constant: true, min: 0, outside: 9 }),
      ],
    },
    ["COLUMN_CONSTANT"],
    { params: { column: "Accel_X_g", value: 0, rows: 6000 } },
  ),
  gsr(
    "metres per second squared under a name in g",
    {
      accelerations: [{
        columns: ["accel_x", "accel_y", "accel_z"],
        count: 6000,
        g: 10,
        metresPerSecondSquared: 5000,
        milliG: 0,
      }],
    },
    ["UNIT_MISMATCH"],
    { params: { column: "Accel_X_g", named: "g", found: "m/s^2" } },
  ),
  gsr(
    "an acceleration that is never at rest",
    {
      accelerations: [{
        columns: ["accel_x", "accel_y", "accel_z"],
        count: 6000,
        g: 1000,
        metresPerSecondSquared: 2000,
        milliG: 0,
      }],
    },
    [],
  ),
  gsr(
    "impossible conductance",
    { columns: [column("gsr_conductance", { outside: 12 })] },
    ["VALUE_OUT_OF_RANGE"],
    { params: { count: 12, low: 0.001, high: 1000, unit: "uS" } },
  ),
  gsr(
    "values beyond what the project states",
    { columns: [column("gsr_conductance", { outside: 12 })] },
    ["VALUE_OUT_OF_RANGE"],
    {
      config: { ranges: [{ stream: "**", column: "gsr_*", low: 0, high: 20 }] },
      params: { low: 0, high: 20 },
    },
  ),
  gsr(
    "a saturated accelerometer",
    { columns: [column("gsr_conductance"), column("accel_x", { clippedHigh: 0.05, max: 2 })] },
    ["SENSOR_CLIPPED"],
    { params: { column: "Accel_X_g", value: 2, percent: 5 } },
  ),
  gsr(
    "a plateau of slow skin",
    { columns: [column("gsr_conductance", { clippedHigh: 0.05 })] },
    [],
  ),
  gsr(
    "a stream of the day before",
    { sampling: { minNs: START_NS - 90_000_000_000_000n, maxNs: START_NS - 89_000_000_000_000n } },
    ["STREAM_OUTSIDE_SESSION"],
  ),
  gsr(
    "a sensor that stopped half way",
    { sampling: { maxNs: START_NS + 61_000_000_000n } },
    ["STREAM_SHORT"],
    { params: { percent: 50 } },
  ),
  gsr("three samples", { rows: 3, sampling: { count: 3 } }, ["STREAM_TOO_FEW_SAMPLES"]),
  thermal("thermal values read with the wrong divisor", 900, 1200, [
    "THERMAL_TEMPERATURE_IMPLAUSIBLE",
  ]),
  thermal("thermal values of a room", 18, 36, []),
];
