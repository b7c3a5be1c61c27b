import {
  asList,
  asNumber,
  asObject,
  asText,
  type Calibration,
  field,
  type JsonReading,
  type JsonValue,
} from "../../session/mod.ts";
import type { LogFile, LogPart } from "./contents.ts";

const RMS_KEYS = ["rms_error", "rgb_rms_error", "stereo_rms_error", "thermal_rms_error"];
const MATRIX_KEY_REGEXP = /matrix|coeff|translation|homography/;
/** No camera model has more numbers than this under one key. */
const MAX_VALUES = 64;

/**
 * Reads a calibration result in any of its shapes: matrices and vectors under their own names, row by row. A
 * file without a matrix, such as the description of a calibration session, holds none.
 */
export function readCalibration(reading: JsonReading, { path }: LogFile): LogPart {
  const root = asObject(reading.value);
  const values: Record<string, readonly number[]> = {};
  for (const [key, value] of Object.entries(root ?? {})) {
    const numbers = numbersOf(value);
    if (numbers.length > 0 && numbers.length <= MAX_VALUES) values[key] = numbers;
  }
  if (!Object.keys(values).some((key) => MATRIX_KEY_REGEXP.test(key))) return {};
  const device = asText(field(root, "device_id", "device")) ?? deviceOfName(path);
  const rms = RMS_KEYS.map((key) => asNumber(field(root, key)))
    .find((number) => number !== undefined);
  const calibration: Calibration = {
    path,
    ...(device !== undefined && { device }),
    ...(rms !== undefined && { rmsErrorPx: rms }),
    values,
  };
  return { calibrations: [calibration] };
}

function deviceOfName(path: string): string | undefined {
  return /(?:^|\/)calibration_(?!\d+\.json$)([^/]+)\.json$/.exec(path)?.[1];
}

/** Numbers of a vector or of the rows of a matrix; empty when anything else is among them. */
function numbersOf(value: JsonValue): readonly number[] {
  const rows = asList(value);
  const items = rows.some((row) => Array.isArray(row)) ? rows.flatMap((row) => asList(row)) : rows;
  const numbers = items.flatMap((item) => asNumber(item) ?? []);
  return numbers.length === items.length ? numbers : [];
}
