import {
  type AppliedTimes,
  applyClock,
  type ClockModel,
  correlateMotion,
  dejitter,
  fitClock,
  fitGraph,
  type Kernel,
  type ModelStep,
  motionReadings,
  OneWayAccumulator,
} from "../../mod.ts";
import { HOST_UNIT_NS, SMALLEST_DELAY_NS } from "./arrivals.ts";
import type { Shakes } from "./motion.ts";
import type { Recording } from "./recording.ts";

/** What the toolkit says of a recording. */
export interface Answer {
  /** Reference time of each sample, in file order. */
  readonly times: BigInt64Array;
  /** Stated standard uncertainty of each, ns. */
  readonly sigmas: Float64Array;
  readonly steps: readonly ModelStep[];
  readonly model: ClockModel;
  /** Samples found missing; NaN where no lattice was found. */
  readonly dropped: number;
  readonly seconds: { readonly fit: number; readonly apply: number; readonly dejitter: number };
}

/** What a fit may see of a recording. */
export type Seen = Pick<Recording, "condition" | "readings" | "shakes" | "stamps">;

const STREAM = "device/stream";
const CLOCKS = {
  clock: { id: "device/clock", kind: "device" },
  reference: { id: "reference/clock", kind: "utc" },
} as const;

/** Places the samples of a recording on the reference clock. It is given the readings and stamps, nothing else. */
export function place(kernel: Kernel, seen: Seen): Answer {
  const { condition, stamps } = seen;
  const started = performance.now();
  const model = fit(kernel, seen);
  const fitted = performance.now();
  const applied = applyClock(kernel, model, stamps, { streamId: STREAM });
  const placed = performance.now();
  if (condition.evidence === "motion") {
    return withoutLattice(applied, model, [started, fitted, placed]);
  }
  const lattice = dejitter(kernel, applied.referenceTimes, { nominalRateHz: condition.rateHz });
  const ended = performance.now();
  return {
    times: lattice.times,
    sigmas: combine(applied.sigmas, lattice.sigmas, condition.jitterNs),
    steps: model.steps ?? [],
    model,
    dropped: lattice.skipped === undefined ? lattice.dropped : NaN,
    seconds: {
      fit: (fitted - started) / 1e3,
      apply: (placed - fitted) / 1e3,
      dejitter: (ended - placed) / 1e3,
    },
  };
}

/** Motion is compared with the truth at chosen times of the clock, which are no samples. */
function withoutLattice(
  { referenceTimes, sigmas }: AppliedTimes,
  model: ClockModel,
  [started, fitted, placed]: readonly [number, number, number],
): Answer {
  const seconds = { fit: (fitted - started) / 1e3, apply: (placed - fitted) / 1e3, dejitter: 0 };
  return { times: referenceTimes, sigmas, steps: model.steps ?? [], model, dropped: NaN, seconds };
}

/** Uncertainty of the clock and of the lattice together; of the stamps where there is no lattice. */
function combine(clock: Float64Array, lattice: Float64Array, jitterNs: number): Float64Array {
  return clock.map((sigma, index) => {
    const own = lattice[index]!;
    const other = Number.isNaN(own) ? jitterNs : own;
    return Math.sqrt(sigma * sigma + other * other);
  });
}

function fit(kernel: Kernel, seen: Seen): ClockModel {
  if (seen.shakes !== undefined) return fitShakes(kernel, seen.shakes);
  return seen.condition.evidence === "one-way" ? fitPairs(kernel, seen) : fitProbes(kernel, seen);
}

function fitShakes(kernel: Kernel, { device, reference }: Shakes): ClockModel {
  const { fromNs, toNs, sigmasNs, rows } = motionReadings(
    correlateMotion(kernel, device, reference),
  );
  const readings = { deviceNs: fromNs, referenceNs: toNs, sigmasNs, rows };
  return fitClock(kernel, readings, { ...CLOCKS, kind: "motion" }).model;
}

function fitProbes(kernel: Kernel, { readings, stamps }: Seen): ClockModel {
  return fitClock(kernel, readings, { ...CLOCKS, streamId: STREAM, samples: stamps }).model;
}

function fitPairs(kernel: Kernel, { readings }: Seen): ClockModel {
  const { clock, reference } = CLOCKS;
  const pairs = new OneWayAccumulator(kernel, {
    from: clock,
    to: reference,
    streamId: STREAM,
    resolutionNs: HOST_UNIT_NS,
    minimumDelay: { lowNs: SMALLEST_DELAY_NS, highNs: SMALLEST_DELAY_NS },
  });
  pairs.add(readings.deviceNs, readings.referenceNs);
  const evidence = [pairs.get()];
  pairs.dispose();
  return fitGraph(kernel, { clocks: [clock], reference, evidence }).models[0]!;
}
