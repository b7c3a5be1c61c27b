import assert from "node:assert/strict";
import { python } from "./_python.ts";
import { Kernel } from "./kernel.ts";
import { ThermalView } from "./thermal_view.ts";

/** The same views, written after their definitions with NumPy: vectors over pixels, histograms by `bincount`. */
const SCRIPT = `
import numpy as np
out = []
for case in given:
    w, h, tiles, clip = case["width"], case["height"], case["tiles"], case["clip"]
    raw = np.array(case["raw"], float).reshape(h, w)
    lo, hi = np.percentile(raw, [case["low"], case["high"]])
    share = np.clip((raw - lo) / (hi - lo), 0, 1) if hi > lo else np.zeros_like(raw)
    grey = np.floor(share * 255 + 0.5).astype(int)
    tw, th = -(-w // tiles), -(-h // tiles)
    padded = np.pad(grey, ((0, th * tiles - h), (0, tw * tiles - w)), mode="reflect")
    blocks = padded.reshape(tiles, th, tiles, tw).swapaxes(1, 2).reshape(tiles * tiles, -1)
    counts = np.array([np.bincount(b, minlength=256) for b in blocks], float)
    limit = max(clip * tw * th / 256, 1)
    cut = np.clip(counts - limit, 0, None).sum(axis=1, keepdims=True)
    curves = np.minimum(np.cumsum(np.minimum(counts, limit) + cut / 256, axis=1) * 255 / (tw * th), 255)
    curves = curves.reshape(tiles, tiles, 256)
    def between(n, size):
        place = (np.arange(n) + 0.5) / size - 0.5
        low = np.floor(place)
        return np.clip(low, 0, tiles - 1).astype(int), np.clip(low + 1, 0, tiles - 1).astype(int), place - low
    y0, y1, fy = between(h, th)
    x0, x1, fx = between(w, tw)
    at = lambda ty, tx: curves[ty[:, None], tx[None, :], grey]
    top = at(y0, x0) * (1 - fx) + at(y0, x1) * fx
    bottom = at(y1, x0) * (1 - fx) + at(y1, x1) * fx
    mixed = top * (1 - fy[:, None]) + bottom * fy[:, None]
    out.append({"stretch": grey.ravel().tolist(), "clahe": mixed.ravel().tolist()})
json.dump(out, sys.stdout)`;

/** A warm blob before a slope, with noise. */
function scene(width: number, height: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: width * height }, (_, at) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const [x, y] = [at % width - width / 2, Math.floor(at / width) - height / 3];
    const warm = x * x + y * y < width * height / 30 ? 600 : 0;
    return 18_900 + 3 * x + warm + (state >>> 16) % 90;
  });
}

Deno.test("grey views of thermal frames are those of NumPy", async () => {
  const cases = [
    { width: 256, height: 192, low: 1, high: 99.8, tiles: 8, clip: 2 },
    { width: 61, height: 47, low: 0, high: 100, tiles: 4, clip: 3.5 },
    { width: 33, height: 20, low: 12.34, high: 87.6, tiles: 1, clip: 1 },
  ].map((options, nth) => ({ ...options, raw: scene(options.width, options.height, nth + 1) }));
  const expected = await python(SCRIPT, cases) as
    | { stretch: number[]; clahe: number[] }[]
    | undefined;
  if (expected === undefined) return;
  for (const [nth, { width, height, raw, ...options }] of cases.entries()) {
    const kernel = new Kernel();
    for (const method of ["stretch", "clahe"] as const) {
      const view = new ThermalView(kernel, width, height, { ...options, method });
      const grey = view.render(Uint16Array.from(raw));
      assert.deepEqual(view.render(Uint16Array.from(raw)), grey);
      view.dispose();
      const wanted = expected[nth]![method];
      const largest = wanted.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - grey[at]!)),
        0,
      );
      // The oracle of `clahe` is not rounded.
      assert.ok(largest <= (method === "stretch" ? 0 : 0.5 + 1e-9), `${method} ${nth}: ${largest}`);
    }
  }
});

Deno.test("views that make no sense are refused", () => {
  const kernel = new Kernel();
  const make = (options: object) => () => new ThermalView(kernel, 4, 4, options);
  assert.throws(make({ low: 50, high: 50 }), /Percentiles must rise/);
  assert.throws(make({ tiles: 0 }), /Tiles must be 1 to 64: current value is 0/);
  assert.throws(make({ clip: NaN }), /Clip must be at least 1/);
  const view = new ThermalView(kernel, 4, 4);
  assert.throws(() => view.render(new Uint16Array(3)), /must have 16 values: it has 3/);
});
