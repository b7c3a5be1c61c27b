import {
  ClockApplier,
  type ClockModel,
  type ClockRef,
  fitGraph,
  type Kernel,
  type ModelStep,
  OneWayAccumulator,
} from "../../mod.ts";
import { SMALLEST_DELAY_NS } from "./arrivals.ts";
import type { Recording } from "./recording.ts";

/** What the toolkit says of a recording. */
export interface Answer {
  /** Reference time of each sample, in file order. */
  readonly times: BigInt64Array;
  /** Stated standard uncertainty of each, ns. */
  readonly sigmas: Float64Array;
  readonly steps: readonly ModelStep[];
  readonly model: ClockModel;
  /** Samples found missing; undefined where nothing counts them. */
  readonly dropped: number | undefined;
  readonly seconds: { readonly fit: number; readonly apply: number; readonly dejitter: number };
}

const CLOCK: ClockRef = { id: "device/clock", kind: "device" };
const REFERENCE: ClockRef = { id: "reference/clock", kind: "utc" };
const STREAM = "device/stream";

/** Places the samples of a recording on the reference clock. It is given the readings and stamps, nothing else. */
export function place(
  kernel: Kernel,
  { condition, readings, stamps }: Pick<Recording, "condition" | "readings" | "stamps">,
): Answer {
  const delay = condition.evidence === "one-way" ? SMALLEST_DELAY_NS : 0;
  const started = performance.now();
  const pairs = new OneWayAccumulator(kernel, {
    from: CLOCK,
    to: REFERENCE,
    streamId: STREAM,
    minimumDelay: { lowNs: delay, highNs: delay },
  });
  pairs.add(readings.deviceNs, readings.referenceNs);
  const evidence = [pairs.get()];
  pairs.dispose();
  const { models } = fitGraph(kernel, { clocks: [CLOCK], reference: REFERENCE, evidence });
  const fitted = performance.now();
  const applier = new ClockApplier(kernel, models[0]!, {
    id: STREAM,
    resolutionNs: 0,
    stampSigmaNs: condition.jitterNs,
  });
  const { referenceTimes, sigmas } = applier.apply(stamps, 0);
  applier.dispose();
  const applied = performance.now();
  return {
    times: referenceTimes,
    sigmas,
    steps: models[0]!.steps ?? [],
    model: models[0]!,
    dropped: undefined,
    seconds: { fit: (fitted - started) / 1e3, apply: (applied - fitted) / 1e3, dejitter: 0 },
  };
}
