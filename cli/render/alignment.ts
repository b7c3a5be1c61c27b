import {
  type AlignOutcome,
  type ClockSummary,
  driftText,
  durationText,
  evidenceText,
  formatUtc,
  offsetText,
  signedText,
  type StepSummary,
  type Verdict,
  widthText,
} from "session-process";
import { countIssues, renderIssues } from "./issues.ts";
import { createStyle, printable, type Style } from "./style.ts";
import { renderTable } from "./table.ts";

/** What {@linkcode renderAlignment} needs besides the outcome. */
export interface AlignmentRendering {
  readonly out: string;
  readonly colour: boolean;
  /** Paths of the plots that were written. @default {[]} */
  readonly plots?: readonly string[];
}

/** Findings that the table and the reasons below it tell already. */
const SHOWN_REGEXP = /^(CLOCK_.*|TIME_STEP)$/;

/** The clocks of a session, one line each, what to do about them, and where the record is. */
export function renderAlignment(
  outcome: AlignOutcome,
  clocks: readonly ClockSummary[],
  { out, colour, plots = [] }: AlignmentRendering,
): string {
  const style = createStyle(colour);
  const { session, fit, issues, written, stale, loss } = outcome;
  const important = issues.filter(({ severity, code }) =>
    severity !== "info" && !SHOWN_REGEXP.test(code)
  );
  const reasons = reasonLines(clocks, style);
  const sections = [
    `${style.bold(printable(session.id))}  ${clocks.length} clock${
      clocks.length === 1 ? "" : "s"
    } on ${printable(fit.referenceClock.id)}, which began at ${startText(outcome)}\n`,
    ...(outcome.scans.length === 0 ? [] : [paintVerdicts(clockTable(clocks), style)]),
    ...(reasons.length === 0 ? [] : [`${reasons.join("\n")}\n`]),
    ...(important.length === 0 ? [] : [renderIssues(important, style)]),
    [
      countIssues(issues),
      ...[...written.map(({ path }) => `${out}/${path}`), ...plots].map((path) =>
        `written: ${printable(path)}`
      ),
      ...staleLines(stale, style),
      ...(loss ? [style.red("Some recordings could not be read; see above.")] : []),
    ].join("\n"),
  ];
  return `${sections.join("\n")}\n`;
}

function startText({ fit }: AlignOutcome): string {
  const { referenceClock, originNs } = fit;
  return referenceClock.kind === "utc" ? formatUtc(originNs) : durationText(Number(originNs));
}

function clockTable(clocks: readonly ClockSummary[]): string {
  return renderTable(
    [
      { title: "CLOCK" },
      { title: "OFFSET", align: "right" },
      { title: "DRIFT", align: "right" },
      { title: "STEPS" },
      { title: "95 % WITHIN", align: "right" },
      { title: "EVIDENCE" },
      { title: "VERDICT" },
    ],
    clocks.map((clock) => [
      clock.id,
      clock.method === "reference" ? "-" : offsetText(clock.offsetNs),
      clock.method === "reference" ? "-" : driftText(clock),
      stepsText(clock.steps),
      clock.method === "reference" && clock.halfWidthNs === 0 ? "-" : widthText(clock.halfWidthNs),
      evidenceText(clock.evidence),
      clock.verdict,
    ]),
  );
}

function stepsText(steps: readonly StepSummary[]): string {
  const shown = steps.slice(0, 2).map(({ changeNs }) => signedText(changeNs));
  if (steps.length === 0) return "-";
  return `${steps.length} (${shown.join(", ")}${steps.length > 2 ? ", ..." : ""})`;
}

/** Colours the verdicts after the layout, which counts characters. */
function paintVerdicts(table: string, style: Style): string {
  return table.replace(
    / {2}(good|fair|poor|unaligned)\n/g,
    (_whole, verdict: Verdict) => `  ${paint(verdict, style)}\n`,
  );
}

/** Why the clocks that are not good are not, and below what to do about it, each piece of advice once. */
function reasonLines(clocks: readonly ClockSummary[], style: Style): string[] {
  const doubtful = clocks.filter(({ verdict }) => verdict !== "good");
  const helped = new Map<string, string[]>();
  for (const { id, advice } of doubtful) {
    for (const text of advice) helped.set(text, [...helped.get(text) ?? [], id]);
  }
  return [
    ...doubtful.map(({ id, verdict, reasons }) =>
      `${paint(verdict, style)}${" ".repeat(11 - verdict.length)}${printable(id)}: ` +
      printable(reasons.join("; "))
    ),
    ...[...helped].map(([text, ids]) =>
      style.dim(`> ${printable(text)}: ${printable(ids.join(", "))}`)
    ),
  ];
}

/** A verdict in the colour of a traffic light. */
export function paint(verdict: Verdict, style: Style): string {
  if (verdict === "good") return style.green(verdict);
  return verdict === "fair" ? style.yellow(verdict) : style.red(verdict);
}

function staleLines(stale: readonly string[], style: Style): string[] {
  const [first] = stale;
  if (first === undefined) return [];
  const what = stale.length === 1 ? `${first} is` : `${stale.length} files, such as ${first}, are`;
  return [style.yellow(`${printable(what)} of another alignment: process with the same options`)];
}
