import { type ConditionSummary, percent, type RowSummary } from "./summary.ts";

const HEAD = [
  "condition",
  "seeds",
  "bar",
  "p50",
  "p99",
  "max",
  "usual p99",
  "coverage",
  "worst",
  "steps",
  "false",
  "placed",
  "drops",
  "pyxdf",
  "line",
  "best",
  "verdict",
];

/** The rows as lines of aligned columns. */
export function tableLines(rows: readonly RowSummary[]): string[] {
  const cells = [
    HEAD,
    ...rows.flatMap((row) => [[], ...row.conditions.map(cellsOf), totalOf(row)]),
  ];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)
    )
      .join("  ").trimEnd()
  );
}

/** The rows as Markdown tables. */
export function markdownLines(rows: readonly RowSummary[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return rows.flatMap((row) => [
    `## ${row.name}`,
    "",
    line(HEAD),
    line(HEAD.map((_, column) => column === 0 ? "---" : "--:")),
    ...row.conditions.map((one) => line(cellsOf(one))),
    "",
    `Coverage of all together: ${percent(row.coverage)}.`,
    "",
    ...[...row.misses.map((miss) => `- Missed: ${miss}`), ...limitLines(row), ""],
  ]);
}

/** What can be reached where nothing can keep to a bar. */
export function limitLines({ name, conditions, coverage, limitCoverage }: RowSummary): string[] {
  const errors = conditions.filter((one) => verdictOf(one) === "limit")
    .map(({ name, leastSquares }) =>
      `- At the limit: ${name}. With the readings of these seeds least squares, which are the best unbiased ` +
      `estimate of straight lines, reach ${milliseconds(leastSquares?.p99)}.`
    );
  if (Number.isNaN(limitCoverage)) return errors;
  return [
    ...errors,
    `- Coverage of ${name}: ${percent(coverage)}; least squares with known scatter ${
      percent(limitCoverage)
    }.`,
  ];
}

function totalOf(row: RowSummary): string[] {
  const cells = HEAD.map(() => "");
  cells[0] = `= ${row.name}`;
  cells[7] = percent(row.coverage);
  cells[HEAD.length - 1] = row.misses.length === 0 ? "ok" : "MISSED";
  return cells;
}

function cellsOf(one: ConditionSummary): string[] {
  const { worst, steps, counts, peers } = one;
  return [
    one.name,
    String(one.seeds),
    String(one.barMs),
    milliseconds(worst.p50),
    milliseconds(worst.p99),
    milliseconds(worst.max),
    milliseconds(one.usualP99),
    percent(one.coverage),
    percent(one.worstCoverage),
    steps.happened > 0 ? `${steps.found}/${steps.happened}` : "",
    String(steps.wrong),
    steps.found > 0 ? `${milliseconds(steps.placementMs)}` : "",
    counts.of > 0 ? `${counts.exact}/${counts.of}` : "",
    milliseconds(peers["pyxdf"]),
    milliseconds(peers["line"]),
    bestOf(one),
    verdictOf(one),
  ];
}

function bestOf({ leastSquares }: ConditionSummary): string {
  if (leastSquares === undefined) return "";
  return `${milliseconds(leastSquares.p99)}, ${percent(leastSquares.coverage)}`;
}

function verdictOf({ misses, worst, barMs }: ConditionSummary): string {
  if (misses.length > 0) return "MISSED";
  return worst.p99 > barMs ? "limit" : "ok";
}

/** Three digits, whatever the size. */
function milliseconds(value: number | undefined): string {
  if (value === undefined) return "";
  if (!Number.isFinite(value)) return "-";
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
