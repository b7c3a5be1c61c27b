import type { Label } from "./asof_options.ts";

/** Rows of each label, in order. */
export function groupRows(labels: ArrayLike<Label>): Map<Label, Uint32Array> {
  const groups = new Map<Label, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const rows = groups.get(labels[row]!);
    if (rows === undefined) groups.set(labels[row]!, [row]);
    else rows.push(row);
  }
  return new Map([...groups].map(([label, rows]) => [label, Uint32Array.from(rows)]));
}
