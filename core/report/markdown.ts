import {
  formatUtc,
  type Issue,
  issueMessage,
  issuePlace,
  secondsSince,
  type TimeNs,
} from "../base/mod.ts";
import { type ClockModel, largestModelSigma } from "../clock/mod.ts";
import type { Session } from "../session/mod.ts";
import type { Judgement } from "./clocks/mod.ts";
import { groupIssues } from "../validation/mod.ts";

/** A stream as the report shows it. */
export interface ReportedStream {
  readonly id: string;
  readonly path: string;
  readonly samples: number;
  readonly rateHz: number;
  /** First and last sample on the reference clock, when its clock could be placed. */
  readonly startNs?: TimeNs;
  readonly endNs?: TimeNs;
  readonly missingSamples: number;
  readonly clock: string;
}

/** What {@linkcode sessionReport} is written from. */
export interface ReportInput {
  readonly session: Session;
  readonly reference: string;
  readonly originNs: TimeNs;
  readonly streams: readonly ReportedStream[];
  readonly models: readonly ClockModel[];
  /** How far the times of each clock can be trusted, by its id. */
  readonly verdicts: ReadonlyMap<string, Pick<Judgement, "verdict" | "reasons">>;
  readonly issues: readonly Issue[];
  readonly version: string;
}

/** The report of a session for a person, in Markdown. */
export function sessionReport(input: ReportInput): string {
  return [
    `# ${plain(input.session.id)}`,
    "",
    `Start ${formatUtc(input.originNs)} on ${
      plain(input.reference)
    }. Processed by session-process ` +
    `${input.version}.`,
    "",
    "## Streams",
    "",
    ...streamRows(input),
    "",
    "## Clocks",
    "",
    ...clockRows(input),
    "",
    "## Findings",
    "",
    ...findings(input.issues),
    "",
  ].join("\n");
}

function streamRows({ streams, originNs }: ReportInput): string[] {
  const rows = streams.map((
    { id, samples, rateHz, startNs, endNs, missingSamples, clock, path },
  ) => [
    id,
    String(samples),
    rateHz > 0 ? rateHz.toPrecision(5) : "",
    startNs === undefined ? "" : secondsSince(startNs, originNs).toFixed(3),
    endNs === undefined ? "" : secondsSince(endNs, originNs).toFixed(3),
    String(missingSamples),
    clock,
    path,
  ]);
  return table(
    ["stream", "samples", "rate (Hz)", "from (s)", "to (s)", "missing", "clock", "file"],
    rows,
  );
}

function clockRows({ models, reference, verdicts }: ReportInput): string[] {
  const rows = models.map((model) => [
    model.clock.id,
    model.clock.id === reference ? "reference" : model.method,
    model.via ?? "",
    model.driftPpm.toFixed(3),
    milliseconds(largestModelSigma(model)),
    String(Math.max(0, model.segments.length - 1)),
    model.evidence.map(({ source, used }) => `${source} (${used})`).join("; "),
    verdictText(verdicts.get(model.clock.id)),
  ]);
  return table(
    ["clock", "placed by", "via", "drift (ppm)", "sigma (ms)", "steps", "evidence", "verdict"],
    rows,
  );
}

function verdictText(judgement: Pick<Judgement, "verdict" | "reasons"> | undefined): string {
  if (judgement === undefined) return "";
  const { verdict, reasons } = judgement;
  return verdict === "good" ? verdict : `${verdict}: ${reasons.join("; ")}`;
}

function milliseconds(ns: number): string {
  return Number.isFinite(ns) ? (ns / 1e6).toPrecision(3) : "unknown";
}

function findings(issues: readonly Issue[]): string[] {
  if (issues.length === 0) return ["Nothing was found."];
  return groupIssues(issues, 5).flatMap((group) => [
    `- **${group.severity}** \`${group.code}\` x ${group.count}: ${group.title}. ${group.remedy}`,
    ...group.examples.map((issue) =>
      `  - ${plain(issuePlace(issue))}: ${plain(issueMessage(issue))}`
    ),
  ]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** Recorded text cannot end a cell or a line, or become markup. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f]/g, " ").replace(/[|\\`<>[\]]/g, "\\$&");
}
