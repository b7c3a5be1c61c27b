import assert from "node:assert/strict";
import { cornersOf, elementsOf, parseXml } from "./_xml.ts";
import { cutText, decimate, escapeXml, niceTicks, Panel, svgDocument, timeScale } from "./mod.ts";

Deno.test("marks of an axis are round numbers inside its range", () => {
  const labels = (low: number, high: number, count: number) =>
    niceTicks(low, high, count).map(({ label }) => label);
  assert.deepEqual(labels(0, 10, 5), ["0", "2", "4", "6", "8", "10"]);
  assert.deepEqual(labels(-1.2, 1.2, 4), ["\u22121.0", "\u22120.5", "0.0", "0.5", "1.0"]);
  assert.deepEqual(labels(19.98, 20.03, 2), ["19.98", "20.00", "20.02"]);
  assert.deepEqual(labels(0, 604_800, 6), [
    "0",
    "100000",
    "200000",
    "300000",
    "400000",
    "500000",
    "600000",
  ]);
  assert.deepEqual(labels(0, 3e-7, 3), ["0.0000000", "0.0000001", "0.0000002", "0.0000003"]);
});

Deno.test("ranges of any size have a handful of marks or none", () => {
  for (const [low, high] of [[0, 1e-12], [1e9, 1e9 + 1], [-7e17, 9e17], [-1e-3, 5e5]] as const) {
    const ticks = niceTicks(low, high, 5);
    assert.ok(ticks.length >= 3 && ticks.length <= 14, `${low} ${high}: ${ticks.length}`);
    const inside = ticks.every(({ value }) =>
      value >= low - 1e-6 * (high - low) && value <= high + 1e-6 * (high - low)
    );
    assert.ok(inside, `${low} ${high}`);
    assert.equal(new Set(ticks.map(({ value }) => value)).size, ticks.length);
  }
  for (const [low, high] of [[1, 1], [2, 1], [NaN, 1], [0, Infinity], [0, 5e-324]] as const) {
    assert.deepEqual(niceTicks(low, high), []);
  }
});

Deno.test("a span of time is told in the unit in which it reads well", () => {
  const units = [60, 599, 600, 10_799, 10_800, 345_599, 345_600].map((span) =>
    timeScale(span).unit
  );
  assert.deepEqual(units, ["s", "s", "min", "min", "h", "h", "d"]);
});

Deno.test("thinning keeps the extremes of every column of pixels and a bounded number of points", () => {
  const points = Array.from({ length: 100_000 }, (_, x) => ({ x, y: Math.sin(x) * (x % 977) }));
  const thin = decimate(points, [0, 100_000], 100);
  assert.ok(thin.length <= 600, String(thin.length));
  for (let column = 0; column < 100; column++) {
    const isIn = ({ x }: { readonly x: number }) => Math.floor(x / 1000) === column;
    const extremes = (some: typeof points) => {
      const ys = some.filter(isIn).map(({ y }) => y);
      return [Math.min(...ys), Math.max(...ys)];
    };
    assert.deepEqual(extremes(thin), extremes(points), String(column));
  }
  assert.deepEqual(decimate([{ x: 1, y: NaN }, { x: 2, y: 3 }], [0, 9], 50), [{ x: 2, y: 3 }]);
});

Deno.test("recorded text cannot become markup, and what XML cannot hold is replaced", () => {
  assert.equal(escapeXml('<a b="c">&\''), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
  assert.equal(escapeXml("a\u0000\u001b\ud800z\tx"), "a\ufffd\ufffd\ufffdz\tx");
  assert.equal(cutText("abcdefghij", 36, 12), "abcd\u2026");
});

/** A panel of 100 by 50 pixels at 10, 20, for x from 0 to 10 and y from -1 to 1. */
function panel(): Panel {
  return new Panel({
    box: [10, 20, 100, 50],
    xDomain: [0, 10],
    yDomain: [-1, 1],
    yLabel: "y",
    xLabel: "x",
  });
}

Deno.test("data are drawn where the axes say, and nothing leaves the box", () => {
  const area = panel();
  assert.deepEqual([area.x(0), area.x(10), area.y(-1), area.y(1)], [10, 110, 70, 20]);
  assert.equal(
    area.dots([{ x: 5, y: 0 }, { x: 5, y: 9 }], "dots"),
    '<path class="dots" d="M60 45h0"/>',
  );
  const far = [{ x: 5, y: 9 }, { x: 5, y: -9 }];
  const edges = cornersOf(parseXml(area.outside(far, "t"))).map(({ y }) => y);
  assert.deepEqual([Math.min(...edges), Math.max(...edges)], [22, 68]);
  const wild = [{ x: -1e300, y: 1e300 }, { x: 5, y: NaN }, { x: 1e300, y: -1e300 }];
  const drawn = svgDocument({ width: 120, height: 120, title: "t" }, [
    area.line(wild, "line"),
    area.band(wild.map(({ x, y }) => ({ x, low: -Math.abs(y), high: Math.abs(y) })), "band"),
    area.spans([[-5, 3], [3, 99], [50, 60]], "gap"),
    area.crosses([{ x: 0, y: 0 }], "crosses"),
  ]);
  for (const { x, y, of } of cornersOf(parseXml(drawn))) {
    assert.ok(x >= 0 && x <= 120 && y >= 0 && y <= 120, `${of} at ${x} ${y}`);
  }
});

Deno.test("labels of markers keep apart and inside", () => {
  const markers = Array.from({ length: 30 }, (_, index) => ({ x: index / 3, label: "+60 s" }));
  const drawn = `<g>${panel().markers(markers, true)}</g>`;
  const elements = elementsOf(parseXml(drawn));
  assert.equal(elements.filter(({ name }) => name === "line").length, 30);
  const labels = elements.filter(({ name }) => name === "text");
  assert.ok(labels.length >= 3 && labels.length < 30, String(labels.length));
  const rows = new Map<number, [number, number][]>();
  for (const { attributes, text } of labels) {
    const x = Number(attributes.get("x"));
    const width = text.length * 12 * 0.6;
    const left = attributes.get("text-anchor") === "end" ? x - width : x;
    assert.ok(left >= 10 && left + width <= 110, `${left} to ${left + width}`);
    const row = rows.get(Number(attributes.get("y"))) ?? [];
    assert.ok(row.every(([from, to]) => left >= to || left + width <= from));
    rows.set(Number(attributes.get("y")), [...row, [left, left + width]]);
  }
});
