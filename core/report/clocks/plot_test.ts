import assert from "node:assert/strict";
import type { ClockModel, EvidenceAudit, ReadingVerdict } from "../../clock/mod.ts";
import { cornersOf, elementsOf, parseXml, type XmlElement } from "../plot/_xml.ts";
import { type ClockChanges, clockOf, segment, statistics } from "./_models.ts";
import { plotClock } from "./plot.ts";

const SECOND = 1_000_000_000n;
const SESSION = { models: new Map<string, ClockModel>(), originNs: 0n };

/** One reading a second with a residual and a verdict of its own. */
function audit(
  count: number,
  reading: (index: number) => readonly [residualNs: number, verdict: ReadingVerdict],
): EvidenceAudit {
  const readings = Array.from({ length: count }, (_, index) => reading(index));
  return {
    kind: "two-way",
    source: "probes",
    against: "pc/utc",
    deviceNs: BigInt64Array.from(readings, (_, index) => BigInt(index) * SECOND),
    residualsNs: Float64Array.from(readings, ([residualNs]) => residualNs),
    sigmasNs: new Float64Array(count).fill(1e5),
    verdicts: readings.map(([, verdict]) => verdict),
  };
}

/** An hour with a step in the middle, a gap, and one reading of each fate. */
const STEPPED: ClockChanges = {
  segments: [
    segment(0n, 1800n * SECOND, { sigmas: [1e5, 1e5], skewSigma: 1e-7 }),
    segment(1800n * SECOND, 3600n * SECOND, {
      offsets: [60n * SECOND, 60n * SECOND + 36_000_000n],
      sigmas: [1e5, 1e5],
      skewSigma: 1e-7,
    }),
  ],
  steps: [{ atNs: 1800n * SECOND, changeNs: 60e9, inHost: false }],
  audit: [audit(3600, (index) => {
    if (index === 500) return [7e9, "outlier"];
    if (index === 600) return [3e5, "late"];
    if (index === 700) return [1e18, "garbage"];
    return [index % 2 === 0 ? 2e5 : -2e5, "used"];
  })],
  streams: [{
    id: "sensor/gsr",
    stampSigmaNs: 0,
    sampling: statistics(0n, 3600n * SECOND, {
      gaps: 1,
      firstGaps: [{ row: 9, fromNs: 900n * SECOND, toNs: 1000n * SECOND, missing: 100 }],
    }),
  }],
};

function drawn(changes: ClockChanges): XmlElement {
  return parseXml(plotClock(clockOf(changes), SESSION));
}

function byClass(root: XmlElement, name: string): XmlElement[] {
  return elementsOf(root).filter(({ attributes }) =>
    attributes.get("class")?.split(" ").includes(name)
  );
}

function texts(root: XmlElement): string[] {
  return elementsOf(root).filter(({ name }) => name === "text").map(({ text }) => text);
}

Deno.test("a damaged stamp that stretches the model does not stretch the plot", () => {
  const far = 1_000_000_000n * SECOND;
  const damaged = {
    ...STEPPED,
    segments:
      STEPPED.segments?.map((segment, index) =>
        index === 0 ? { ...segment, fromNs: -far } : { ...segment, toNs: far }
      ) ?? [],
    streams: STEPPED.streams?.map((stream) => ({
      ...stream,
      sampling: { ...stream.sampling, minNs: -far, maxNs: far },
    })) ?? [],
  };
  // An hour was recorded, and the bands end an hour off at most.
  assert.ok(texts(drawn(damaged)).includes("Time since session start (h)"));
});

Deno.test("a plot shows readings, rejected ones, band, drift, steps and gaps, and names them", () => {
  const root = drawn(STEPPED);
  assert.equal(root.name, "svg");
  const [dots] = byClass(root, "dots");
  assert.ok((dots?.attributes.get("d")?.match(/M/g)?.length ?? 0) > 1000);
  // The late one is near and drawn as a cross, the outlier stands at the edge; the legend names both.
  assert.equal(byClass(root, "crosses").length, 4);
  assert.equal(byClass(root, "band").filter(({ name }) => name === "path").length, 4);
  assert.equal(byClass(root, "line").length, 2);
  assert.equal(byClass(root, "step").length, 3);
  assert.equal(byClass(root, "gap").filter(({ name }) => name === "path").length, 2);
  const shown = texts(root);
  for (
    const label of [
      "two-way, used",
      "rejected",
      "beyond the axis",
      "95 % of the clock",
      "step",
      "gap",
      "+60 s",
    ]
  ) {
    assert.ok(shown.includes(label), label);
  }
  assert.ok(shown.includes("sensor/device: good"), shown.join("\n"));
  assert.ok(
    shown.some((text) => text.startsWith("on pc/utc") && text.includes("\u00b1196 \u00b5s")),
  );
  assert.ok(shown.includes("Time since session start (min)"));
  assert.ok(shown.includes("Reading minus model (\u00b5s)"));
});

Deno.test("a step stands where it happened and readings where they were taken", () => {
  const root = drawn(STEPPED);
  const [legend, step] = byClass(root, "step").map(({ attributes }) =>
    Number(attributes.get("x1"))
  );
  assert.ok(legend !== undefined && step !== undefined);
  // 1860 s of 3660 s on the reference, with 2 % of margin at either end of 852 pixels from 84.
  const expected = 84 + 852 * (1860 + 73.2) / (3660 + 146.4);
  assert.ok(Math.abs(step - expected) < 1.5, `${step} ${expected}`);
});

Deno.test("a week of readings makes a picture of bounded size, the same every time", () => {
  const week = 604_800n * SECOND;
  const changes: ClockChanges = {
    segments: [segment(0n, week)],
    audit: [
      audit(120_960, (index) => [(index * 7919 % 2001 - 1000) * 1e3, index % 50 ? "used" : "late"]),
    ],
  };
  const svg = plotClock(clockOf(changes), SESSION);
  assert.ok(svg.length < 250_000, String(svg.length));
  assert.equal(plotClock(clockOf(changes), SESSION), svg);
});

Deno.test("a clock that is torn into thousands of stretches is drawn in bounded size", () => {
  const count = 20_000;
  const segments = Array.from({ length: count }, (_, index) => {
    const from = BigInt(index) * SECOND;
    return segment(from, from + SECOND / 2n, { offsets: [BigInt(index), BigInt(index)] });
  });
  const svg = plotClock(
    clockOf({ segments, audit: [audit(count, (index) => [index % 9 * 1e4, "used"])] }),
    SESSION,
  );
  assert.ok(svg.length < 600_000, String(svg.length));
  parseXml(svg);
});

const ODD: readonly (readonly [name: string, changes: ClockChanges])[] = [
  ["stepped", STEPPED],
  ["without readings", {}],
  ["not placed", { method: "none", segments: [], driftPpm: NaN, driftSigmaPpm: Infinity }],
  ["of one instant", { segments: [segment(0n, 0n), segment(5n, 5n)] }],
  ["of infinite uncertainty", {
    segments: [segment(0n, SECOND, { sigmas: [Infinity, Infinity] })],
  }],
  ["of no number", { segments: [segment(0n, SECOND, { sigmas: [NaN, NaN], skewSigma: NaN })] }],
  ["with wild readings", {
    audit: [audit(100, (index) => [index % 3 ? -1e300 : NaN, index % 2 ? "used" : "outlier"])],
  }],
  ["without knots", { segments: [{ fromNs: 0n, toNs: SECOND, firstRows: {}, knots: [] }] }],
  ["of all time", {
    segments: [segment(-(2n ** 62n), 2n ** 62n, { offsets: [-(2n ** 61n), 2n ** 61n] })],
  }],
  ["with names that are markup", {
    clock: { id: `<script>&"'\u0000${"x".repeat(500)}`, kind: "device" },
    reference: { id: "</svg>", kind: "utc" },
    via: "<b>",
  }],
];

for (const [name, changes] of ODD) {
  Deno.test(`the plot of a clock ${name} is well-formed and stays on the paper`, () => {
    const root = drawn(changes);
    assert.equal(root.attributes.get("viewBox"), "0 0 960 600");
    assert.ok(!elementsOf(root).some(({ name }) => name === "script" || name === "b"));
    for (const { x, y, of } of cornersOf(root)) {
      assert.ok(x >= 0 && x <= 960 && y >= 0 && y <= 600, `${of} at ${x} ${y}`);
    }
  });
}
