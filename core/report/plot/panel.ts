import { decimate, type PlotPoint } from "./decimate.ts";
import { coordinate, cutText, element, textElement, textWidth } from "./svg.ts";
import { niceTicks, type Tick } from "./ticks.ts";

/** Where a panel stands in the picture, and what it shows. */
export interface PanelOptions {
  /** Left, top, width and height of the area of the data, in pixels. */
  readonly box: readonly [left: number, top: number, width: number, height: number];
  readonly xDomain: readonly [number, number];
  readonly yDomain: readonly [number, number];
  readonly yLabel: string;
  /** @default {no label, and no numbers below} */
  readonly xLabel?: string;
}

/** A line of a place that is named at its top. */
export interface Marker {
  readonly x: number;
  readonly label: string;
}

/** Half the size of a cross. */
const CROSS = 3;
/** Marks that are drawn in a column of pixels: enough to show where a cloud is dense. */
const CLOUD = 16;
/** Width of a triangle at the edge. */
const TRIANGLE = 8;
/** Rows in which labels of markers that lie close together are written. */
const LABEL_ROWS = 3;
const ROW_HEIGHT = 14;

/** Part of a plot with its own axes. Draws data in their units as markup, clipped to its box. */
export class Panel {
  readonly #options: PanelOptions;
  readonly #xScale: number;
  readonly #yScale: number;

  constructor(options: PanelOptions) {
    const { box: [, , width, height], xDomain, yDomain } = options;
    this.#options = options;
    this.#xScale = width / (xDomain[1] - xDomain[0]);
    this.#yScale = height / (yDomain[1] - yDomain[0]);
  }

  /** Pixel of a value, held to the box. */
  x(value: number): number {
    const { box: [left, , width], xDomain } = this.#options;
    return left + clamp((value - xDomain[0]) * this.#xScale, 0, width);
  }

  /** Pixel of a value, held to the box. */
  y(value: number): number {
    const { box: [, top, , height], yDomain } = this.#options;
    return top + clamp((yDomain[1] - value) * this.#yScale, 0, height);
  }

  /** Background, grid, numbers and labels; the zero line where zero is inside. */
  frame(): string {
    const { box: [left, top, width, height], xDomain, yDomain, yLabel, xLabel } = this.#options;
    const xTicks = niceTicks(...xDomain, Math.max(2, Math.floor(width / 110)));
    const yTicks = niceTicks(...yDomain, Math.max(2, Math.floor(height / 50)));
    const bottom = top + height;
    return [
      element("rect", { class: "panel", x: left, y: top, width, height }),
      ...xTicks.map(({ value }) => stroke("grid", this.x(value), top, this.x(value), bottom)),
      ...yTicks.map(({ value }) =>
        stroke(value === 0 ? "zero" : "grid", left, this.y(value), left + width, this.y(value))
      ),
      ...yTicks.map((tick) => this.#yNumber(tick)),
      textElement(yLabel, {
        x: left - 58,
        y: top + height / 2,
        "text-anchor": "middle",
        transform: `rotate(-90 ${coordinate(left - 58)} ${coordinate(top + height / 2)})`,
      }),
      ...(xLabel === undefined ? [] : [
        ...xTicks.map((tick) => this.#xNumber(tick)),
        textElement(xLabel, {
          x: left + width / 2,
          y: bottom + 40,
          "text-anchor": "middle",
        }),
      ]),
    ].join("\n");
  }

  #xNumber({ value, label }: Tick): string {
    const { box: [, top, , height] } = this.#options;
    const x = this.x(value);
    const bottom = top + height;
    return stroke("tick", x, bottom, x, bottom + 5) +
      textElement(label, { x, y: bottom + 19, "text-anchor": "middle" });
  }

  #yNumber({ value, label }: Tick): string {
    const { box: [left] } = this.#options;
    const y = this.y(value);
    return stroke("tick", left - 5, y, left, y) +
      textElement(label, { x: left - 9, y: y + 4, "text-anchor": "end" });
  }

  /** Points as round dots. Those outside are left out; see {@linkcode outside}. */
  dots(points: readonly PlotPoint[], className: string): string {
    return this.#marks(
      points,
      { className, size: 1 },
      (x, y) => `M${coordinate(x)} ${coordinate(y)}h0`,
    );
  }

  /** Points as crosses. */
  crosses(points: readonly PlotPoint[], className: string): string {
    const size = coordinate(2 * CROSS);
    return this.#marks(
      points,
      { className, size: CROSS },
      (x, y) =>
        `M${coordinate(x - CROSS)} ${
          coordinate(y - CROSS)
        }l${size} ${size}m0 -${size}l-${size} ${size}`,
    );
  }

  #marks(
    points: readonly PlotPoint[],
    { className, size }: { readonly className: string; readonly size: number },
    draw: (x: number, y: number) => string,
  ): string {
    const inside = this.#decimated(points.filter((point) => this.#holds(point)), CLOUD);
    const path = this.#sparse(inside, size).map(({ x, y }) => draw(this.x(x), this.y(y))).join("");
    return path === "" ? "" : element("path", { class: className, d: path });
  }

  /** Triangles at the edge for points above or below it. */
  outside(points: readonly PlotPoint[], className: string): string {
    const { box: [, top, , height], yDomain } = this.#options;
    const beyond = points.filter(({ y }) => y > yDomain[1] || y < yDomain[0]);
    const edge = beyond.map(({ x, y }) => ({ x, y: y > yDomain[1] ? yDomain[1] : yDomain[0] }));
    const path = this.#sparse(edge, TRIANGLE).map(({ x, y }) => {
      const up = y === yDomain[1];
      const [tip, base] = up ? [top + 2, top + 9] : [top + height - 2, top + height - 9];
      const at = this.x(x);
      return `M${coordinate(at)} ${coordinate(tip)}L${coordinate(at + 4)} ${coordinate(base)}` +
        `H${coordinate(at - 4)}Z`;
    }).join("");
    return path === "" ? "" : element("path", { class: className, d: path });
  }

  /** A line through points in their order; it breaks where a point is no number. */
  line(points: readonly PlotPoint[], className: string): string {
    const path = runsOf(points).map((run) =>
      `M${this.#decimated(run).map((point) => this.#place(point)).join("L")}`
    ).join("");
    return path === "" ? "" : element("path", { class: className, d: path });
  }

  /** The area between two lines over the same places. */
  band(
    points: readonly { readonly x: number; readonly low: number; readonly high: number }[],
    className: string,
  ): string {
    const finite = points.filter(({ low, high }) => low <= high);
    if (finite.length === 0) return "";
    const [bottom, top] = this.#options.yDomain;
    const edge = (side: "low" | "high") =>
      this.#decimated(
        finite.map((point) => ({ x: point.x, y: clamp(point[side], bottom, top) })),
      );
    const outline = [...edge("high"), ...edge("low").toReversed()];
    const path = `M${outline.map((point) => this.#place(point)).join("L")}Z`;
    return element("path", { class: className, d: path });
  }

  /** Spans of time, as grey stripes. Those narrower than a pixel are drawn one pixel wide. */
  spans(spans: readonly (readonly [from: number, to: number])[], className: string): string {
    const { box: [left, top, width, height], xDomain } = this.#options;
    const columns = new Map<number, number>();
    for (const [from, to] of spans) {
      if (!(to >= xDomain[0] && from <= xDomain[1])) continue;
      const start = Math.min(Math.floor(this.x(from) * 2) / 2, left + width - 1);
      columns.set(start, Math.max(columns.get(start) ?? 1, this.x(to) - start));
    }
    const path = [...columns].map(([x, wide]) =>
      `M${coordinate(x)} ${coordinate(top)}h${coordinate(wide)}v${coordinate(height)}` +
      `h${coordinate(-wide)}Z`
    ).join("");
    return path === "" ? "" : element("path", { class: className, d: path });
  }

  /** Vertical lines, one in each column of pixels at most, with labels inside the top where `labelled`. Labels without room are left out. */
  markers(markers: readonly Marker[], labelled: boolean): string {
    const { box: [left, top, width, height] } = this.#options;
    const taken: number[] = [];
    const columns = new Map(markers.map((marker) => [Math.floor(this.x(marker.x)), marker]));
    return [...columns.values()].map(({ x, label }) => {
      const at = this.x(x);
      const line = stroke("step", at, top, at, top + height);
      if (!labelled) return line;
      const wide = textWidth(label) + 8;
      const flips = at + wide > left + width;
      const start = flips ? at - wide : at;
      const row = Array.from({ length: LABEL_ROWS }, (_, row) => row)
        .find((row) => start >= (taken[row] ?? -Infinity));
      if (row === undefined || start < left) return line;
      taken[row] = start + wide;
      return line + textElement(cutText(label, width), {
        class: "steptext",
        x: at + (flips ? -5 : 5),
        y: top + 22 + row * ROW_HEIGHT,
        "text-anchor": flips ? "end" : "start",
      });
    }).join("\n");
  }

  /** A line of text in the middle, for a panel without data. */
  note(text: string): string {
    const { box: [left, top, width, height] } = this.#options;
    return textElement(cutText(text, width - 20), {
      class: "note",
      x: left + width / 2,
      // Above the middle, where the zero line may be.
      y: top + height / 2 - 8,
      "text-anchor": "middle",
    });
  }

  #holds({ x, y }: PlotPoint): boolean {
    const { xDomain, yDomain } = this.#options;
    return x >= xDomain[0] && x <= xDomain[1] && y >= yDomain[0] && y <= yDomain[1];
  }

  #decimated(points: readonly PlotPoint[], most?: number): PlotPoint[] {
    return decimate(points, this.#options.xDomain, this.#options.box[2], most);
  }

  /** One point of each cell of so many pixels: marks on top of each other show no more than one. */
  #sparse(points: readonly PlotPoint[], size: number): PlotPoint[] {
    const cells = new Map<string, PlotPoint>();
    for (const point of points) {
      const cell = `${Math.floor(this.x(point.x) / size)} ${Math.floor(this.y(point.y) / size)}`;
      if (!cells.has(cell)) cells.set(cell, point);
    }
    return [...cells.values()];
  }

  #place({ x, y }: PlotPoint): string {
    return `${coordinate(this.x(x))} ${coordinate(this.y(y))}`;
  }
}

function stroke(className: string, x1: number, y1: number, x2: number, y2: number): string {
  return element("line", { class: className, x1, y1, x2, y2 });
}

function clamp(value: number, low: number, high: number): number {
  return value > low ? Math.min(value, high) : low;
}

/** Stretches of neighbouring points that are numbers. */
function runsOf(points: readonly PlotPoint[]): PlotPoint[][] {
  const runs: PlotPoint[][] = [];
  let open = false;
  for (const point of points) {
    const isPlace = Number.isFinite(point.x) && Number.isFinite(point.y);
    if (isPlace && open) runs.at(-1)!.push(point);
    else if (isPlace) runs.push([point]);
    open = isPlace;
  }
  return runs;
}
