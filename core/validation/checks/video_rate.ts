import { createIssue } from "../../base/mod.ts";
import type { Check, CheckContext } from "../check.ts";
import { LIMITS } from "../limits.ts";
import { streamPlace } from "../places.ts";
import type { StreamReport, VideoFacts } from "../report.ts";
import { recordingSeconds, rounded, seconds } from "../window.ts";

/** Lengths and rates of videos against the recording they belong to. */
export const videoRate: Check = {
  name: "video-rate",
  codes: ["VIDEO_DURATION_MISMATCH", "VIDEO_RATE_IMPLIED"],
  *check(context) {
    for (const report of context.streams) {
      const { video } = report;
      if (video === undefined || video.frames < LIMITS.minimumSamples) continue;
      const where = streamPlace(report);
      const session = recordedSeconds(report, context);
      if (session === undefined || !differs(video.durationSeconds, session)) continue;
      const duration = rounded(video.durationSeconds);
      yield createIssue("VIDEO_DURATION_MISMATCH", { duration, session: rounded(session) }, where);
      if (video.constantRate && isRateTooHigh(video, session)) {
        yield createIssue("VIDEO_RATE_IMPLIED", {
          nominal: rounded(video.nominalFps),
          duration,
          implied: rounded(video.frames / session),
        }, where);
      }
    }
  },
};

/** How long the camera ran: between its own anchors where there are two, else as long as the recording. */
function recordedSeconds({ stream }: StreamReport, context: CheckContext): number | undefined {
  const at = (which: "start" | "end") => stream.anchors.find((anchor) => anchor.at === which)?.time;
  const [start, end] = [at("start"), at("end")];
  if (start !== undefined && end?.clock.id === start.clock.id && end.ns > start.ns) {
    return seconds(end.ns - start.ns);
  }
  return recordingSeconds(context);
}

function differs(duration: number, session: number): boolean {
  const difference = Math.abs(duration - session);
  return difference > LIMITS.videoDurationSeconds &&
    difference > LIMITS.videoDurationTolerance * session;
}

/**
 * The rate that the file declares must be one that it did not measure. A camera that delivers far less than it
 * declares rather stopped.
 */
function isRateTooHigh({ nominalFps, frames }: VideoFacts, session: number): boolean {
  const ratio = frames / session / nominalFps;
  return nominalFps > 0 && ratio > LIMITS.slowestCamera &&
    Math.abs(ratio - 1) > LIMITS.rateTolerance;
}
