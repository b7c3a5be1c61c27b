import type { IssueCode } from "../../base/mod.ts";
import type { ClockModel } from "../../clock/mod.ts";
import type { StreamReport } from "../report.ts";
import type { Case } from "./case.ts";
import { at, gsrReport, type ReportChanges, VIDEO_STREAM, videoReport } from "./clean.ts";
/** A report of a video as OpenCV writes it. */
function withoutCreation(report: StreamReport): StreamReport {
  const { creationUtcNs: _, ...video } = report.video!;
  return { ...report, video };
}

/** A case that changes the video alone. */
function video(name: string, change: ReportChanges, raises: readonly IssueCode[]): Case {
  return { name, change: { streams: [gsrReport(), videoReport(change)] }, raises };
}

export const VIDEO_CASES: readonly Case[] = [
  video("a camera that ran at half its nominal rate", {
    video: { frames: 1770, durationSeconds: 59, constantRate: true },
  }, ["VIDEO_CONSTANT_RATE", "VIDEO_DURATION_MISMATCH", "VIDEO_RATE_IMPLIED"]),
  video("a nominal rate in a camera that stopped after a moment", {
    video: { frames: 90, durationSeconds: 3, constantRate: true },
  }, ["VIDEO_CONSTANT_RATE", "VIDEO_DURATION_MISMATCH"]),
  video("frame times made from a rate", { video: { constantRate: true } }, ["VIDEO_CONSTANT_RATE"]),
  video("a webcam's codec", { video: { codec: "mp4v.20.9" } }, ["VIDEO_CODEC_UNUSUAL"]),
  video("a phone's newer codec", { video: { codec: "hvc1.1.6.L93.B0" } }, []),
  {
    name: "a video that does not say when it was made",
    change: { streams: [gsrReport(), withoutCreation(videoReport())] },
    raises: ["VIDEO_CREATION_TIME_MISSING"],
  },
  video("pictures delivered twice", { sampling: { duplicates: 2 } }, ["VIDEO_TIME_DUPLICATE"]),
  video("a camera that stopped early", { video: { frames: 1770, durationSeconds: 59 } }, [
    "VIDEO_DURATION_MISMATCH",
  ]),
  {
    name: "a camera whose own times explain its length",
    change: {
      streams: [
        gsrReport(),
        videoReport({
          stream: {
            ...VIDEO_STREAM,
            anchors: [{ at: "start", time: at(60) }, { at: "end", time: at(119) }],
          },
          video: { frames: 1770, durationSeconds: 59 },
        }),
      ],
    },
    raises: [],
  },
  video("dropped frames", { sampling: { gaps: 3, missingSamples: 9 } }, ["VIDEO_FRAMES_DROPPED"]),
];

const CLOCK = { id: "phone_1/utc", kind: "utc" } as const;

function evidence(name: string, used: number, rejected: number, raises: IssueCode[]): Case {
  const model: ClockModel = {
    clock: CLOCK,
    reference: { id: "pc/utc", kind: "utc" },
    method: "events",
    segments: [],
    driftPpm: 0,
    driftSigmaPpm: 1,
    residualRmsNs: 1,
    evidence: [{ kind: "stored", source: "sync markers", used, rejected }],
  };
  return { name, change: { clocks: [model] }, raises };
}

export const CLOCK_CASES: readonly Case[] = [
  evidence("one marker of five that disagrees", 4, 1, ["CLOCK_EVIDENCE_REJECTED"]),
  evidence("markers that gave way to better evidence", 0, 5, []),
  evidence("markers that agree", 5, 0, []),
  evidence("a late packet among thousands", 3062, 1, []),
];

const MATRIX = [1000, 0, 960, 0, 1000, 540, 0, 0, 1];

function calibration(name: string, values: Record<string, number[]>, rmsErrorPx = 0.4): Case {
  const calibrations = [{ path: "calibration_x.json", rmsErrorPx, values }];
  const raises: IssueCode[] = [rmsErrorPx > 1 ? "CALIBRATION_POOR" : "CALIBRATION_INVALID"];
  return { name, change: { session: { calibrations } }, raises };
}

export const CALIBRATION_CASES: readonly Case[] = [
  calibration("a blurred calibration", { camera_matrix: MATRIX }, 2.5),
  calibration("a camera without a focal length", { camera_matrix: [0, ...MATRIX.slice(1)] }),
  calibration("a matrix with a hole", { rgb_camera_matrix: [NaN, ...MATRIX.slice(1)] }),
  calibration("a matrix of eight values", { homography_matrix: MATRIX.slice(1) }),
  calibration("six distortion coefficients", { distortion_coefficients: [0, 0, 0, 0, 0, 0] }),
  calibration("a rotation that stretches", { rotation_matrix: [1, 0, 0, 0, 2, 0, 0, 0, 1] }),
];
