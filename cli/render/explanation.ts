import {
  type ClockExplanation,
  driftText,
  durationText,
  type ExplainedReading,
  offsetText,
  type ReadingRun,
  readingRuns,
  secondsSince,
  signedText,
  type StreamGaps,
  widthText,
} from "session-process";
import { paint } from "./alignment.ts";
import { createStyle, printable, type Style } from "./style.ts";
import { renderTable, type TableColumn } from "./table.ts";

/** What {@linkcode renderExplanation} needs besides the explanation. */
export interface ExplanationRendering {
  /** Zero of the times shown, on the reference clock. */
  readonly originNs: bigint;
  /** Every reading has its line. */
  readonly all: boolean;
  readonly colour: boolean;
}

/** Runs of readings that are listed; the rest is counted. */
const SHOWN_RUNS = 40;
/** Gaps that are listed of each stream. */
const SHOWN_GAPS = 10;

/** Everything behind the line of a clock, as text. */
export function renderExplanation(
  clock: ClockExplanation,
  { originNs, all, colour }: ExplanationRendering,
): string {
  const style = createStyle(colour);
  const moment = (ns: bigint | undefined) =>
    ns === undefined ? "-" : secondsSince(ns, originNs).toFixed(3);
  return [
    `${style.bold(printable(clock.id))}  ${paint(clock.verdict, style)}: ${
      printable(clock.reasons.join("; "))
    }\n`,
    factLines(clock),
    section("Evidence", sourceTable(clock), style),
    section(
      "Readings, times in s since the session start",
      readingTable(clock, all, moment),
      style,
    ),
    section("Steps", stepTable(clock, moment), style),
    section("Streams", streamTable(clock.gaps), style),
    section("Gaps, times in s since the session start", gapTable(clock, moment), style),
    section("Checks", checkLines(clock), style),
    section("What to do", clock.advice.map((text) => `${printable(text)}\n`).join(""), style),
  ].join("");
}

function section(title: string, body: string, style: Style): string {
  return body === "" ? "" : `\n${style.bold(title)}\n${body.replace(/^(?=.)/gm, "  ")}`;
}

function factLines(clock: ClockExplanation): string {
  const { path, offsetNs, halfWidthNs, clockHalfWidthNs, streams, residualRmsNs } = clock;
  const facts = [
    ["placed through", path.length === 1 ? "-" : path.slice(1).join(" > ")],
    ["offset", `${offsetText(offsetNs)} at its first sample`],
    ["drift", driftText(clock)],
    [
      "95 % within",
      `${widthText(halfWidthNs)} for 95 of 100 samples, ${
        widthText(clockHalfWidthNs)
      } the clock alone`,
    ],
    ["residuals", Number.isFinite(residualRmsNs) ? `${durationText(residualRmsNs)} rms` : "-"],
    ["stamps", streams.length === 0 ? "no stream" : streams.join(", ")],
  ];
  return facts.map(([name, value]) => `  ${name!.padEnd(15)} ${printable(value!)}\n`).join("");
}

function sourceTable({ sources }: ClockExplanation): string {
  if (sources.length === 0) return "none\n";
  return renderTable(
    [
      { title: "KIND" },
      { title: "USED", align: "right" },
      { title: "REJECTED", align: "right" },
      { title: "SOURCE" },
    ],
    sources.map(({ kind, source, used, rejected }) => [
      kind,
      String(used),
      String(rejected),
      source,
    ]),
  );
}

const READING_COLUMNS: readonly TableColumn[] = [
  { title: "FROM", align: "right" },
  { title: "TO", align: "right" },
  { title: "COUNT", align: "right" },
  { title: "VERDICT" },
  { title: "RESIDUAL", align: "right" },
  { title: "RANGE", align: "right" },
  { title: "SIGMA", align: "right" },
  { title: "KIND" },
  { title: "AGAINST" },
  { title: "WHY" },
];

type Moment = (ns: bigint | undefined) => string;

function readingTable(
  { readings, sources }: ClockExplanation,
  all: boolean,
  moment: Moment,
): string {
  if (readings.length === 0) return sources.length === 0 ? "" : "only their number was kept\n";
  const single = (reading: ExplainedReading) => readingRuns([reading])[0]!;
  const runs = all ? readings.map(single) : readingRuns(readings);
  const shown = all ? runs : runs.slice(0, SHOWN_RUNS);
  const rest = runs.length - shown.length;
  const table = renderTable(READING_COLUMNS, shown.map((run) => runRow(run, moment)));
  return rest === 0
    ? table
    : `${table}and ${rest} more runs: --all or --json shows every reading\n`;
}

function runRow(run: ReadingRun, moment: Moment): string[] {
  const { leastResidualNs, medianResidualNs, greatestResidualNs, count } = run;
  return [
    moment(run.fromNs),
    count === 1 ? "" : moment(run.toNs),
    String(count),
    run.verdict,
    signedText(medianResidualNs),
    count === 1 ? "" : `${signedText(leastResidualNs)} to ${signedText(greatestResidualNs)}`,
    durationText(run.sigmaNs),
    run.kind,
    run.against,
    run.reason,
  ];
}

function stepTable({ explainedSteps }: ClockExplanation, moment: Moment): string {
  if (explainedSteps.length === 0) return "";
  return renderTable(
    [{ title: "AT", align: "right" }, { title: "OFFSET CHANGES BY", align: "right" }, {
      title: "HOW",
    }],
    explainedSteps.map(({ referenceNs, changeNs, placedBy }) => [
      `${moment(referenceNs)} s`,
      signedText(changeNs),
      placedBy,
    ]),
  );
}

function streamTable(streams: readonly StreamGaps[]): string {
  if (streams.length === 0) return "";
  return renderTable(
    [
      { title: "STREAM" },
      { title: "SAMPLES", align: "right" },
      { title: "GAPS", align: "right" },
      { title: "MISSING", align: "right" },
      { title: "LONGEST GAP", align: "right" },
      { title: "SAME STAMP", align: "right" },
      { title: "BACKWARDS", align: "right" },
    ],
    streams.map(({ id, samples, gaps, missingSamples, longestGapNs, duplicates, backwards }) => [
      id,
      String(samples),
      String(gaps),
      String(missingSamples),
      gaps === 0 ? "-" : durationText(longestGapNs),
      String(duplicates),
      String(backwards),
    ]),
  );
}

function gapTable({ gaps }: ClockExplanation, moment: Moment): string {
  const lines = gaps.flatMap(({ id, firstGaps, gaps: total }) => {
    const shown = firstGaps.slice(0, SHOWN_GAPS).map((gap) => {
      const { row, missing, referenceFromNs, referenceToNs } = gap;
      return `${id}: ${missing} sample${missing === 1 ? "" : "s"} missing before sample ${
        row + 1
      }, ` +
        `from ${moment(referenceFromNs)} to ${moment(referenceToNs)}`;
    });
    const rest = total - shown.length;
    return rest > 0 ? [...shown, `${id}: and ${rest} more gaps: --json shows them`] : shown;
  });
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function checkLines({ holdOut, loops }: ClockExplanation): string {
  const lines = [
    ...(holdOut === undefined ? [] : [
      `held out: ${(100 * holdOut.coverage).toFixed(1)} % of ${holdOut.count} readings that the ` +
      `fit did not see lie in their 95 % interval` +
      (holdOut.widened > 1 ? `; widened by ${Number(holdOut.widened.toPrecision(3))}` : "") +
      `; runs of equal sign score ${holdOut.runsScore.toFixed(1)}`,
    ]),
    ...loops.map(({ clocks, residualNs, sigmaNs }) =>
      `loop ${clocks.join(" > ")} misses by ${signedText(residualNs)}, where ${
        durationText(sigmaNs)
      } is expected`
    ),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}
