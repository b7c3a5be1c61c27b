/** What {@linkcode correlateMotion} may be told. */
export interface MotionOptions {
  /** Length of a window in seconds: one reading comes from each. @default {10} */
  readonly windowSeconds?: number;
  /** Most windows that are measured; they are spread over the recording. @default {128} */
  readonly maximumWindows?: number;
  /** Largest drift between the clocks in parts per million. @default {300} */
  readonly maximumDriftPpm?: number;
  /** Least share of the movement, as an amplitude, that must be common to both. @default {0.5} */
  readonly minimumCorrelation?: number;
  /** Readings with a larger one-sigma uncertainty are refused, in ns. @default {20e6} */
  readonly maximumSigmaNs?: number;
}

/** Options with their defaults. */
export interface ResolvedMotionOptions {
  readonly windowSeconds: number;
  readonly maximumWindows: number;
  /** Dimensionless. */
  readonly maximumDrift: number;
  readonly minimumCorrelation: number;
  readonly maximumSigmaNs: number;
}

/** Fills defaults in. Throws `RangeError` when an option makes no sense. */
export function resolveMotionOptions(options: MotionOptions): ResolvedMotionOptions {
  const {
    windowSeconds = 10,
    maximumWindows = 128,
    maximumDriftPpm = 300,
    minimumCorrelation = 0.5,
    maximumSigmaNs = 20e6,
  } = options;
  requireWithin("windowSeconds", windowSeconds, 2, 600);
  requireWithin("maximumWindows", maximumWindows, 1, 10_000);
  requireWithin("maximumDriftPpm", maximumDriftPpm, 0, 10_000);
  requireWithin("minimumCorrelation", minimumCorrelation, 0, 1);
  requireWithin("maximumSigmaNs", maximumSigmaNs, 0, 1e12);
  return {
    windowSeconds,
    maximumWindows: Math.floor(maximumWindows),
    maximumDrift: maximumDriftPpm / 1e6,
    minimumCorrelation,
    maximumSigmaNs,
  };
}

function requireWithin(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new RangeError(`${name} must lie between ${low} and ${high}: it is ${value}`);
}
