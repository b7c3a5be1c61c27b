import { createIssue, type IssueWhere, type ReportIssue } from "../base/mod.ts";
import { timeField } from "./date_times.ts";
import { asList, asNumber, asObject, asText, field, textOf } from "./json.ts";
import type { JsonObject, JsonValue } from "./json_parser.ts";
import type { DeviceFacts, FactTime, FileFacts, MetadataFacts } from "./metadata_facts.ts";
import { layoutOf, type MetadataLayout } from "./metadata_layouts.ts";

const ID_KEYS = ["session_id", "sessionId", "id"];
const NAME_KEYS = ["session_name", "sessionName", "name"];
const STATUS_KEYS = ["status", "state"];
const START_KEYS = [
  "start_time_ns",
  "start_time",
  "startTime",
  "start_timestamp",
  "started_at",
  "created_timestamp",
  "timestamp",
  "created_at_ns",
  "created_at",
];
const END_KEYS = ["end_time_ns", "end_time", "endTime", "end_timestamp", "ended_at"];
const CREATED_KEYS = ["created_time", "created_timestamp", "created_at", "timestamp"];

/** Keys of a session that end up in the model, so that they are no details. */
const BODY_KEYS: ReadonlySet<string> = new Set([
  ...[ID_KEYS, NAME_KEYS, STATUS_KEYS, START_KEYS, END_KEYS].flat(),
  ...["duration", "duration_seconds", "durationSeconds", "duration_ns"],
  ...["devices", "files", "data_files", "events", "sessionMetadata", "session_info"],
]);
const DEVICE_KEYS: ReadonlySet<string> = new Set([
  ...["device_id", "deviceId", "id", "device_type", "deviceType", "type"],
  ...["status", "capabilities", "added_time"],
]);

/** A metadata document. */
export interface MetadataValue {
  readonly value: JsonValue;
  /** Nothing of it was lost, so that what is missing was never written. */
  readonly complete: boolean;
}

/**
 * Reads session metadata in any layout. Wrong types and missing or unknown keys become issues; a value that
 * cannot be used is left out.
 */
export function readMetadata(
  { value, complete }: MetadataValue,
  path: string,
  report: ReportIssue,
): MetadataFacts {
  const root = asObject(value) ?? asObject(asList(value)[0]) ?? {};
  const layout = layoutOf(root, path);
  const body = layout.body(root);
  if (asObject(value) === undefined && !Array.isArray(value)) {
    reportType("the document", "an object", value, { path }, report);
  }
  if (complete) checkRequired(layout, body, path, report);
  checkKnown(layout, body, path, report);
  const keep = (name: string, keys: string[]) => textField(body, name, keys, { path }, report);
  const id = keep("id", ID_KEYS);
  const name = keep("name", NAME_KEYS);
  const status = keep("status", STATUS_KEYS);
  const start = readTime(body, START_KEYS, { path }, report);
  const end = readTime(body, END_KEYS, { path }, report);
  const durationSeconds = durationOf(body, { path }, report);
  return {
    path,
    variant: layout.variant,
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    ...(status !== undefined && { status }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(durationSeconds !== undefined && { durationSeconds }),
    devices: readDevices(layout.devices(root, body), path, report),
    files: readFiles(layout.files(root, body), path, report),
    details: otherFields({ ...root, ...body }, BODY_KEYS),
  };
}

function checkRequired(
  layout: MetadataLayout,
  body: JsonObject,
  path: string,
  report: ReportIssue,
): void {
  for (const key of layout.required) {
    if (!Object.hasOwn(body, key)) report(createIssue("METADATA_KEY_MISSING", { key }, { path }));
  }
}

function checkKnown(
  layout: MetadataLayout,
  body: JsonObject,
  path: string,
  report: ReportIssue,
): void {
  if (layout.known === undefined) return;
  for (const key of Object.keys(body)) {
    if (!layout.known.has(key)) report(createIssue("METADATA_KEY_UNKNOWN", { key }, { path }));
  }
}

function textField(
  body: JsonObject,
  what: string,
  keys: readonly string[],
  where: IssueWhere,
  report: ReportIssue,
): string | undefined {
  const key = keys.find((name) => Object.hasOwn(body, name)) ?? what;
  const value = field(body, key);
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  reportType(key, "text", value, where, report);
  return typeof value === "object" ? undefined : textOf(value);
}

function readTime(
  object: JsonObject,
  keys: readonly string[],
  where: IssueWhere,
  report: ReportIssue,
): FactTime | undefined {
  const found = timeField(object, keys);
  if (found !== undefined) return found;
  const key = keys.find((name) => (field(object, name) ?? null) !== null);
  if (key !== undefined) reportType(key, "a date and time", object[key]!, where, report);
  return undefined;
}

function durationOf(
  body: JsonObject,
  where: IssueWhere,
  report: ReportIssue,
): number | undefined {
  const stated = field(body, "duration", "duration_seconds", "durationSeconds") ?? null;
  if (stated !== null && asNumber(stated) === undefined) {
    reportType("duration", "a number of seconds", stated, where, report);
  }
  const seconds = asNumber(stated) ??
    asNumber(field(asObject(field(body, "session_parameters")), "duration_seconds"));
  const ns = asNumber(field(body, "duration_ns"));
  return seconds ?? (ns === undefined ? undefined : ns / 1e9);
}

/** Devices are an object by id, or a list of ids or objects. */
function readDevices(
  value: JsonValue | undefined,
  path: string,
  report: ReportIssue,
): readonly DeviceFacts[] {
  const byId = asObject(value);
  if (byId !== undefined) {
    return Object.entries(byId).map(([id, info]) => readDevice(id, info, path, report));
  }
  if (value !== undefined && value !== null && !Array.isArray(value)) {
    reportType("devices", "an object or a list", value, { path }, report);
  }
  return asList(value).flatMap((item) => {
    const object = asObject(item);
    const id = asText(item) ??
      asText(field(object, "device_id", "deviceId", "id", "name", "serial"));
    if (id !== undefined) return [readDevice(id, object ?? {}, path, report)];
    reportType("devices", "a list of devices", item, { path }, report);
    return [];
  });
}

function readDevice(
  id: string,
  info: JsonValue,
  path: string,
  report: ReportIssue,
): DeviceFacts {
  const object = asObject(info);
  if (object === undefined) reportType(`devices.${id}`, "an object", info, { path }, report);
  const type = asText(field(object, "device_type", "deviceType", "type"));
  const status = asText(field(object, "status"));
  const added = object && readTime(object, ["added_time"], { path, device: id }, report);
  const capabilities = asList(field(object, "capabilities")).flatMap((item) => asText(item) ?? []);
  return {
    id,
    ...(type !== undefined && { type }),
    ...(status !== undefined && { status }),
    capabilities,
    ...(added !== undefined && { added }),
    details: otherFields(object ?? {}, DEVICE_KEYS),
  };
}

/** Files are an object of lists by device id, an object of paths by name, or a list. */
function readFiles(
  value: JsonValue | undefined,
  path: string,
  report: ReportIssue,
): readonly FileFacts[] {
  const byDevice = asObject(value);
  if (byDevice !== undefined) {
    return Object.entries(byDevice).flatMap(([key, item]) => {
      if (Array.isArray(item)) {
        return item.flatMap((file: JsonValue) => readFile(key, file, path, report));
      }
      // A name with one path: the name says the type, not the device.
      return readFile("", item, path, report).map((file) => ({ ...file, type: file.type || key }));
    });
  }
  if (value !== undefined && value !== null && !Array.isArray(value)) {
    reportType("files", "an object or a list", value, { path }, report);
  }
  return asList(value).flatMap((item) => readFile("", item, path, report));
}

function readFile(
  device: string,
  value: JsonValue,
  path: string,
  report: ReportIssue,
): FileFacts[] {
  const object = asObject(value);
  const target = asText(value) ??
    asText(field(object, "file_path", "filePath", "path", "filename", "fileName", "name"));
  if (target === undefined) {
    reportType(device === "" ? "files" : `files.${device}`, "a file", value, { path }, report);
    return [];
  }
  const stated = field(object, "file_size", "size_bytes", "size") ?? null;
  const size = asNumber(stated);
  if (stated !== null && size === undefined) {
    reportType("file_size", "a number of bytes", stated, { path }, report);
  }
  const created = object && readTime(object, CREATED_KEYS, { path }, report);
  return [{
    device: asText(field(object, "device_id", "deviceId", "device")) ?? device,
    type: asText(field(object, "file_type", "fileType", "type")) ?? "",
    target,
    ...(size !== undefined && { size }),
    ...(created !== undefined && { created }),
  }];
}

function otherFields(
  object: JsonObject,
  understood: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const others = Object.entries(object).filter(([key, value]) =>
    !understood.has(key) && value !== null
  );
  return Object.fromEntries(others.map(([key, value]) => [key, textOf(value)]));
}

function reportType(
  key: string,
  expected: string,
  value: JsonValue,
  where: IssueWhere,
  report: ReportIssue,
): void {
  const text = textOf(value);
  const found = text.length > 60 ? `${text.slice(0, 60)}...` : text || '""';
  report(createIssue("METADATA_TYPE_WRONG", { key, expected, found }, where));
}
