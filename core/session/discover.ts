import { createIssue, type FolderSource, type ReportIssue } from "../base/mod.ts";
import { DeviceResolver, type FileOwner } from "./devices.ts";
import { type FoundFile, listFiles } from "./entries.ts";
import { type ResolvedTarget, TargetResolver } from "./listed_files.ts";
import { readMetadataFiles } from "./metadata_files.ts";
import type { FactTime, FileFacts, MetadataFacts } from "./metadata_facts.ts";
import type { ListedFile, Session, SessionFile, StampedTime, StreamAnchor } from "./model.ts";
import { parseSessionName } from "./names.ts";
import { joinRoots } from "./roots.ts";
import { PC, stampNamedTime, stampTime } from "./stamps.ts";
import { makeStreams, type Recording } from "./streams.ts";

/** Options of {@linkcode discoverSession}. */
export interface DiscoverOptions {
  /** Receives what is wrong with the folder and its metadata. */
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file that the metadata list, with the place it resolves to. */
interface Registration extends ResolvedTarget {
  readonly facts: FileFacts;
}

/**
 * Finds out what a folder holds: reads the metadata in whatever layout, recognises every file by place and
 * name, and names devices and streams. No sample and no event log is read.
 *
 * Several folders of one session are given as one with `stitchFolders`; those that are far from the session
 * in time are reported and left out. Links are never followed, nothing outside the folder is opened, and
 * whatever is wrong with the data goes to `report`.
 *
 * @example
 * ```ts
 * import { discoverSession, memoryFolder } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const session = await discoverSession(memoryFolder("session_20250731_143022", {
 *   "devices/phone_1/sensor_data/phone_1_gsr_20250731_143022.csv": "timestamp,gsr_value\n",
 *   "webcam/webcam_1_20250731_143022.mp4": new Uint8Array(8),
 * }));
 * assert.deepEqual(session.streams.map(({ id }) => id), ["phone_1/gsr", "webcam_1/webcam_video"]);
 * ```
 */
export async function discoverSession(
  folder: FolderSource,
  { report = () => {}, signal }: DiscoverOptions = {},
): Promise<Session> {
  const all = await listFiles(folder, { report, ...(signal && { signal }) });
  const allFacts = await readMetadataFiles(folder, all, report);
  const joined = joinRoots({ name: folder.name, files: all, facts: allFacts, report });
  const files = all.filter(({ entry }) => joined.includes(entry.path));
  const facts = allFacts.filter(({ path }) => joined.includes(path));
  const main = mainFacts(facts, files);
  // Metadata that are there but cannot be read have been reported.
  const hasMetadata = files.some(({ class: { role }, place }) =>
    role === "metadata" && place.inner === place.fileName
  );
  const isAlone = isSelfContained(
    files.map(({ class: { role }, entry: { path } }) => ({ role, path })),
  );
  if (main === undefined && !hasMetadata && !isAlone) report(createIssue("METADATA_MISSING", {}));
  reportSiblings(files, report);
  reportFolders(files, report);
  const registrations = register(folder.name, files, facts, report);
  const resolver = new DeviceResolver(folder.name, files, facts);
  const recordings = describeFiles(files, facts, registrations, resolver, report);
  return {
    ...identify(folder.name, sameHome(main, facts), resolver),
    roots: joined.roots,
    devices: resolver.devices(recordings.map(({ owner }) => owner)),
    files: recordings.map(({ file }) => file),
    listedFiles: registrations.map(listedFile),
    streams: makeStreams(recordings),
    logs: [],
    events: [],
    clockPairs: [],
    calibrations: [],
  };
}

/**
 * Whether files are a recording that needs no folder around it: a single XDF file, which describes its streams
 * itself. Outputs do not count.
 */
export function isSelfContained(files: readonly Pick<SessionFile, "role" | "path">[]): boolean {
  const recorded = files.filter(({ role }) => role !== "output");
  return recorded.length === 1 && /\.xdf$/i.test(recorded[0]!.path);
}

type Identity = Pick<
  Session,
  "id" | "name" | "declaredId" | "variant" | "metadataPath" | "status" | "start" | "end"
>;

/** The main metadata and what stands beside them: a phone keeps its start and its end in two files. */
function sameHome(
  main: MetadataFacts | undefined,
  facts: readonly MetadataFacts[],
): readonly MetadataFacts[] {
  if (main === undefined) return [];
  if (!isOfPhone(main)) return [main];
  const others = facts.filter((item) =>
    item !== main && isOfPhone(item) && homeOf(item.path) === homeOf(main.path)
  );
  return [main, ...others];
}

/** Who the session is: from its best metadata, else from the name of its folder. */
function identify(
  folderName: string,
  facts: readonly MetadataFacts[],
  resolver: DeviceResolver,
): Identity & Pick<Session, "durationSeconds" | "details"> {
  const [main] = facts;
  const named = parseSessionName(folderName);
  const ended = facts.find(({ end }) => end !== undefined);
  const status = facts.find((item) => item.status !== undefined)?.status;
  const duration = facts.find((item) => item.durationSeconds !== undefined)?.durationSeconds;
  const host = main && isOfPhone(main) ? resolver.phoneAt(homeOf(main.path)) ?? "phone" : PC;
  const start = main?.start && stampFact(main.start, main.path, host);
  const end = ended?.end && stampFact(ended.end, ended.path, host);
  const fallback = named && {
    ...stampNamedTime(named.time, named.writer === "phone" ? resolver.phoneAt("") ?? "phone" : PC),
    source: "folder name",
  };
  const id = main?.id ?? folderName;
  return {
    id,
    name: main?.name ?? (named?.name || id),
    ...(main?.id !== undefined && { declaredId: main.id }),
    variant: main?.variant ?? "none",
    ...(main && { metadataPath: main.path }),
    ...(status !== undefined && { status }),
    ...((start ?? fallback) && { start: start ?? fallback! }),
    ...(end && { end }),
    ...(duration !== undefined && { durationSeconds: duration }),
    ...(main && Object.keys(main.details).length > 0 && { details: main.details }),
  };
}

/**
 * The metadata of the session itself. What a phone says of itself describes the session only where the folder of
 * the phone is all there is.
 */
function mainFacts(
  facts: readonly MetadataFacts[],
  files: readonly FoundFile[],
): MetadataFacts | undefined {
  const homes = new Set(files.map(({ place }) => place.home));
  return facts.find((item) => !isOfPhone(item)) ??
    facts.find(({ path }) => homeOf(path) === "" || (homes.size === 1 && homes.has(homeOf(path))));
}

function isOfPhone({ variant }: MetadataFacts): boolean {
  return variant === "phone" || variant === "M5";
}

function homeOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function stampFact({ key, time }: FactTime, path: string, host: string): StampedTime {
  return stampTime(time, host, { source: `${path} ${key}` });
}

/** Finds the files that the metadata list. */
function register(
  folderName: string,
  files: readonly FoundFile[],
  facts: readonly MetadataFacts[],
  report: ReportIssue,
): readonly Registration[] {
  const names = [folderName, ...facts.flatMap(({ id }) => id ?? [])];
  const resolver = new TargetResolver(files.map(({ entry }) => entry.path), names);
  return facts.flatMap(({ files: listed, path }) =>
    listed.map((file) => {
      const resolved = resolver.resolve(file.target, file.device);
      if (resolved.unsafe) {
        report(createIssue("METADATA_PATH_UNSAFE", { target: file.target }, { path }));
      }
      return { ...resolved, facts: file };
    })
  );
}

function listedFile({ facts, path, unsafe }: Registration): ListedFile {
  const { device, type, target, size, created } = facts;
  return {
    device,
    type,
    target,
    unsafe,
    ...(path !== undefined && { path }),
    ...(size !== undefined && { size }),
    ...(created && {
      createdTime: stampTime(created.time, PC, { source: "metadata created_time" }),
    }),
  };
}

function describeFiles(
  files: readonly FoundFile[],
  facts: readonly MetadataFacts[],
  registrations: readonly Registration[],
  resolver: DeviceResolver,
  report: ReportIssue,
): readonly Recording[] {
  const byPath = new Map(registrations.map((entry) => [entry.path, entry]));
  const foreign = new Map<string, string>();
  const recordings = files.map((found): Recording => {
    const registration = byPath.get(found.entry.path);
    const owner = resolver.ownerOf(found, registration?.facts.device);
    const { tool } = found.class;
    if (tool !== undefined) foreign.set(outputFolder(found), tool);
    const file = describeFile(found, owner, registration !== undefined);
    return { found, file, owner, anchors: anchorsOf(found, owner, facts, registration) };
  });
  for (const [path, tool] of foreign) report(createIssue("OUTPUT_FOREIGN", { tool }, { path }));
  return recordings;
}

/** Outputs are reported once per folder, not once per picture. */
function outputFolder({ entry, place }: FoundFile): string {
  const [first, ...rest] = place.inner.split("/");
  return rest.length === 0 ? entry.path : entry.path.slice(0, -rest.join("/").length - 1) || first!;
}

function describeFile(found: FoundFile, owner: FileOwner, registered: boolean): SessionFile {
  const { entry, place, name, class: { role, kind, tool } } = found;
  return {
    path: entry.path,
    size: entry.size,
    modifiedNs: entry.modifiedNs,
    role,
    ...(owner.device !== undefined && { device: owner.device }),
    ...(kind !== undefined && { kind }),
    ...(name.time && { namedTime: stampNamedTime(name.time, owner.host) }),
    ...(tool !== undefined && { tool }),
    ...(place.root !== "" && { root: place.root }),
    registered,
    ...(entry.unreadable !== undefined && { unreadable: entry.unreadable }),
  };
}

/** Absolute times of a recording: its name, the phone's own session start, when it was registered. */
function anchorsOf(
  { name, place }: FoundFile,
  owner: FileOwner,
  facts: readonly MetadataFacts[],
  registration: Registration | undefined,
): readonly StreamAnchor[] {
  const anchors: StreamAnchor[] = [];
  if (name.time) anchors.push({ at: "start", time: stampNamedTime(name.time, owner.host) });
  const phoneFacts = facts.find((item) => isOfPhone(item) && homeOf(item.path) === place.home);
  if (phoneFacts?.start?.time.kind === "utc" && owner.host !== PC) {
    const source = `${phoneFacts.path} ${phoneFacts.start.key}`;
    const time = stampTime(phoneFacts.start.time, owner.host, { source, sigmaNs: 1e9 });
    anchors.push({ at: "start", time });
  }
  const created = registration?.facts.created;
  if (created !== undefined) {
    // Files are registered after the recording has stopped, a matter of seconds.
    const time = stampTime(created.time, PC, { source: "metadata created_time", sigmaNs: 3e9 });
    anchors.push({ at: "end", time });
  }
  return anchors;
}

/** The recorder keeps its log in a second folder, whose name doubles the time stamp. */
function reportSiblings(files: readonly FoundFile[], report: ReportIssue): void {
  for (const { entry, place, class: { role } } of files) {
    const folder = place.home.slice(place.home.lastIndexOf("/") + 1).replace(/^@/, "");
    if (role !== "log" || !entry.path.endsWith("_log.json")) continue;
    if (parseSessionName(folder)?.doubledId !== undefined) {
      report(createIssue("LOG_IN_SIBLING", { folder }, { path: entry.path }));
    }
  }
}

/** Folders that the documents or the recorders know inside a session. */
const KNOWN_FOLDER_REGEXP =
  /^(devices|webcam|processing|exports|metadata|shimmer|gsr|rgb|thermal|thermal_data|raw_frames|calibration(_data|_exports)?|sync_markers|synchronization|synchroni[sz]ed(_data)?|movies|pictures|cropped_dataset_.*|hand_segmentation_.*)$/i;

function reportFolders(files: readonly FoundFile[], report: ReportIssue): void {
  const reported = new Set<string>();
  for (const { entry, place, class: { role } } of files) {
    if (role === "output") continue;
    const [folder, ...rest] = place.inner.split("/");
    if (rest.length === 0 || KNOWN_FOLDER_REGEXP.test(folder!)) continue;
    const path = entry.path.slice(0, -rest.join("/").length - 1);
    if (reported.has(path)) continue;
    reported.add(path);
    report(createIssue("FOLDER_UNEXPECTED", { folder: folder! }, { path }));
  }
}
