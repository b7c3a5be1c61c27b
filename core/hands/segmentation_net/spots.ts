import type { ProbabilityMap } from "./probabilities.ts";

/** Places of a map that hang together and where a hand is probable. */
export interface Spot {
  /** Number of places. */
  readonly size: number;
  /** Mean probability. */
  readonly confidence: number;
  /** The map with all other spots taken out, so that it can be scaled without them. */
  readonly values: Float32Array;
}

/** Finds the largest spots whose probability is above a threshold; corners hang together. Largest first. */
export function largestSpots(
  { values, columns }: ProbabilityMap,
  threshold: number,
  { count, minSize }: { readonly count: number; readonly minSize: number },
): Spot[] {
  const labels = new Int32Array(values.length);
  const sizes = [0];
  for (let place = 0; place < values.length; place++) {
    if (labels[place] !== 0 || !(values[place]! > threshold)) continue;
    sizes.push(fill(values, columns, labels, place, sizes.length, threshold));
  }
  return sizes.map((size, label) => ({ size, label }))
    .filter(({ size, label }) => label > 0 && size >= minSize)
    // Of the same size the one that is met first.
    .sort((a, b) => b.size - a.size || a.label - b.label)
    .slice(0, count)
    .map(({ size, label }) => spotOf(values, labels, label, size));
}

/** Labels what hangs together with a place; returns its size. */
function fill(
  values: Float32Array,
  columns: number,
  labels: Int32Array,
  start: number,
  label: number,
  threshold: number,
): number {
  const waiting = [start];
  labels[start] = label;
  let size = 0;
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    size++;
    const column = place % columns;
    for (let down = -columns; down <= columns; down += columns) {
      for (let across = column > 0 ? -1 : 0; across <= (column < columns - 1 ? 1 : 0); across++) {
        const near = place + down + across;
        if (labels[near] !== 0 || !(values[near]! > threshold)) continue;
        labels[near] = label;
        waiting.push(near);
      }
    }
  }
  return size;
}

function spotOf(values: Float32Array, labels: Int32Array, label: number, size: number): Spot {
  let sum = 0;
  const own = values.slice();
  for (const [place, found] of labels.entries()) {
    if (found === label) sum += own[place]!;
    else if (found !== 0) own[place] = 0;
  }
  return { size, confidence: sum / size, values: own };
}
