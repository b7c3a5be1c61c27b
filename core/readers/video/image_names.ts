import type { TimeNs } from "../../base/mod.ts";
import { parseFileName } from "../../session/mod.ts";

/** An image of a sequence. */
export interface NamedImage {
  readonly path: string;
  /** Time that its name carries; undefined unless all names of the sequence carry one. */
  readonly timeNs: TimeNs | undefined;
}

/** Whether a path looks like that of an image that can be decoded. */
export function isImagePath(path: string): boolean {
  return /\.(png|jpe?g)$/i.test(path);
}

/** Puts images in the order of the times that their names carry, else in that of their names. */
export function inOrder(paths: readonly string[]): NamedImage[] {
  const named = paths.map((path) => ({
    path,
    timeNs: parseFileName(path.slice(path.lastIndexOf("/") + 1)).time?.ns,
  })).sort((a, b) => compareNames(a.path, b.path));
  if (named.some(({ timeNs }) => timeNs === undefined)) {
    return named.map(({ path }) => ({ path, timeNs: undefined }));
  }
  // A stable sort: images of the same time stay in the order of their names.
  return named.sort((a, b) => (a.timeNs! < b.timeNs! ? -1 : a.timeNs! > b.timeNs! ? 1 : 0));
}

const PARTS_REGEXP = /\d+|\D+/g;

/** Compares names so that runs of digits count by their value. The same everywhere: no language is asked. */
function compareNames(a: string, b: string): number {
  const partsA: readonly string[] = a.match(PARTS_REGEXP) ?? [];
  const partsB: readonly string[] = b.match(PARTS_REGEXP) ?? [];
  for (let nth = 0; nth < Math.min(partsA.length, partsB.length); nth++) {
    const order = compareParts(partsA[nth]!, partsB[nth]!);
    if (order !== 0) return order;
  }
  return partsA.length - partsB.length || (a < b ? -1 : a > b ? 1 : 0);
}

function compareParts(a: string, b: string): number {
  if (/^\d/.test(a) && /^\d/.test(b)) {
    const [valueA, valueB] = [BigInt(a), BigInt(b)];
    return valueA < valueB ? -1 : valueA > valueB ? 1 : 0;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
