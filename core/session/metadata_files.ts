import { createIssue, type FolderSource, type ReportIssue } from "../base/mod.ts";
import type { FoundFile } from "./entries.ts";
import { readJson } from "./json.ts";
import { readMetadata } from "./metadata.ts";
import type { MetadataFacts } from "./metadata_facts.ts";
import { parseSessionInfo } from "./phone_info.ts";
import { readSmallFile } from "./small_file.ts";
import { decodeText } from "./text.ts";

/** Metadata of a session by the name of their file, the most trustworthy first. */
const PREFERENCE = [
  "session_metadata.json",
  "meta.json",
  "metadata.json",
  "session_info.json",
  "session_config.json",
  "session_info.txt",
  "emergency_recovery.json",
];

/** Reads every metadata file of a session, the most trustworthy first. */
export async function readMetadataFiles(
  folder: FolderSource,
  files: readonly FoundFile[],
  report: ReportIssue,
): Promise<readonly MetadataFacts[]> {
  const candidates = files.filter(({ class: { role } }) => role === "metadata")
    .filter((file) => rank(file) < PREFERENCE.length)
    .sort((a, b) => depth(a) - depth(b) || rank(a) - rank(b));
  const all: MetadataFacts[] = [];
  for (const { entry, place } of candidates) {
    const bytes = await readSmallFile(folder, entry.path, { report });
    const facts = bytes && factsOf(bytes, entry.path, place.inner, report);
    if (facts !== undefined) all.push(facts);
  }
  return all.sort((a, b) => Number(a.variant === "phone") - Number(b.variant === "phone"));
}

function factsOf(
  bytes: Uint8Array,
  path: string,
  inner: string,
  report: ReportIssue,
): MetadataFacts | undefined {
  if (inner.toLowerCase().endsWith(".txt")) {
    const value = parseSessionInfo(decodeText(bytes).text);
    return { ...readMetadata({ value, complete: false }, path, () => {}), variant: "phone" };
  }
  const expandKotlinMaps = inner.toLowerCase().endsWith("emergency_recovery.json");
  const { value, complete } = readJson(bytes, { path, report, expandKotlinMaps });
  if (value === undefined) return undefined;
  const facts = readMetadata({ value, complete }, path, report);
  if (facts.variant !== "M1" && facts.variant !== "phone") {
    report(createIssue("METADATA_VARIANT", { variant: facts.variant }, { path }));
  }
  return facts;
}

/** The first folder comes before joined ones, and a folder before what is inside it. */
function depth({ place, entry }: FoundFile): number {
  return entry.path.split("/").length + (place.root === "" ? 0 : 100);
}

function rank({ place }: FoundFile): number {
  const name = place.fileName.toLowerCase();
  const index = PREFERENCE.findIndex((known) => name === known || name.endsWith(`_${known}`));
  return index < 0 ? PREFERENCE.length : index;
}
