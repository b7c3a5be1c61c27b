/** A place in a plot, in the units of the data. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

/**
 * Thins points so that no column of pixels holds more than some: the least, the greatest, and others spread evenly
 * over its order. What is left out lies between points that are kept. Points that are no numbers are dropped.
 *
 * @param columns Columns of pixels over the domain.
 * @param most Points that are kept of each, at least 4. A line needs few, a cloud enough to show where it is dense.
 */
export function decimate(
  points: readonly PlotPoint[],
  [low, high]: readonly [number, number],
  columns: number,
  most = 6,
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
      found.push(...thin(column, most));
      column = [];
      current = at;
    }
    column.push(point);
  }
  found.push(...thin(column, most));
  return found;
}

function thin(column: readonly PlotPoint[], most: number): readonly PlotPoint[] {
  if (column.length <= most) return column;
  let least = 0;
  let greatest = 0;
  for (const [index, { y }] of column.entries()) {
    if (y < column[least]!.y) least = index;
    if (y > column[greatest]!.y) greatest = index;
  }
  const kept = new Set([least, greatest]);
  const spread = most - kept.size;
  for (let share = 0; share < spread; share++) {
    kept.add(Math.round(share * (column.length - 1) / (spread - 1)));
  }
  return [...kept].sort((a, b) => a - b).map((index) => column[index]!);
}
