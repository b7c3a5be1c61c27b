import assert from "node:assert/strict";
import { python } from "./_python.ts";
import { Random } from "./_support.ts";
import { ComplexFft, fftSize, RealFft, type Spectrum } from "./fft.ts";
import { Kernel } from "./kernel.ts";

/** Spectrum by SciPy; undefined where it is absent. */
async function scipy(call: string, { re, im }: Spectrum): Promise<Spectrum | undefined> {
  const script = `
import numpy, scipy.fft
x = numpy.array(given["re"]) + 1j * numpy.array(given["im"])
y = ${call}
json.dump({"re": y.real.tolist(), "im": y.imag.tolist()}, sys.stdout)`;
  const found = await python(script, { re: [...re], im: [...im] }) as Spectrum | undefined;
  if (found === undefined) return undefined;
  return { re: Float64Array.from(found.re), im: Float64Array.from(found.im) };
}

function noise(seed: number, length: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length }, () => random.bits() / 2 ** 32 - 0.5);
}

function assertClose(actual: Float64Array, expected: Float64Array, tolerance = 1e-11): void {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of expected.entries()) {
    assert.ok(Math.abs(actual[index]! - value) < tolerance, `${index}: ${actual[index]} ${value}`);
  }
}

function assertSpectrum(actual: Spectrum, expected: Spectrum): void {
  assertClose(actual.re, expected.re);
  assertClose(actual.im, expected.im);
}

Deno.test("spectra are those of SciPy", async () => {
  const kernel = new Kernel();
  const [re, im] = [noise(1, 4096), noise(2, 4096)];
  const complex = new ComplexFft(kernel, 4096);
  const [forward, inverse] = [complex.forward({ re, im }), complex.inverse({ re, im })];
  for (const [call, found] of [["fft", forward], ["ifft", inverse]] as const) {
    const expected = await scipy(`scipy.fft.${call}(x)`, { re, im });
    if (expected === undefined) return;
    assertSpectrum(found, expected);
  }
  complex.dispose();
});

Deno.test("spectra of real signals are those of SciPy", async () => {
  const kernel = new Kernel();
  for (const size of [2, 4, 64, 8192]) {
    const fft = new RealFft(kernel, size);
    // Shorter than the transform: SciPy pads with zeros too.
    const signal = noise(size, size - 1);
    const found = fft.forward(signal);
    const padded = { re: signal, im: new Float64Array(size - 1) };
    const expected = await scipy(`scipy.fft.rfft(x.real, ${size})`, padded);
    if (expected !== undefined) assertSpectrum(found, expected);
    assertClose(fft.inverse(found), Float64Array.of(...signal, 0), 1e-14);
    fft.dispose();
  }
});

Deno.test("lengths that do not fit are refused", () => {
  const kernel = new Kernel();
  assert.equal(fftSize(1), 1);
  assert.equal(fftSize(1000), 1024);
  assert.equal(fftSize(1024), 1024);
  for (const size of [0, 3, 1000]) {
    assert.throws(() => new ComplexFft(kernel, size), RangeError);
    assert.throws(() => new RealFft(kernel, size), RangeError);
  }
  const fft = new RealFft(kernel, 8);
  assert.throws(() => fft.forward(new Float64Array(9)), /at most 8 values: it has 9/);
  assert.throws(
    () => fft.inverse({ re: new Float64Array(8), im: new Float64Array(5) }),
    /5 values/,
  );
});
