import type { FileOwner } from "./devices.ts";
import type { FoundFile } from "./entries.ts";
import type { SessionFile, Stream, StreamAnchor, StreamKind } from "./model.ts";

/** A recording with all that was found out about it. */
export interface Recording {
  readonly found: FoundFile;
  readonly file: SessionFile;
  readonly owner: FileOwner;
  readonly anchors: readonly StreamAnchor[];
}

const NAMES: Readonly<Partial<Record<StreamKind, string>>> = {
  gsr: "gsr",
  motion: "motion",
  rgb_video: "rgb_video",
  thermal_video: "thermal_video",
  webcam_video: "webcam_video",
  thermal: "thermal",
  thermal_table: "thermal_table",
  frame_times: "frame_times",
  lsl: "lsl",
  audio: "audio",
};

/** Makes a stream of each recording whose format can be read. Names are unique within their device. */
export function makeStreams(recordings: readonly Recording[]): readonly Stream[] {
  const taken = new Set<string>();
  return recordings.flatMap(({ found, file, owner, anchors }): Stream[] => {
    const { kind, format } = found.class;
    if (kind === undefined || format === undefined || file.role !== "recording") return [];
    const device = owner.device ?? "unknown";
    const name = uniqueName(device, NAMES[kind] ?? tableName(found, device), taken);
    return [{
      id: `${device}/${name}`,
      device,
      name,
      kind,
      format,
      path: file.path,
      host: owner.host,
      anchors,
    }];
  });
}

function uniqueName(device: string, name: string, taken: Set<string>): string {
  let unique = name;
  for (let number = 2; taken.has(`${device}/${unique}`); number++) unique = `${name}_${number}`;
  taken.add(`${device}/${unique}`);
  return unique;
}

/** A table of no known kind is called what its file name says beside the device. */
function tableName({ name }: FoundFile, device: string): string {
  const head = name.head.startsWith(`${device}_`) ? name.head.slice(device.length + 1) : name.head;
  const plain = head.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  return plain.slice(0, 40) || "table";
}
