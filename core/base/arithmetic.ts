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

const LN2_HIGH = 6.93147180369123816490e-01;
const LN2_LOW = 1.90821492927058770002e-10;

/** e to the power of a number from -700 to 700, good to 1e-15 of its value; nearer to zero beyond. */
export function exponential(value: number): number {
  const clipped = Math.min(700, Math.max(-700, value));
  const doublings = Math.round(clipped / Math.LN2);
  // ln 2 in two parts, so that what is left of a large number keeps its bits.
  const rest = clipped - doublings * LN2_HIGH - doublings * LN2_LOW;
  let sum = 1;
  for (let term = 14; term >= 1; term--) sum = 1 + (rest * sum) / term;
  for (let count = 0; count < Math.abs(doublings); count++) sum *= doublings > 0 ? 2 : 0.5;
  return sum;
}

/** Angle of the vector (x, y) against the x axis, -pi to pi, good to 1e-15; 0 for no vector. */
export function arcTangent(y: number, x: number): number {
  if (x === 0 && y === 0) return 0;
  const [width, height] = [Math.abs(x), Math.abs(y)];
  const steep = height > width;
  const slope = steep ? width / height : height / width;
  const shallow = smallArcTangent(slope);
  const quarter = steep ? Math.PI / 2 - shallow : shallow;
  const half = x < 0 ? Math.PI - quarter : quarter;
  return y < 0 ? -half : half;
}

/** Of 0 to 1. Above the tangent of pi/8 it is the rest to pi/4, so that the series is short. */
function smallArcTangent(slope: number): number {
  const isLarge = slope > Math.SQRT2 - 1;
  const argument = isLarge ? (slope - 1) / (slope + 1) : slope;
  const squared = argument * argument;
  let sum = 0;
  for (let power = 43; power >= 1; power -= 2) sum = 1 / power - squared * sum;
  return (isLarge ? Math.PI / 4 : 0) + argument * sum;
}
