import { type ClockModel, largestSigma, type ProcessOutcome } from "session-process";
import { formatNumber, formatSigma } from "./format.ts";
import { countIssues, renderIssues } from "./issues.ts";
import { createStyle } from "./style.ts";
import { renderTable } from "./table.ts";

/** The closing summary of `process`: clocks, findings, and where the results are. */
export function renderOutcome(outcome: ProcessOutcome, out: string, colour: boolean): string {
  const style = createStyle(colour);
  const { session, issues, written, loss } = outcome;
  const important = issues.filter(({ severity }) => severity !== "info");
  const sections = [
    `${style.bold(session.id)}  ${outcome.scans.length} streams on ${outcome.referenceClock.id}`,
    streamTable(outcome),
    ...(important.length === 0 ? [] : [renderIssues(important, style)]),
    `${countIssues(issues)}`,
    `${written.length} files in ${out}`,
    ...written.filter(({ path }) => isResult(path)).map(({ path }) => `  ${path}`),
    ...(loss ? [style.red("Some recorded data are missing from the results; see above.")] : []),
  ];
  return `${sections.join("\n")}\n`;
}

/** Descriptions stand beside what they describe; naming them would only lengthen the list. */
function isResult(path: string): boolean {
  return !path.startsWith("exports/csv/") || path.endsWith(".csv");
}

function streamTable({ scans, models, lattices }: ProcessOutcome): string {
  return renderTable(
    [
      { title: "STREAM" },
      { title: "SAMPLES", align: "right" },
      { title: "RATE", align: "right" },
      { title: "DRIFT", align: "right" },
      { title: "UNCERTAINTY", align: "right" },
      { title: "PLACED BY" },
    ],
    scans.map((scan) => {
      const { schema, sampling, table } = scan;
      const model = models.get(schema.clock.id);
      return [
        schema.id,
        String(table.rows),
        formatNumber(sampling.rateHz, "Hz"),
        driftOf(model),
        formatSigma(largestSigma(scan, model, lattices.get(schema.id))),
        model === undefined || model.method === "none" ? "nothing" : model.method,
      ];
    }),
  );
}

function driftOf(model: ClockModel | undefined): string {
  const observed = model !== undefined && !["reference", "anchor", "none"].includes(model.method);
  return observed ? `${model.driftPpm.toFixed(2)} ppm` : "-";
}
