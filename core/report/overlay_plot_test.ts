import assert from "node:assert/strict";
import { plotOverlay, relativeLengths } from "./overlay_plot.ts";
import { cornersOf, elementsOf, parseXml, type XmlElement } from "./plot/_xml.ts";

const SECOND = 1_000_000_000n;

/** A bump at a time, sampled at a rate. */
function bump(name: string, atSeconds: number, rateHz: number) {
  const times = Array.from({ length: 20 * rateHz }, (_, index) => index / rateHz);
  return {
    name,
    timesNs: BigInt64Array.from(times, (time) => BigInt(Math.round(time * 1e9))),
    values: Float64Array.from(times, (time) => Math.max(0, 1 - Math.abs(time - atSeconds))),
  };
}

const OPTIONS = {
  title: "Wrist & chest",
  yLabel: "Acceleration (g)",
  originNs: 0n,
  stretches: [
    { title: "Start", fromNs: 0n, toNs: 10n * SECOND },
    { title: "End", fromNs: 10n * SECOND, toNs: 20n * SECOND },
  ],
};

function linesOf(root: XmlElement, name: string): XmlElement[] {
  return elementsOf(root).filter(({ name: tag, attributes }) =>
    tag === "path" && attributes.get("class") === name
  );
}

/** Pixel of the highest point of a line. */
function peakOf(line: XmlElement): number {
  return cornersOf(line).reduce((best, corner) => corner.y < best.y ? corner : best).x;
}

Deno.test("the same movement lies at the same place when clocks are aligned, and apart when not", () => {
  for (const [at, apart] of [[5, 0], [6, 85]] as const) {
    const root = parseXml(plotOverlay([bump("a", 5, 100), bump("b", at, 40)], OPTIONS));
    const [first] = linesOf(root, "line c0");
    const [second] = linesOf(root, "line c1");
    // A panel of 10 s is 852 pixels wide.
    assert.ok(Math.abs(peakOf(second!) - peakOf(first!) - apart) < 2);
  }
});

Deno.test("every stretch has a panel, named, with both lines", () => {
  const root = parseXml(plotOverlay([bump("a", 5, 100), bump("b", 15, 100)], OPTIONS));
  const texts = elementsOf(root).filter(({ name }) => name === "text").map(({ text }) => text);
  for (const expected of ["Wrist & chest", "a", "b", "Start", "End"]) {
    assert.ok(texts.includes(expected), expected);
  }
  assert.equal(linesOf(root, "line c0").length, 2);
  assert.equal(linesOf(root, "line c1").length, 2);
});

Deno.test("a stretch without samples says so, and cells without a value do not break a line", () => {
  const empty = { ...bump("a", 5, 100), values: new Float64Array(2000).fill(NaN) };
  assert.match(plotOverlay([empty], OPTIONS), /Nothing was measured here/);
  const full = bump("a", 5, 100);
  const holes = { ...full, values: full.values.map((value, i) => i % 3 === 0 ? NaN : value) };
  const [line] = linesOf(parseXml(plotOverlay([holes], OPTIONS)), "line c0");
  assert.equal(line!.attributes.get("d")!.split("M").length, 2);
});

Deno.test("a dense recording makes a small picture", () => {
  const svg = plotOverlay([bump("a", 5, 5000), bump("b", 5, 5000)], OPTIONS);
  assert.ok(svg.length < 300_000, `${svg.length}`);
});

Deno.test("lengths are those of the vectors, in units of their median", () => {
  const [x, y, z] = [
    Float64Array.of(1, 0, 0, 2, NaN),
    Float64Array.of(0, 1, 0, 3, 0),
    Float64Array.of(0, 0, 1, 6, 0),
  ];
  assert.deepEqual([...relativeLengths([x, y, z])], [1, 1, 1, 7, NaN]);
});
