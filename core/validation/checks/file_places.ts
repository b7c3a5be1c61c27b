import { createIssue } from "../../base/mod.ts";
import type { SessionFile, StreamKind } from "../../session/mod.ts";
import type { Check } from "../check.ts";
import { baseName } from "../places.ts";

/** What belongs in each folder of the documented tree. */
const CONTENTS: Readonly<Record<string, readonly StreamKind[]>> = {
  rgb_videos: ["rgb_video", "frame_times"],
  thermal_videos: ["thermal_video", "thermal", "thermal_table", "frame_times"],
  sensor_data: ["gsr", "motion", "table", "thermal_table", "frame_times", "events", "audio"],
  webcam: ["webcam_video", "frame_times"],
};

/** Files in the folder of another kind or of another device. */
export const filePlaces: Check = {
  name: "file-places",
  codes: ["FILE_MISPLACED"],
  *check({ session }) {
    const devices = session.devices.map(({ id }) => id);
    for (const file of session.files) {
      if (file.role !== "recording") continue;
      const found = wrongKind(file) ?? wrongDevice(file, devices);
      if (found !== undefined) yield createIssue("FILE_MISPLACED", found, { path: file.path });
    }
  },
};

interface Misplacement {
  readonly named: string;
  readonly folder: string;
}

function wrongKind({ path, kind }: SessionFile): Misplacement | undefined {
  const folder = path.split("/").at(-2) ?? "";
  const allowed = Object.hasOwn(CONTENTS, folder) ? CONTENTS[folder] : undefined;
  if (allowed === undefined || kind === undefined || allowed.includes(kind)) return undefined;
  return { named: kind, folder };
}

function wrongDevice({ path }: SessionFile, devices: readonly string[]): Misplacement | undefined {
  const folder = /^(?:@[^/]+\/)?devices\/([^/]+)\//.exec(path)?.[1];
  if (folder === undefined || isNamedFor(path, folder)) return undefined;
  const named = devices.find((device) => device !== folder && isNamedFor(path, device));
  return named === undefined ? undefined : { named, folder };
}

function isNamedFor(path: string, device: string): boolean {
  return baseName(path).startsWith(`${device}_`);
}
