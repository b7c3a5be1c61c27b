import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";

/** Folders that the documented tree or one of the recording programs makes, below any root. */
const KNOWN_FOLDERS: readonly RegExp[] = [
  /^$/,
  /^devices\/[^/]+(\/(rgb_videos|thermal_videos|sensor_data|sync_markers|synchronization))?$/,
  /^(webcam|shimmer|thermal_data|raw_frames|sync_markers|synchronization|Movies|Pictures)$/,
  /^(calibration|calibration_data|calibration_exports)(\/|$)/,
  /^(raw_rgb|thermal|rgb|gsr|metadata|synchronised)(_[^/]*)?$/,
  /^hand_segmentation/,
];

/** Folders that hold recordings but are not part of any known tree, each reported once. */
export const folders: Check = {
  name: "folders",
  codes: ["FOLDER_UNEXPECTED"],
  *check({ session }) {
    const recordings = session.files.filter(({ role }) => role === "recording");
    const found = new Set(recordings.map(({ path }) => path.slice(0, path.lastIndexOf("/") + 1)));
    for (const path of found) {
      const folder = path.replace(/\/$/, "");
      const inner = folder.replace(/^@[^/]*\/?/, "");
      if (KNOWN_FOLDERS.some((known) => known.test(inner))) continue;
      yield createIssue("FOLDER_UNEXPECTED", { folder }, { path: folder });
    }
  },
};
