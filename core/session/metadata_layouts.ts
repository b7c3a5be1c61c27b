import { asObject, field } from "./json.ts";
import type { JsonObject, JsonValue } from "./json_parser.ts";
import type { MetadataVariant } from "./model.ts";

/** How one layout of metadata is recognised and where it keeps things. */
export interface MetadataLayout {
  readonly variant: MetadataVariant;
  matches(root: JsonObject, path: string): boolean;
  /** The object with id and times. */
  body(root: JsonObject): JsonObject;
  devices(root: JsonObject, body: JsonObject): JsonValue | undefined;
  files(root: JsonObject, body: JsonObject): JsonValue | undefined;
  /** Keys that the body must have. */
  readonly required: readonly string[];
  /** All keys of the body, when other keys are worth a note. */
  readonly known?: ReadonlySet<string>;
}

const PLAIN = {
  body: (root: JsonObject) => root,
  devices: (root: JsonObject) => field(root, "devices"),
  files: (root: JsonObject) => field(root, "files"),
  required: [],
} as const;

const M1_REQUIRED = ["session_id", "session_name", "start_time", "status", "devices", "files"];
const M1_KNOWN = new Set([
  ...M1_REQUIRED,
  "folder_path",
  "end_time",
  "duration",
  "post_processing",
]);

/** Every layout, the most telling first; the last one takes whatever is left. */
const LAYOUTS: readonly MetadataLayout[] = [
  {
    ...PLAIN,
    variant: "M5",
    matches: (root) => nested(root, "sessionMetadata") !== undefined,
    body: (root) => nested(root, "sessionMetadata")!,
    devices: (_root, body) => deviceOfPhone(body),
    files: (root, body) => field(body, "files") ?? field(root, "files"),
  },
  {
    ...PLAIN,
    variant: "M7",
    matches: (_root, path) => /(^|\/)metadata\/session_info\.json$/.test(path),
    body: (root) => nested(root, "session_info") ?? root,
    devices: (root, body) => field(root, "devices") ?? field(body, "devices"),
  },
  {
    ...PLAIN,
    variant: "M6",
    matches: (root) => nested(root, "session_info") !== undefined,
    body: (root) => nested(root, "session_info")!,
    files: (root) => field(root, "data_files"),
  },
  {
    ...PLAIN,
    variant: "phone",
    matches: (root, path) =>
      /(^|[/_])(session_config|emergency_recovery)\.json$/.test(path) ||
      Object.hasOwn(root, "emergency_metadata"),
    body: (root) => nested(root, "session_metadata") ?? root,
  },
  {
    ...PLAIN,
    variant: "S2",
    matches: (root) => Object.hasOwn(root, "created_at_ns") || Object.hasOwn(root, "start_time_ns"),
  },
  {
    ...PLAIN,
    variant: "S1",
    matches: (root) => Object.hasOwn(root, "startTime") && !Object.hasOwn(root, "session_id"),
  },
  {
    ...PLAIN,
    variant: "M4",
    matches: (root) =>
      Object.hasOwn(root, "created_timestamp") || Object.hasOwn(root, "session_parameters"),
  },
  {
    ...PLAIN,
    variant: "M3",
    matches: (root) => Array.isArray(field(root, "devices")) && !Object.hasOwn(root, "start_time"),
    required: ["session_id", "timestamp", "devices"],
  },
  {
    ...PLAIN,
    variant: "M2",
    matches: usesDocumentedValues,
    required: [...M1_REQUIRED, "folder_path"],
    known: M1_KNOWN,
  },
  { ...PLAIN, variant: "M1", matches: () => true, required: M1_REQUIRED, known: M1_KNOWN },
];

/** The layout of metadata: that of the recorder when nothing speaks for another. */
export function layoutOf(root: JsonObject, path: string): MetadataLayout {
  return LAYOUTS.find((layout) => layout.matches(root, path)) ?? LAYOUTS.at(-1)!;
}

/** Values that the documented schema allows but the recorder never writes tell M2 from M1. */
function usesDocumentedValues(root: JsonObject): boolean {
  if (field(root, "status") === "error") return true;
  const processing = Object.keys(asObject(field(root, "post_processing")) ?? {});
  if (processing.some((key) => /^(synchronization|export)_/.test(key))) return true;
  return Object.values(asObject(field(root, "devices")) ?? {}).some((device) => {
    const status = field(asObject(device), "status");
    return status === "disconnected" || status === "error";
  });
}

function nested(root: JsonObject, key: string): JsonObject | undefined {
  return asObject(field(root, key));
}

/** A phone describes itself: its id stands beside the session, what it is in `deviceInfo`. */
function deviceOfPhone(body: JsonObject): JsonValue | undefined {
  const id = field(body, "deviceId", "device_id");
  if (typeof id !== "string" || id === "") return field(body, "devices");
  return { [id]: { device_type: "android_phone", ...nested(body, "deviceInfo") } };
}
