import type { StreamReader } from "../base/mod.ts";
import type { WavReader } from "../readers/mod.ts";
import { hostClock, type Stream, type StreamAnchor } from "../session/mod.ts";

/** How well recorders are set whose files say when they began: by hand, or by the computer they were plugged into. */
const SET_SIGMA_NS = 1e9;

/** The absolute time that a Broadcast Wave file tells of its first sample. */
export function soundFacts(
  { host }: Stream,
  reader: StreamReader,
): { readonly anchors?: readonly StreamAnchor[] } {
  if (!isSound(reader) || reader.info.originLocalNs === undefined) return {};
  const time = {
    ns: reader.info.originLocalNs,
    clock: hostClock(host, "local"),
    sigmaNs: SET_SIGMA_NS,
    source: "origination of Broadcast Wave",
  };
  return { anchors: [{ at: "start", time }] };
}

function isSound(reader: StreamReader): reader is WavReader {
  return "audio" in reader && "info" in reader;
}
