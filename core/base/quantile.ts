/** The value below which a share of the numbers lies, without interpolation; NaN of none. */
export function quantile(values: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The median of numbers, the upper one of two; NaN of none. */
export function median(values: Iterable<number>): number {
  return quantile(values, 0.5);
}

/** Robust standard deviation: the scaled median distance from a centre, the median unless given. */
export function spread(values: readonly number[], centre: number = median(values)): number {
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)));
}
