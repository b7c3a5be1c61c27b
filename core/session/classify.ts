import type { FileRole, StreamFormat, StreamKind } from "./model.ts";
import { type FileName, parseFileName, parseSessionName } from "./names.ts";

/** Where a file lies within the session. */
export interface FilePlace {
  /** `@name` of the root, or empty for the first one. */
  readonly root: string;
  /** Path of the innermost folder that is named like a session, or of the root. */
  readonly home: string;
  /** Path below that folder. */
  readonly inner: string;
  readonly fileName: string;
  /** Device whose folder `devices/<id>/` it lies in. */
  readonly deviceFolder?: string;
}

/** What a file is, as far as its path says. */
export interface FileClass {
  readonly role: FileRole;
  readonly kind?: StreamKind;
  readonly format?: StreamFormat;
  /** The earlier tool that made it, for outputs that are not ours. */
  readonly tool?: string;
}

/** Takes the path of a file apart. */
export function placeOf(path: string): FilePlace {
  const parts = path.split("/");
  const fileName = parts.at(-1)!;
  const root = parts[0]!.startsWith("@") && parts.length > 1 ? parts[0]! : "";
  let home = root === "" ? 0 : 1;
  let deviceFolder: string | undefined;
  for (let index = home; index < parts.length - 1; index++) {
    if (parts[index] === "devices" && index + 2 < parts.length) deviceFolder = parts[index + 1];
    if (isSessionFolder(parts[index]!)) home = index + 1;
  }
  return {
    root,
    home: parts.slice(0, home).join("/"),
    inner: parts.slice(home).join("/"),
    fileName,
    ...(deviceFolder !== undefined && { deviceFolder }),
  };
}

function isSessionFolder(folder: string): boolean {
  const name = parseSessionName(folder);
  return name !== undefined && !folder.startsWith("hand_segmentation_");
}

interface Rule {
  readonly path: RegExp;
  readonly class: FileClass;
}

const SYNC_TOOL = "an earlier synchronisation";
const HANDS_TOOL = "an earlier hand segmentation";

/** The first rule that matches the lower-case path below the session folder decides. */
const RULES: readonly Rule[] = [
  { path: /^truth\.json$/, class: { role: "output" } },
  { path: /^(processing|exports)\//, class: { role: "output" } },
  {
    path: /(^|\/)hand_segmentation_[^/]+(\/|\.json$)/,
    class: { role: "output", tool: HANDS_TOOL },
  },
  { path: /^synchroni[sz]ed(_data)?\//, class: { role: "output", tool: SYNC_TOOL } },
  { path: /(^|\/)cropped_dataset_[^/]*\//, class: { role: "output", tool: HANDS_TOOL } },
  { path: /(^|\/)(hands_cropped|hand_masks)\.mp4$/, class: { role: "output", tool: HANDS_TOOL } },
  {
    path:
      /_hands_(cropped|mask|annotations)(_|\.)|(^|\/)(detection_log|processing_metadata)\.json$/,
    class: { role: "output", tool: HANDS_TOOL },
  },
  { path: /_summary\.json$/, class: { role: "output", tool: "the session review" } },
  { path: /(^|\/)session-process\.json$/, class: { role: "config" } },
  { path: /(^|\/)(manifest|settings|config)\.json$/, class: { role: "config" } },
  { path: /(^|\/)calibration(_data|_exports)?\//, class: { role: "calibration" } },
  { path: /(^|\/|_)calib(ration)?_[^/]*\.(json|jpe?g|png)$/, class: { role: "calibration" } },
  { path: /(^|\/)(sync_markers|synchronization)\//, class: { role: "sync" } },
  { path: /(^|[/_])(flash|beep|stimulus)_sync_[^/]*\.txt$/, class: { role: "sync" } },
  {
    path: /(^|\/)[^/]*(synchroni[sz]ation|sync_data|protocol)[^/]*\.json$/,
    class: { role: "sync" },
  },
  { path: /(^|[/_])(stimulus_metadata|annotations|events)\.json$/, class: { role: "log" } },
  { path: /_log\.json$|(^|\/)(session_log|log)\.json$/, class: { role: "log" } },
  { path: /(^|[/_])(enhanced_)?experiment_log_[^/]*\.json$/, class: { role: "log" } },
  { path: /(^|[/_])(stimulus_events|session_events(_[^/]*)?)\.csv$/, class: { role: "log" } },
  { path: /\.log$/, class: { role: "log" } },
  {
    path: /(^|[/_])(session_metadata|meta|metadata|emergency_recovery)\.json$/,
    class: { role: "metadata" },
  },
  {
    path: /(^|[/_])(session_config|device_configuration|quality_report)\.json$/,
    class: { role: "metadata" },
  },
  { path: /(^|[/_])session_info\.(txt|json)$/, class: { role: "metadata" } },
];

/** Says what a file is from its path alone. Contents decide later about what this leaves open. */
export function classifyFile(place: FilePlace): FileClass {
  const inner = place.inner.toLowerCase();
  const rule = RULES.find(({ path }) => path.test(inner));
  return rule?.class ?? classifyRecording(inner, parseFileName(place.fileName));
}

/** Extensions of the ISO base media family, which one reader reads. */
const ISO_MEDIA = new Set(["mp4", "m4v", "mov", "3gp"]);
const OTHER_VIDEO = new Set(["avi", "mkv", "webm"]);
const PICTURES = new Set(["dng", "png", "jpg", "jpeg"]);

function classifyRecording(inner: string, { extension, head, stem }: FileName): FileClass {
  if (extension === "csv" || extension === "tsv") {
    return { role: "recording", kind: tableKind(inner, stem.toLowerCase()), format: "csv" };
  }
  if (ISO_MEDIA.has(extension)) {
    return { role: "recording", kind: videoKind(inner, head.toLowerCase()), format: "mp4" };
  }
  if (OTHER_VIDEO.has(extension)) {
    return { role: "recording", kind: videoKind(inner, head.toLowerCase()) };
  }
  if (extension === "dat" && inner.includes("thermal")) {
    return { role: "recording", kind: "thermal", format: "thermal-dat" };
  }
  if (extension === "xdf") return { role: "recording", kind: "lsl", format: "xdf" };
  if (extension === "wav") return { role: "recording", kind: "audio", format: "wav" };
  if (extension === "m4a") return { role: "recording", kind: "audio" };
  const isFrame = PICTURES.has(extension) && /raw|frames?\/|thermal/.test(inner);
  return { role: isFrame ? "recording" : "unknown" };
}

function tableKind(inner: string, stem: string): StreamKind {
  if (/frame_?timestamps|(^|_)rgb_camera_/.test(stem)) return "frame_times";
  if (/(^|_)thermal/.test(stem)) return "thermal_table";
  if (/(^|_)(motion|imu|accel|accelerometer|acc|gyro)(_|$)/.test(stem)) return "motion";
  if (/(^|_)(gsr|eda|shimmer)/.test(stem) || /(^|\/)(shimmer|gsr)\//.test(inner)) return "gsr";
  return "table";
}

function videoKind(inner: string, head: string): StreamKind {
  if (/(^|\/)thermal(_videos|_data)?\//.test(inner)) return "thermal_video";
  if (/(^|\/)(rgb_videos|rgb)\//.test(inner)) return "rgb_video";
  if (/(^|_)thermal(_|$)/.test(head)) return "thermal_video";
  if (/(^|\/)webcam\//.test(inner) || /^(webcam|camera[12])(_|$)/.test(head)) return "webcam_video";
  return "rgb_video";
}
