import {
  createIssue,
  type FolderSource,
  type ReportIssue,
  throwIfCancelled,
} from "../../base/mod.ts";
import {
  asList,
  asObject,
  field,
  type JsonReading,
  PC,
  readJson,
  readSmallFile,
  type Session,
  type SessionFile,
} from "../../session/mod.ts";
import { readCalibration } from "./calibration.ts";
import { type LogContents, type LogFile, type LogPart, mergeContents } from "./contents.ts";
import { readEventList, readRecoveryLog } from "./event_lists.ts";
import { readEventTable } from "./event_table.ts";
import { readExperimentLog } from "./experiment_log.ts";
import { readPhoneTimes } from "./phone_times.ts";
import { readSessionLog } from "./session_log.ts";
import { readStoredOffsets } from "./stored_offsets.ts";
import { readSyncMarker } from "./sync_marker.ts";

/** Options of {@linkcode readLogs}. */
export interface ReadLogsOptions {
  /** Receives what is wrong with the logs. */
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads all event logs, sync markers, stored clock offsets and calibration results of a session, file by file
 * in the order of their paths. Whatever is wrong with them goes to `report`; it never throws on data.
 *
 * @example
 * ```ts
 * import { faultySession, loadSession, readLogs } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const { folder } = await faultySession("clean");
 * const { events } = await readLogs(folder, await loadSession(folder));
 * assert.ok(events.some(({ type }) => type === "session_start"));
 * ```
 */
export async function readLogs(
  folder: FolderSource,
  session: Pick<Session, "files" | "devices">,
  { report = () => {}, signal }: ReadLogsOptions = {},
): Promise<LogContents> {
  const parts: LogPart[] = [];
  for (const file of session.files) {
    throwIfCancelled(signal);
    if (!isReadHere(file)) continue;
    const bytes = await readSmallFile(folder, file.path, { report });
    if (bytes === undefined) continue;
    parts.push(
      readLogFile({ path: file.path, host: hostOf(file, session), bytes, report }, file),
    );
  }
  return mergeContents(parts);
}

function isReadHere({ path, role }: SessionFile): boolean {
  if (role === "calibration" || role === "metadata") return /\.(json|txt)$/i.test(path);
  return (role === "log" || role === "sync") && /\.(json|csv|txt|log)$/i.test(path);
}

function hostOf({ device }: SessionFile, { devices }: Pick<Session, "devices">): string {
  const type = devices.find(({ id }) => id === device)?.type;
  return device !== undefined && /phone|android|mobile/i.test(type ?? device) ? device : PC;
}

function readLogFile(file: LogFile, { role }: SessionFile): LogPart {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1).toLowerCase();
  if (name.endsWith(".csv")) return readEventTable(file);
  if (name.endsWith(".log")) return readRecoveryLog(file);
  if (name.endsWith(".txt")) return role === "sync" ? readSyncMarker(file) : {};
  // Metadata were read before: what is wrong with them has been reported.
  const report = role === "metadata" ? () => {} : file.report;
  const reading = readJson(file.bytes, { path: file.path, report });
  if (role === "calibration") return readCalibration(reading, file);
  if (role === "metadata") return readFromMetadata(reading, file, name);
  const offsets = readStoredOffsets(reading.value, file);
  if (role === "sync") return mergeContents([offsets, readProtocolEvents(reading, file)]);
  return mergeContents([offsets, readJsonLog(reading, file, name)]);
}

/** Metadata of sibling programs hold events and offsets; those of a phone tie its wall time to UTC. */
function readFromMetadata(reading: JsonReading, file: LogFile, name: string): LogPart {
  const root = asObject(reading.value);
  const hasEvents = Array.isArray(field(root, "events"));
  return mergeContents([
    readStoredOffsets(reading.value, file),
    hasEvents ? readEventList(reading, file) : {},
    name.endsWith("session_config.json") ? readPhoneTimes(reading, file) : {},
  ]);
}

function readJsonLog(reading: JsonReading, file: LogFile, name: string): LogPart {
  const root = asObject(reading.value);
  if (Object.hasOwn(root ?? {}, "experiment_info")) return readExperimentLog(reading, file);
  if (name.includes("stimulus_metadata")) {
    return readEventList(reading, file, { defaultType: "stimulus" });
  }
  if (Array.isArray(reading.value) && !name.endsWith("_log.json")) {
    return readEventList(reading, file, { defaultType: "annotation" });
  }
  const first = asObject(asList(field(root, "events"))[0]);
  const isExperiment = field(first, "experiment_time", "timestamps") !== undefined;
  if (isExperiment) return readExperimentLog(reading, file);
  if (root === undefined && asObject(asList(reading.value)[0]) === undefined) {
    reportNoLog(reading, file);
  }
  return readSessionLog(reading, file);
}

function reportNoLog(reading: JsonReading, { path, report }: LogFile): void {
  if (reading.value === undefined) return;
  const params = { key: "the document", expected: "an object", found: typeof reading.value };
  report(createIssue("METADATA_TYPE_WRONG", params, { path }));
}

/** Events of the protocol export stand below `protocol_execution`. */
function readProtocolEvents(reading: JsonReading, file: LogFile): LogPart {
  const execution = asObject(field(asObject(reading.value), "protocol_execution"));
  if (execution === undefined) return {};
  return readEventList({ ...reading, value: execution }, file);
}
