import { rootSumSquares } from "../../base/mod.ts";
import type { StreamAnchor } from "../../session/mod.ts";
import type { VideoInfo } from "./info.ts";

/** One sigma of a time that was cut off to whole seconds. */
const SECOND_SIGMA_NS = 0.29e9;

/** One sigma of the time that a recorder takes to finish a file before it notes the end. */
const FINISH_SIGMA_NS = 0.5e9;

/** Options of {@linkcode creationAnchor}. */
export interface CreationAnchorOptions {
  /** Device whose clock stamped the file. */
  readonly device: string;
  /** What the creation time marks, when the recorder is known. Absent: taken from the file. */
  readonly marks?: "start" | "end";
}

/**
 * The absolute time that the creation time of a video tells, if it has one.
 *
 * Some recorders note when they began, others (Android's) when they finished, and the file mostly does
 * not say which. Unless it is known, the start is put in the middle of what is possible, half the
 * duration before the stamp, with half the duration as sigma: honest, but good for plausibility only.
 *
 * @example
 * ```ts
 * import { bytesSource, creationAnchor, defaultPlan, readMp4Info } from "session-process";
 * import { MemoryFolderSink, simulateSession } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const sink = new MemoryFolderSink();
 * await simulateSession(defaultPlan({ durationSeconds: 2, phones: 1, video: true }), sink);
 * const [, bytes] = [...sink.files].find(([path]) => path.endsWith(".mp4"))!;
 * const info = await readMp4Info(bytesSource(bytes));
 * const anchor = creationAnchor(info, { device: "phone_1", marks: "end" });
 * assert.deepEqual([anchor?.at, anchor?.time.clock.id], ["end", "phone_1/utc"]);
 * ```
 */
export function creationAnchor(
  info: VideoInfo,
  { device, marks }: CreationAnchorOptions,
): StreamAnchor | undefined {
  const stamp = info.creationUtcNs;
  const video = info.tracks.find(({ kind }) => kind === "video");
  if (stamp === undefined || video === undefined) return undefined;
  const known = marks ?? (info.creationMarks === "end" ? "end" : undefined);
  const clock = { id: `${device}/utc`, kind: "utc" } as const;
  // The stamp was cut off to its second, so the middle of that second is most likely.
  const middle = stamp + 500_000_000n;
  if (known !== undefined) {
    const sigmaNs = known === "end"
      ? rootSumSquares(SECOND_SIGMA_NS, FINISH_SIGMA_NS)
      : SECOND_SIGMA_NS;
    return { at: known, time: { ns: middle, clock, sigmaNs, source: `mvhd creation time` } };
  }
  const half = Math.max(0, video.durationSeconds * 5e8);
  const ns = middle - BigInt(Math.round(half));
  const sigmaNs = rootSumSquares(SECOND_SIGMA_NS, half);
  return { at: "start", time: { ns, clock, sigmaNs, source: "mvhd creation time, start or end" } };
}
