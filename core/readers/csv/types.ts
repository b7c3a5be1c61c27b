import type { ClockRef } from "../../base/mod.ts";
import type { TimeUnit } from "./units.ts";

/**
 * What a time column stamps.
 *
 * - `sample`: the row, by a clock to be found out.
 * - `device`: the sample, by the counter of the sensor.
 * - `host`: the arrival of the sample, by the phone or computer.
 * - `local`: the row, by the wall clock of the host.
 * - `elapsed`: time since the start of the recording.
 * - `monotonic`: time since the boot of the host.
 * - `counter`: ticks of the sensor, not a decimal unit of time.
 */
export type TimeRole = "sample" | "device" | "host" | "local" | "elapsed" | "monotonic" | "counter";

/** A column of a table, recognised. */
export interface RecognisedColumn {
  /** 0-based place among the cells of a row. */
  readonly index: number;
  /** Header text; empty when the column has no name. */
  readonly recordedAs: string;
  /** Name in the exports. */
  readonly name: string;
  readonly kind: "f64" | "i64" | "text";
  readonly unit?: string;
  readonly categorical?: boolean;
  /** What it stamps, when its name or values say that it is a time. */
  readonly time?: TimeRole;
  /** The name is in the vocabulary. */
  readonly known: boolean;
}

/** How the cells of a time column are read. */
export interface TimeReading {
  /** Column, parallel to the recognised columns. */
  readonly column: number;
  readonly role: TimeRole;
  /** A decimal unit, or ISO 8601 text. */
  readonly unit: TimeUnit | "iso";
  readonly clock: ClockRef;
  /** Step of the stamps in ns. */
  readonly resolutionNs: number;
}
