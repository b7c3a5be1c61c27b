import { createIssue } from "../../base/mod.ts";
import type { Calibration } from "../../session/mod.ts";
import type { Check } from "../check.ts";
import { LIMITS } from "../limits.ts";
import { rounded } from "../window.ts";

/** Numbers that OpenCV's distortion models have. */
const DISTORTION_LENGTHS = new Set([4, 5, 8, 12, 14]);

/** Rotation matrices are orthonormal to within the rounding of their decimal notation. */
const ROTATION_TOLERANCE = 1e-3;

/** Calibration results that cannot be right, and those that are poor. */
export const calibrations: Check = {
  name: "calibrations",
  codes: ["CALIBRATION_INVALID", "CALIBRATION_POOR"],
  *check({ session }) {
    for (const calibration of session.calibrations) {
      const { path, rmsErrorPx } = calibration;
      const reason = faultOf(calibration);
      if (reason !== undefined) yield createIssue("CALIBRATION_INVALID", { reason }, { path });
      if (rmsErrorPx !== undefined && rmsErrorPx > LIMITS.calibrationErrorPx) {
        yield createIssue("CALIBRATION_POOR", { error: rounded(rmsErrorPx) }, { path });
      }
    }
  },
};

function faultOf({ values, rmsErrorPx }: Calibration): string | undefined {
  if (rmsErrorPx !== undefined && !(rmsErrorPx >= 0)) return `error is ${rmsErrorPx}`;
  for (const [name, numbers] of Object.entries(values)) {
    const fault = matrixFault(name, numbers);
    if (fault !== undefined) return `${name} ${fault}`;
  }
  return undefined;
}

function matrixFault(name: string, numbers: readonly number[]): string | undefined {
  if (!numbers.every(Number.isFinite)) return "holds a value that is not a number";
  if (/dist/.test(name)) {
    return DISTORTION_LENGTHS.has(numbers.length)
      ? undefined
      : `has ${numbers.length} coefficients`;
  }
  if (!/(camera|rotation|homography|essential|fundamental)_?(matrix)?$/.test(name)) {
    return undefined;
  }
  if (numbers.length !== 9) return `has ${numbers.length} values instead of 9`;
  if (/camera/.test(name)) return cameraFault(numbers);
  return /rotation/.test(name) && !isRotation(numbers) ? "is not a rotation" : undefined;
}

function cameraFault([fx = 0, , cx = 0, , fy = 0, cy = 0]: readonly number[]): string | undefined {
  if (fx <= 0 || fy <= 0) return "has a focal length that is not positive";
  return cx <= 0 || cy <= 0 ? "has its principal point outside the image" : undefined;
}

/** Rows of unit length at right angles: the matrix times its transpose is the identity. */
function isRotation(matrix: readonly number[]): boolean {
  const row = (index: number) => matrix.slice(3 * index, 3 * index + 3);
  return [0, 1, 2].every((a) =>
    [0, 1, 2].every((b) => {
      const product = row(a).reduce((sum, value, index) => sum + value * row(b)[index]!, 0);
      return Math.abs(product - (a === b ? 1 : 0)) <= ROTATION_TOLERANCE;
    })
  );
}
