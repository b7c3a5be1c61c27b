/** A place in a plot, in the units of the data. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

/** Points that are kept of one column of pixels. */
const POINTS_PER_COLUMN = 6;

/**
 * Thins points so that no column of pixels holds more than six: the least, the greatest, and others spread evenly
 * over its order. What is left out lies between points that are kept. Points that are no numbers are dropped.
 *
 * @param columns Columns of pixels over the domain.
 */
export function decimate(
  points: readonly PlotPoint[],
  [low, high]: readonly [number, number],
  columns: number,
): PlotPoint[] {
  const finite = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  if (finite.length <= columns) return finite;
  const scale = columns / (high - low);
  const found: PlotPoint[] = [];
  let column: PlotPoint[] = [];
  let current = NaN;
  for (const point of finite) {
    const at = Math.floor((point.x - low) * scale);
    if (at !== current) {
      found.push(...thin(column));
      column = [];
      current = at;
    }
    column.push(point);
  }
  found.push(...thin(column));
  return found;
}

function thin(column: readonly PlotPoint[]): readonly PlotPoint[] {
  if (column.length <= POINTS_PER_COLUMN) return column;
  let least = 0;
  let greatest = 0;
  for (const [index, { y }] of column.entries()) {
    if (y < column[least]!.y) least = index;
    if (y > column[greatest]!.y) greatest = index;
  }
  const kept = new Set([least, greatest]);
  const spread = POINTS_PER_COLUMN - kept.size;
  for (let share = 0; share < spread; share++) {
    kept.add(Math.round(share * (column.length - 1) / (spread - 1)));
  }
  return [...kept].sort((a, b) => a - b).map((index) => column[index]!);
}
