/**
 * The thresholds of all checks in one place. Each says from where on a person should look, not what is still
 * correct.
 */
export const LIMITS = {
  /** Duration and end minus start come from clock readings a few ms apart. */
  durationToleranceSeconds: 1,
  /** Devices are started by hand and files are named when they are opened, seconds before or after. */
  fileNameMarginSeconds: 60,
  /** The last event is logged after the session's end has been taken, and the first before its start. */
  eventMarginSeconds: 5,
  /** A stream this far from the session belongs to another one, or its clock is wrong. */
  streamMarginSeconds: 1,
  /** Least share of the session that a stream should cover. */
  streamCoverage: 0.8,
  /** Rate and drift of fewer samples mean nothing. */
  minimumSamples: 10,
  /** Relative deviation of a rate; crystals err by 1e-4, wrong settings by factors. */
  rateTolerance: 0.05,
  /** Stamps coarser than this part of the sample period are worth a note. */
  quantumShare: 0.05,
  /** Median deviation of the intervals, as part of the sample period. */
  jitterShare: 0.2,
  /** Fewer rows say nothing about whether a sensor is alive. */
  constantRows: 10,
  /** Fewer samples at the extreme may be the rounded top of one wave. */
  clippedSamples: 10,
  /** Share of vectors as long as gravity that decides their unit, and the share that the others must not reach. */
  gravityShare: 0.5,
  gravityRivalShare: 0.2,
  /** Relative difference between the length of a video and of the recording, and the least in seconds. */
  videoDurationTolerance: 0.1,
  videoDurationSeconds: 2,
  /** Share of its nominal rate below which a camera does not run: in the dark they go from 30 down to 5 Hz. */
  slowestCamera: 0.15,
  /** Share of evidence that a robust fit may leave out without a word: single late packets. */
  rejectedShare: 0.02,
  /** Reprojection error above which stereo overlays are visibly off. */
  calibrationErrorPx: 1,
} as const;

/** Rates that Shimmer sensors of this system are set to: phone, computer, thesis protocol. */
export const USUAL_GSR_RATES_HZ: readonly number[] = [51.2, 128, 512];

/** Device types that the recording system documents or writes, and those of the usual wearables. */
export const KNOWN_DEVICE_TYPES: ReadonlySet<string> = new Set([
  "android_phone",
  "pc_webcam",
  "webcam",
  "usb_webcam",
  "shimmer",
  "shimmer_gsr",
  "shimmer3_gsr",
  "thermal_camera",
  "rgb_camera",
  "pc",
  "imu",
  "ecg_motion",
]);

/** Event types that some version of the recording system writes. */
export const KNOWN_EVENTS: ReadonlySet<string> = new Set([
  "session_start",
  "session_end",
  "session_pause",
  "session_resume",
  "device_connected",
  "device_disconnected",
  "device_ack",
  "start_record",
  "stop_record",
  "stimulus_play",
  "stimulus_stop",
  "stimulus_start",
  "stimulus_end",
  "marker",
  "event_marker",
  "file_received",
  "calibration_capture",
  "calibration_done",
  "error",
  "flash_sync",
  "beep_sync",
  "stimulus_sync",
]);
