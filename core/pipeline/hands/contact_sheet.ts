import type { FolderSink } from "../../base/mod.ts";
import { readState, writeState } from "../journal.ts";

/** Pictures of a sheet at most. */
const MOST_TILES = 16;
const COLUMNS = 4;
/** Pixels between pictures. */
const GAP = 4;

/** A small picture: red, green and blue row by row. */
export interface Tile {
  /** How many pictures were searched before it. */
  readonly place: number;
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** A picture in red, green and blue. */
export type RgbPicture = Omit<Tile, "place">;

/**
 * Chooses pictures at even distances from a recording whose length is not known: when there are too many, every
 * second goes and the distance doubles. The choice depends on the number of pictures alone.
 */
export class ContactSheet {
  readonly #output: FolderSink;
  readonly #path: string;
  #tiles: Tile[];
  #distance: number;

  private constructor(output: FolderSink, path: string, tiles: Tile[]) {
    this.#output = output;
    this.#path = path;
    this.#tiles = tiles;
    this.#distance = Math.max(1, (tiles[1]?.place ?? 1) - (tiles[0]?.place ?? 0));
  }

  /** Opens the sheet that lies in a folder, with the tiles of a search that went so far. */
  static async open(output: FolderSink, folder: string, places: number): Promise<ContactSheet> {
    const path = `${folder}/tiles.json`;
    const known = places === 0 ? [] : await readState(output, path);
    const tiles = Array.isArray(known) ? known as Tile[] : [];
    return new ContactSheet(output, path, tiles.filter(({ place }) => place < places));
  }

  /** Offers the next picture, which is drawn only when it is wanted. */
  offer(place: number, draw: () => RgbPicture): void {
    if (place % this.#distance !== 0) return;
    this.#tiles.push({ place, ...draw() });
    if (this.#tiles.length <= MOST_TILES) return;
    this.#distance *= 2;
    this.#tiles = this.#tiles.filter(({ place }) => place % this.#distance === 0);
  }

  /** Keeps the tiles for a search that goes on later. */
  async save(): Promise<void> {
    await writeState(this.#output, this.#path, this.#tiles);
  }

  /** The tiles side by side, or undefined when there are none. */
  compose(): RgbPicture | undefined {
    const [first] = this.#tiles;
    if (first === undefined) return undefined;
    const columns = Math.min(COLUMNS, this.#tiles.length);
    const rows = Math.ceil(this.#tiles.length / columns);
    const width = columns * (first.width + GAP) + GAP;
    const height = rows * (first.height + GAP) + GAP;
    const rgb = new Uint8Array(3 * width * height);
    for (const [index, tile] of this.#tiles.entries()) {
      const x = GAP + index % columns * (first.width + GAP);
      const y = GAP + Math.floor(index / columns) * (first.height + GAP);
      paste(rgb, width, tile, x, y);
    }
    return { width, height, rgb };
  }
}

/** Tiles of one recording have one size, unless it changes its own: what is beyond is cut off. */
function paste(target: Uint8Array, width: number, tile: Tile, left: number, top: number): void {
  const rows = Math.min(tile.height, Math.floor(target.length / 3 / width) - top);
  const bytes = 3 * Math.min(tile.width, width - left);
  for (let row = 0; row < rows; row++) {
    const from = 3 * row * tile.width;
    target.set(tile.rgb.subarray(from, from + bytes), 3 * ((top + row) * width + left));
  }
}
