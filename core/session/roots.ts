import { createIssue, type ReportIssue, type TimeNs } from "../base/mod.ts";
import type { ReadTime } from "./date_times.ts";
import type { FoundFile } from "./entries.ts";
import type { MetadataFacts } from "./metadata_facts.ts";
import type { SessionRoot } from "./model.ts";
import { type NamedTime, parseSessionName } from "./names.ts";
import { secondsBetween } from "./stamps.ts";

/** Phones are started by hand before the PC, and files are fetched long after the end. */
const SECONDS_BEFORE = 600;
const SECONDS_AFTER = 7200;
/** Allowed after the start when the end of the session is not known. */
const SECONDS_OPEN = 43_200;
/** Between a time with and one without a zone: zones reach from UTC-12 to UTC+14. */
const SECONDS_ZONE = 50_400;

/** What is needed to decide which folders belong together. */
export interface RootsInput {
  /** Name of the first folder. */
  readonly name: string;
  readonly files: readonly FoundFile[];
  readonly facts: readonly MetadataFacts[];
  readonly report: ReportIssue;
}

interface Span {
  readonly startNs: TimeNs;
  readonly endNs: TimeNs;
}

interface RootTimes {
  readonly local?: Span;
  readonly utc?: Span;
  /** An end was recorded, not only starts. */
  readonly closed: boolean;
}

/** Joins the folders that were given to one session and leaves out those that are far from it in time. */
export function joinRoots({ name, files, facts, report }: RootsInput): readonly SessionRoot[] {
  const prefixes = [...new Set(files.map(({ place }) => place.root))].filter((root) => root !== "");
  const timesOf = (root: string) =>
    rootTimes(
      root === "" ? name : root.slice(1),
      files.filter(({ place }) => place.root === root),
      facts.filter(({ path }) => rootOf(path) === root),
    );
  const main = timesOf("");
  const mainIds = facts.filter(({ path }) => rootOf(path) === "").flatMap(({ id }) => id ?? []);
  const ids = new Set([name, ...mainIds]);
  const roots: SessionRoot[] = [{ prefix: "", name }];
  for (const prefix of prefixes) {
    const rootName = prefix.slice(1).replace(/~\d+$/, "");
    const gap = gapSeconds(main, timesOf(prefix));
    const reason = nameReason(rootName, ids) ?? timeReason(gap);
    const root = { root: rootName };
    if (reason !== undefined) {
      report(createIssue("SESSION_ROOT_STITCHED", { ...root, reason }, { path: prefix }));
      roots.push({ prefix, name: rootName, reason });
    } else report(createIssue("SESSION_ROOT_UNRELATED", { ...root, gap: gap! }, { path: prefix }));
  }
  return roots;
}

/** `@name` of the folder that a path lies in; empty for the first one. */
export function rootOf(path: string): string {
  return path.startsWith("@") && path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

function nameReason(rootName: string, ids: ReadonlySet<string>): string | undefined {
  const doubled = parseSessionName(rootName)?.doubledId;
  return ids.has(rootName) || (doubled !== undefined && ids.has(doubled)) ? "its name" : undefined;
}

/** Seconds beyond what is tolerated do not join; a folder without times was given on purpose. */
function timeReason(gap: number | undefined): string | undefined {
  if (gap === undefined) return "being given, since it carries no time";
  return gap === 0 ? "overlap in time" : undefined;
}

/** Seconds between session and folder, 0 when within what is tolerated; undefined without times. */
function gapSeconds(main: RootTimes, other: RootTimes): number | undefined {
  for (const kind of ["utc", "local"] as const) {
    const [a, b] = [main[kind], other[kind]];
    if (a !== undefined && b !== undefined) return toleratedGap(a, b, main.closed, 0);
  }
  const [a, b] = [main.utc ?? main.local, other.utc ?? other.local];
  return a && b && toleratedGap(a, b, main.closed, SECONDS_ZONE);
}

function toleratedGap(main: Span, other: Span, closed: boolean, zone: number): number {
  const before = secondsBetween(other.endNs, main.startNs);
  const after = secondsBetween(main.endNs, other.startNs);
  if (before > SECONDS_BEFORE + zone) return Math.round(before);
  return after > (closed ? SECONDS_AFTER : SECONDS_OPEN) + zone ? Math.round(after) : 0;
}

function rootTimes(
  name: string,
  files: readonly FoundFile[],
  facts: readonly MetadataFacts[],
): RootTimes {
  const times: (ReadTime | NamedTime)[] = [
    ...facts.flatMap(({ start, end }) => [start?.time ?? [], end?.time ?? []].flat()),
    ...[parseSessionName(name)?.time ?? []].flat(),
    ...files.flatMap(({ name: { time } }) => time ?? []),
  ];
  const local = spanOf(times, "local");
  const utc = spanOf(times, "utc");
  const closed = facts.some(({ end }) => end !== undefined);
  return { ...(local && { local }), ...(utc && { utc }), closed };
}

function spanOf(times: readonly (ReadTime | NamedTime)[], kind: "local" | "utc"): Span | undefined {
  const all = times.filter((time) => time.kind === kind).map(({ ns }) => ns);
  if (all.length === 0) return undefined;
  return all.reduce<Span>(
    ({ startNs, endNs }, ns) => ({
      startNs: ns < startNs ? ns : startNs,
      endNs: ns > endNs ? ns : endNs,
    }),
    { startNs: all[0]!, endNs: all[0]! },
  );
}
