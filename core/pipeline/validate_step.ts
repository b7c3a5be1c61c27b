import { type Issue, type IssueCode, MISSING_NS, type TimeSpan } from "../base/mod.ts";
import { isSelfContained } from "../session/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";
import { type StreamReport, type UtcOffset, validateSession } from "../validation/mod.ts";
import type { SessionFit } from "./fit.ts";
import type { InputRecord } from "./inputs.ts";
import { placedSpan } from "./model_time.ts";
import type { OpenedSession } from "./open_session.ts";
import type { StreamScan } from "./scan.ts";

/** What can be wrong with a folder, but not with a recording that stands by itself. */
const OF_FOLDERS: ReadonlySet<IssueCode> = new Set<IssueCode>([
  "SESSION_ID_UNUSUAL",
  "SESSION_TIME_MISSING",
  "LOG_MISSING",
  "FILE_NAME_UNUSUAL",
]);

/**
 * Asks every question of the session whose streams were read once and whose clocks were fitted.
 *
 * @example
 * ```ts
 * import { faultySession, fitSession, gradedIssues, hashTwins, Kernel, openSession, resolveSettings, scanSession, validateScans } from "session-process";
 * import { sha256 } from "session-process/runtime";
 * import assert from "node:assert/strict";
 *
 * const kernel = new Kernel();
 * const { folder } = await faultySession("clean");
 * const opened = await openSession(folder);
 * const settings = resolveSettings({}, opened.config, opened.session);
 * const scans = await scanSession({ ...opened, kernel });
 * const fit = fitSession({ session: opened.session, settings, kernel }, scans);
 * const twins = await hashTwins({ ...opened, sha256, report: opened.issues.report });
 * const findings = validateScans({ ...opened, kernel }, scans, fit, twins);
 * for (const issue of [...fit.issues, ...findings]) opened.issues.report(issue);
 * const graded = gradedIssues(opened.issues, opened.config);
 * assert.ok(graded.every(({ severity }) => severity === "info"));
 * ```
 */
export function validateScans(
  { session, config, folder, kernel }: Omit<OpenedSession, "issues"> & { readonly kernel: Kernel },
  scans: readonly StreamScan[],
  fit: SessionFit,
  inputs: readonly InputRecord[] = [],
): Issue[] {
  const hashes = new Map(inputs.map(({ path, sha256 }) => [path, sha256]));
  const utcOffset = utcOffsetOf(fit);
  const findings = validateSession({
    session,
    streams: scans.map((scan) => reportOf(kernel, scan, fit)),
    folderName: folder.name,
    hashes,
    clocks: [...fit.models.values()],
    ...(utcOffset === undefined ? {} : { utcOffset }),
  }, { config });
  if (!isSelfContained(session.files)) return [...findings];
  return findings.filter(({ code }) => !OF_FOLDERS.has(code));
}

function utcOffsetOf({ zone }: SessionFit): UtcOffset | undefined {
  if (zone === undefined) return undefined;
  return { offsetNs: zone.offsetNs, source: zone.source, stated: zone.stated };
}

function reportOf(kernel: Kernel, scan: StreamScan, fit: SessionFit): StreamReport {
  const { stream, schema, sampling, table, video } = scan;
  const { minNs, maxNs } = sampling;
  const spanUtc = fit.referenceClock.kind === "utc"
    ? spanOnReference(kernel, scan, fit)
    : undefined;
  return {
    ...table,
    stream,
    schema,
    sampling: { ...sampling, minNs: minNs ?? MISSING_NS, maxNs: maxNs ?? MISSING_NS },
    ...(spanUtc === undefined ? {} : { spanUtc }),
    ...(video === undefined ? {} : { video }),
  };
}

/**
 * First and last sample of a stream on the reference clock.
 *
 * @example
 * ```ts
 * import { faultySession, fitSession, Kernel, largestSigma, openSession, resolveSettings, scanSession, spanOnReference } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const kernel = new Kernel();
 * const { folder } = await faultySession("clean");
 * const opened = await openSession(folder);
 * const settings = resolveSettings({}, opened.config, opened.session);
 * const scans = await scanSession({ ...opened, kernel });
 * const fit = fitSession({ session: opened.session, settings, kernel }, scans);
 * for (const scan of scans) {
 *   const span = spanOnReference(kernel, scan, fit);
 *   assert.ok(span !== undefined && span.startNs <= span.endNs);
 *   assert.ok(largestSigma(scan, fit.models.get(scan.schema.clock.id)) < 10e9);
 * }
 * ```
 */
export function spanOnReference(
  kernel: Kernel,
  { schema, sampling }: StreamScan,
  { models }: Pick<SessionFit, "models">,
): TimeSpan | undefined {
  const model = models.get(schema.clock.id);
  return model && placedSpan(kernel, model, sampling);
}
