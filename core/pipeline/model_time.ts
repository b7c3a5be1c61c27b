import { MISSING_NS, type TimeNs } from "../base/mod.ts";
import { ClockApplier, type ClockModel } from "../clock/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";

/** One time on the reference clock, or undefined when the clock could not be placed. */
export function modelTime(kernel: Kernel, model: ClockModel, timeNs: TimeNs): TimeNs | undefined {
  // No stream has an empty id, so that stretches are told apart by time.
  const applier = new ClockApplier(kernel, model, { id: "", resolutionNs: 0 });
  const [placed] = applier.apply(BigInt64Array.of(timeNs), 0).referenceTimes;
  applier.dispose();
  return placed === MISSING_NS ? undefined : placed;
}
