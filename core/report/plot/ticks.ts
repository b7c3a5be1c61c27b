/** Places on an axis with their labels. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Marks at multiples of 1, 2 or 5 times a power of ten, about as many as wanted. */
export function niceTicks(low: number, high: number, count = 5): Tick[] {
  // Below that steps vanish in rounding.
  if (!(high - low > 1e-200) || !Number.isFinite(high - low)) return [];
  const step = niceStep((high - low) / count);
  const digits = digitsOf(step);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const value = (first + index) * step;
    return { value, label: labelOf(value, digits) };
  });
}

/** The greatest of 1, 2, 5 times a power of ten that is no more than a length. */
function niceStep(length: number): number {
  let power = 1;
  while (power > length) power /= 10;
  while (power * 10 <= length) power *= 10;
  const factor = [10, 5, 2].find((factor) => factor * power <= length * (1 + 1e-9)) ?? 1;
  return factor * power;
}

function digitsOf(step: number): number {
  let digits = 0;
  for (let rest = step; digits < 12 && Math.abs(rest - Math.round(rest)) > 1e-6 * rest; digits++) {
    rest *= 10;
  }
  return digits;
}

function labelOf(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return exponential(value);
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace("-", "\u2212");
}

/** Five significant digits with a power of ten, for values that no axis should have. */
function exponential(value: number): string {
  return Number(value.toPrecision(5)).toExponential().replace("-", "\u2212");
}

/** A unit of time for an axis, its size in s, and what steps look natural in it. */
export interface TimeScale {
  readonly unit: string;
  readonly seconds: number;
}

/** The unit in which a span of time reads well. */
export function timeScale(seconds: number): TimeScale {
  if (seconds >= 4 * 86_400) return { unit: "d", seconds: 86_400 };
  if (seconds >= 3 * 3600) return { unit: "h", seconds: 3600 };
  return seconds >= 600 ? { unit: "min", seconds: 60 } : { unit: "s", seconds: 1 };
}
