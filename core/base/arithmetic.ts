// ECMAScript leaves the last bits of Math.hypot, Math.log and ** to the engine. Results must be the same bytes
// everywhere, so they are made of + - * / and the square root, which IEEE 754 rounds correctly.

/** A number times itself. */
export function square(value: number): number {
  return value * value;
}

/** Root of the sum of squares: how independent standard uncertainties add up. */
export function rootSumSquares(...values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** Natural logarithm of a positive number, good to 1e-11; NaN below and at zero. */
export function logarithm(value: number): number {
  if (!(value > 0) || value === Infinity) return value === Infinity ? value : NaN;
  let mantissa = value;
  let doublings = 0;
  for (; mantissa < Math.SQRT1_2; doublings--) mantissa *= 2;
  for (; mantissa > Math.SQRT2; doublings++) mantissa /= 2;
  const ratio = (mantissa - 1) / (mantissa + 1);
  const squared = ratio * ratio;
  let sum = 0;
  for (let power = 15; power >= 1; power -= 2) sum = sum * squared + 1 / power;
  return 2 * ratio * sum + doublings * Math.LN2;
}
