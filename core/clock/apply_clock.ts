import type { AppliedTimes, Kernel } from "../../wasm/mod.ts";
import { ClockApplier } from "./apply.ts";
import type { ClockModel } from "./model.ts";

/** What {@linkcode applyClock} may be told of the times. */
export interface ApplyClockOptions {
  /** Index of the first time in its stream, which tells stretches apart where a clock was set. @default {0} */
  readonly firstRow?: number;
  /** The stream, by whose samples the model knows its steps. @default {"", steps are told by time} */
  readonly streamId?: string;
  /** Coarseness of the times in ns. @default {0} */
  readonly resolutionNs?: number;
  /** Spread of the stamps about the sampling times in ns, one sigma. @default {0} */
  readonly stampSigmaNs?: number;
}

/**
 * Places times of a device clock, in ns and file order, on the reference clock of a model.
 *
 * Piecewise linear between the knots. `MISSING_NS` stays missing. For a stream in batches use
 * {@linkcode ClockApplier}.
 *
 * @example
 * ```ts
 * import { applyClock, fitClock, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const kernel = new Kernel();
 * const { model } = fitClock(kernel, {
 *   deviceNs: BigInt64Array.of(0n, 1_000n, 2_000n),
 *   referenceNs: BigInt64Array.of(70n, 1_070n, 2_070n),
 * });
 * assert.deepEqual(
 *   applyClock(kernel, model, BigInt64Array.of(500n)).referenceTimes,
 *   BigInt64Array.of(570n),
 * );
 * ```
 */
export function applyClock(
  kernel: Kernel,
  model: ClockModel,
  times: BigInt64Array,
  { firstRow = 0, streamId = "", resolutionNs = 0, stampSigmaNs = 0 }: ApplyClockOptions = {},
): AppliedTimes {
  const applier = new ClockApplier(kernel, model, { id: streamId, resolutionNs, stampSigmaNs });
  try {
    return applier.apply(times, firstRow);
  } finally {
    applier.dispose();
  }
}
