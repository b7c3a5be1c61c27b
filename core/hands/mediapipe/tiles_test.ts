import assert from "node:assert/strict";
import { pictureTiles } from "./tiles.ts";

for (const [width, height] of [[1280, 720], [720, 1280], [640, 480], [320, 256], [500, 500]]) {
  Deno.test(`tiles of ${width}x${height} lie within it, and a palm anywhere is whole in one`, () => {
    const tiles = pictureTiles(width!, height!);
    for (const { x, y, width: side, height: rows } of tiles) {
      assert.equal(side, rows);
      assert.ok(x >= 0 && y >= 0 && x + side <= width! && y + side <= height!);
    }
    // A palm of a quarter of the smaller tiles' side.
    const palm = 0.6 * Math.min(width!, height!) / 4;
    for (let x = 0; x + palm <= width!; x += 7) {
      for (let y = 0; y + palm <= height!; y += 7) {
        const holds = tiles.some((tile) =>
          tile.x <= x && tile.y <= y && tile.x + tile.width >= x + palm &&
          tile.y + tile.height >= y + palm && tile.width < Math.min(width!, height!)
        );
        assert.ok(holds, `${x}, ${y}`);
      }
    }
  });
}

Deno.test("a picture of one pixel has no parts", () => {
  assert.deepEqual(pictureTiles(1, 1), []);
});
