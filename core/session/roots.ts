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

/** Which folders make up a session. */
export interface JoinedRoots {
  readonly roots: readonly SessionRoot[];
  /** Whether a path lies in a folder that belongs to the session. */
  includes(path: string): boolean;
}

/**
 * Joins the folders that were given to one session and leaves out those that are far from it in time, also
 * folders of other sessions that lie inside: whoever gives the folder of all recordings means one of them.
 */
export function joinRoots(input: RootsInput): JoinedRoots {
  const { name, report } = input;
  const main = describeHome(mainHome(input), input);
  const roots: SessionRoot[] = [{ prefix: "", name }];
  const excluded: string[] = [];
  for (const path of otherFolders(main.path, input)) {
    const other = describeHome(path, input);
    const isRoot = !path.includes("/") && path.startsWith("@");
    const gap = gapSeconds(main.times, other.times);
    const reason = nameReason(other.name, main.ids) ?? timeReason(gap);
    const isOther = !isRoot && other.pcIds.some((id) => !main.ids.has(id));
    const where = { path };
    if (reason === undefined || isOther) {
      excluded.push(path);
      report(createIssue("SESSION_ROOT_UNRELATED", { root: other.name, gap: gap ?? 0 }, where));
    } else if (isRoot) {
      roots.push({ prefix: path, name: other.name, reason });
      report(createIssue("SESSION_ROOT_STITCHED", { root: other.name, reason }, where));
    }
  }
  const includes = (path: string) => !excluded.some((folder) => path.startsWith(`${folder}/`));
  return { roots, includes };
}

/** The folder that is the session itself: the given one, or the first session inside it. */
function mainHome({ files, facts }: RootsInput): string {
  const homes = files.filter(({ place }) => place.root === "").map(({ place }) => place.home);
  if (homes.length === 0 || homes.includes("")) return "";
  const metadata = facts.find(({ path }) => rootOf(path) === "" && !isOfPhone(path, facts));
  return files.find(({ entry }) => entry.path === metadata?.path)?.place.home ?? homes[0]!;
}

function isOfPhone(path: string, facts: readonly MetadataFacts[]): boolean {
  const variant = facts.find((item) => item.path === path)?.variant;
  return variant === "phone" || variant === "M5";
}

/** Given folders as a whole, and session folders inside the first one. */
function otherFolders(main: string, { files }: RootsInput): readonly string[] {
  const folders = files.map(({ place: { root, home } }) => root === "" ? home : root);
  return [...new Set(folders)].filter((folder) => folder !== main && folder !== "");
}

interface HomeDescription {
  readonly path: string;
  readonly name: string;
  readonly times: RootTimes;
  /** Its own name and the ids of its metadata. */
  readonly ids: ReadonlySet<string>;
  /** Ids of metadata that a PC wrote. */
  readonly pcIds: readonly string[];
}

function describeHome(path: string, { name, files, facts }: RootsInput): HomeDescription {
  const isInside = path.startsWith("@") && !path.includes("/")
    ? (file: string) => rootOf(file) === path
    : insideHome(path, files);
  const own = facts.filter((item) => isInside(item.path));
  const last = path.slice(path.lastIndexOf("/") + 1);
  const folderName = path === "" ? name : last.replace(/^@|~\d+$/g, "");
  return {
    path,
    name: folderName,
    times: rootTimes(folderName, files.filter(({ entry }) => isInside(entry.path)), own),
    ids: new Set([folderName, ...own.flatMap(({ id }) => id ?? [])]),
    pcIds: own.filter((item) => !isOfPhone(item.path, facts)).flatMap(({ id }) => id ?? []),
  };
}

function insideHome(home: string, files: readonly FoundFile[]): (path: string) => boolean {
  const inside = new Set(
    files.filter(({ place }) => place.home === home).map(({ entry }) => entry.path),
  );
  return (path) => inside.has(path);
}

/** `@name` of the folder that a path lies in; empty for the first one. */
function rootOf(path: string): string {
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
