import assert from "node:assert/strict";
import { python } from "./_python.ts";
import { Random } from "./_support.ts";
import { Kernel } from "./kernel.ts";
import { CoarseSearch, measureMotion } from "./motion.ts";

function noise(seed: number, length: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length }, () => random.bits() / 2 ** 32);
}

Deno.test("correlations of activity are those of NumPy", async () => {
  const [recording, stretch] = [noise(1, 3000), noise(2, 200)];
  const script = `
import numpy
x, w = numpy.array(given["recording"]), numpy.array(given["stretch"])
r = [numpy.corrcoef(w, x[i : i + len(w)])[0, 1] for i in range(len(x) - len(w) + 1)]
json.dump(r, sys.stdout)`;
  const given = { recording: [...recording], stretch: [...stretch] };
  const expected = await python(script, given) as readonly number[] | undefined;
  if (expected === undefined) return;
  const search = new CoarseSearch(new Kernel(), recording, 200);
  const inside = search.find(stretch, 400, 1).filter(({ bin }) => bin in expected);
  assert.ok(inside.length > 100);
  for (const { bin, correlation } of inside) {
    assert.ok(Math.abs(correlation - expected[bin]!) < 1e-9);
  }
  // The best of all is among them.
  assert.equal(inside[0]!.bin, expected.indexOf(Math.max(...expected)));
  search.dispose();
});

/** Smooth noise on a grid of 1 kHz: every 20th value is a sample of 50 Hz. */
async function smoothNoise(): Promise<readonly (readonly number[])[] | undefined> {
  return await python(
    `
import numpy, scipy.signal
white = numpy.random.default_rng(5).standard_normal((3, 20000))
sos = scipy.signal.butter(4, [2, 8], "bandpass", fs=1000, output="sos")
json.dump(scipy.signal.sosfiltfilt(sos, white).tolist(), sys.stdout)`,
    {},
  ) as readonly (readonly number[])[] | undefined;
}

Deno.test("lags are those of SciPy's cross-correlation", async () => {
  const moved = await smoothNoise();
  if (moved === undefined) return;
  for (const shift of [-310, -37, 0, 4, 251]) {
    // The second sensor starts at another of the fine samples: it shows everything later by the shift.
    const sensor = (start: number, step: number) => {
      const indexes = Array.from({ length: 12000 / step }, (_, i) => start + i * step);
      const column = (axis: number) => Float64Array.from(indexes, (i) => moved[axis]![i]!);
      const times = Float64Array.from(indexes, (i) => (i - 4000) / 1000);
      return { times, axes: [column(0), column(1), column(2)] as const };
    };
    const a = sensor(2000, 20);
    const b = sensor(2000, 10);
    for (let index = 0; index < b.times.length; index++) b.times[index]! += shift / 1000;
    const found = measureMotion(new Kernel(), a, b, { window: 8, range: 1, refine: true })!;
    const script = `
import numpy, scipy.signal
a, b = numpy.array(given["a"]), numpy.array(given["b"])
full = sum(scipy.signal.correlate(y, x) for x, y in zip(a, b))
json.dump(int(numpy.argmax(full)) - (a.shape[1] - 1), sys.stdout)`;
    const fine = (from: number) => moved.map((axis) => axis.slice(from, from + 8000));
    const expected = await python(script, { a: fine(4000), b: fine(4000 - shift) });
    assert.equal(expected, shift);
    assert.ok(Math.abs(found.lag * 1000 - shift) < 0.05, `${found.lag} ${shift}`);
  }
});
