import { type Issue, issueMessage } from "../base/mod.ts";
import { writeAlignment } from "../clock/mod.ts";
import { groupIssues } from "../validation/mod.ts";
import { type ReportedStream, sessionReport } from "../report/mod.ts";
import { writeText, type WrittenFile } from "./journal.ts";
import type { FittedSession, Run } from "./run.ts";
import { spanOnReference } from "./validate_step.ts";

/** Where the alignment record lies. */
export const ALIGNMENT_PATH = "processing/synchronized_data/alignment.json";

/** Writes the records of what was done: alignment, findings, report and provenance. */
export async function writeRecords(
  run: Run,
  fitted: FittedSession,
  issues: readonly Issue[],
): Promise<void> {
  const documents: readonly (readonly [path: string, text: string])[] = [
    [ALIGNMENT_PATH, alignmentText(fitted)],
    ["processing/validation.json", jsonText(validationRecord(run, issues))],
    ["processing/report.md", reportText(run, fitted, issues)],
    ["processing/provenance.json", jsonText(provenance(run, fitted))],
  ];
  const written: WrittenFile[] = [];
  for (const [path, text] of documents) written.push(await writeText(run.output, path, text));
  await run.journal.finish("records", written);
}

function jsonText(value: unknown): string {
  return `${
    JSON.stringify(value, (_key, item) => typeof item === "bigint" ? String(item) : item, 2)
  }\n`;
}

/** The alignment record as it is written. */
export function alignmentText(
  { scans, used, models, lattices }: Pick<FittedSession, "scans" | "used" | "models" | "lattices">,
): string {
  const streams = scans.map(({ schema, sampling, table }) => ({
    id: schema.id,
    clock: schema.clock,
    nominalRateHz: schema.nominalRateHz,
    sampling,
    samplesIn: table.rows,
    lattice: lattices.get(schema.id),
    samplesOut: models.get(schema.clock.id)?.method === "none" ? 0 : sampling.count,
  }));
  return jsonText(writeAlignment(used, streams));
}

function validationRecord({ session }: Run, issues: readonly Issue[]): unknown {
  const groups = groupIssues(issues, 0).map(({ code, severity, count, title, remedy }) => ({
    code,
    severity,
    count,
    title,
    remedy,
  }));
  const told = issues.map((issue) => ({ ...issue, message: issueMessage(issue) }));
  return { session: session.id, groups, issues: told };
}

/** Version, options and input hashes: what the results were made with. No time of day, so that runs agree. */
function provenance({ version, settings, session, config }: Run, { inputs, scans }: FittedSession) {
  return {
    tool: "session-process",
    version,
    session: session.id,
    settings,
    config,
    inputs,
    streams: scans.map(({ schema, stream }) => ({ id: schema.id, path: stream.path })),
  };
}

function reportText(run: Run, fitted: FittedSession, issues: readonly Issue[]): string {
  return sessionReport({
    session: run.session,
    reference: fitted.referenceClock.id,
    originNs: fitted.originNs,
    models: fitted.used,
    verdicts: new Map(fitted.clocks.map((clock) => [clock.id, clock])),
    streams: fitted.scans.map((scan): ReportedStream => {
      const { schema, stream, sampling, table } = scan;
      return {
        id: schema.id,
        path: stream.path,
        samples: table.rows,
        rateHz: sampling.rateHz,
        missingSamples: sampling.missingSamples,
        clock: schema.clock.id,
        ...spanOnReference(run.kernel, scan, fitted),
      };
    }),
    issues,
    version: run.version,
  });
}
