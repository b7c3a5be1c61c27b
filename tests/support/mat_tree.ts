import { hex } from "./hex.ts";

/** One array of a MAT-file as Octave or SciPy told it. */
export interface MatArray {
  readonly class: string;
  /** Little-endian bytes, or text as UTF-8, in hexadecimal. */
  readonly hex: string;
}

/** Where a stream stands in a MAT-file and the names of its value columns there. */
export interface MatStreamPlace {
  readonly path: string;
  readonly columns: readonly string[];
}

/** The arrays of a MAT-file by path, from the lines of `readMatWithOctave` or `readMatWithSciPy`. */
export function matTree(lines: readonly string[]): Map<string, MatArray> {
  return new Map(lines.map((line) => {
    const [path = "", name = "", , hex = ""] = line.split("|");
    return [path, { class: name, hex }];
  }));
}

/** Finds a stream by its id, which stands beside its samples. */
export function findMatStream(tree: ReadonlyMap<string, MatArray>, id: string): MatStreamPlace {
  const wanted = hex(id);
  for (const [path, { hex }] of tree) {
    if (hex !== wanted || !/^session\(1\)\.devices\(1\)\.\w+\(1\)\.\w+\(1\)\.id$/.test(path)) {
      continue;
    }
    const place = path.slice(0, -".id".length);
    const prefix = `${place}.values(1).`;
    const columns = [...tree.keys()]
      .filter((key) => key.startsWith(prefix) && /^\w+$/.test(key.slice(prefix.length)));
    return { path: place, columns };
  }
  throw new Error(`No stream ${id} in the MAT-file`);
}

/** Texts of a column, whether it is a cell array or labels with codes. */
export function matTexts(tree: ReadonlyMap<string, MatArray>, path: string): string[] {
  const codes = tree.get(`${path}(1).codes`);
  if (codes === undefined) return cellTexts(tree, path);
  if (codes.class !== "int32") throw new TypeError(`Codes of ${path} are ${codes.class}`);
  const labels = cellTexts(tree, `${path}(1).labels`);
  return Array.from(new Int32Array(bytesOfHex(codes.hex).buffer), (code) => labels[code - 1]!);
}

function cellTexts(tree: ReadonlyMap<string, MatArray>, path: string): string[] {
  const texts: string[] = [];
  for (let index = 1;; index++) {
    const cell = tree.get(`${path}{${index}}`);
    if (cell === undefined) return texts;
    texts.push(new TextDecoder().decode(bytesOfHex(cell.hex)));
  }
}

function bytesOfHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    { length: hex.length / 2 },
    (_, index) => parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
}
