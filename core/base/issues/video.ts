import type { IssueDefinition } from "../issue.ts";

/** Issues of video and thermal recordings. */
export const VIDEO_ISSUES = {
  MP4_NO_MOOV: {
    severity: "error",
    title: "A video has no index",
    message: "No moov box was found: the recorder was stopped before it finished the file",
    remedy: "Repair it with a tool such as untrunc and a good file of the same camera.",
  },
  MP4_NO_VIDEO_TRACK: {
    severity: "error",
    title: "A video file has no video",
    message: "File holds {tracks} tracks but none with video frames",
    remedy: "Look for the recording on the device.",
  },
  MP4_BOX_INVALID: {
    severity: "error",
    title: "A video file is damaged",
    message: 'Box "{box}" is invalid: {reason}',
    remedy: "Copy the file again from the device. What stands before the damage was read.",
  },
  MP4_DATA_CUT: {
    severity: "error",
    title: "A video's data are cut off",
    message: "{missing} of {frames} frames lie behind the end of the file",
    remedy: "Copy the file again from the device. Frames before the cut are usable.",
  },
  MP4_EDIT_LIST: {
    severity: "info",
    title: "A video has an edit list",
    message: "Edit list shifts the frames by {shift} s; it was applied",
    remedy: "Nothing to do.",
  },
  MP4_EDIT_UNSUPPORTED: {
    severity: "warning",
    title: "A video has an edit list that cannot be applied",
    message:
      "Edit list has {entries} entries or a rate other than 1; only its first shift was applied",
    remedy: "Frame times may differ from what a player shows.",
  },
  VIDEO_NO_DECODER: {
    severity: "error",
    title: "A video cannot be decoded",
    message: "Nothing at hand decodes {codec}: {reason}",
    remedy:
      "Give Deno --allow-ffi for the embedded decoder, or name an ffmpeg with --ffmpeg and allow it to be run; else convert the video to H.264 without changing its frame times.",
  },
  VIDEO_FRAMES_LOST: {
    severity: "error",
    title: "Frames of a video cannot be decoded",
    message: "{count} frames from frame {first} to frame {last} gave no picture: {reason}",
    remedy: "Copy the file again from the device. All other frames are used.",
  },
  VIDEO_CUT_SHORT: {
    severity: "error",
    title: "A video cannot be decoded to its end",
    message: "Decoding ended after {frames} frames: {reason}",
    remedy: "Copy the file again from the device. Frames before the damage are used.",
  },
  VIDEO_FRAMES_UNCERTAIN: {
    severity: "error",
    title: "Pictures of a video cannot be told apart",
    message:
      "{count} pictures were lost or doubled unnoticed: those from frame {first} to frame {last} may stand for their neighbours",
    remedy: "Copy the file again from the device, or decode it with ffmpeg.",
  },
  VIDEO_CREATION_TIME_MISSING: {
    severity: "info",
    title: "A video says nothing of when it was made",
    message: "Creation time is 0",
    remedy: "The start is taken from the file name or the metadata, to one second.",
  },
  VIDEO_PICTURES_DIFFER: {
    severity: "warning",
    title: "A video decodes to another number of pictures than it lists",
    message:
      "{found} pictures were decoded, the index lists {expected}: flashes were not looked for",
    remedy: "Copy the file again from the device. Other evidence of its clock is not affected.",
  },
  VIDEO_CONSTANT_RATE: {
    severity: "warning",
    title: "Frame times of a video are nominal",
    message: "All {frames} frames are exactly {period} s apart: the recorder wrote a nominal rate",
    remedy: "Real frame times are lost; their uncertainty is stated in the exports.",
  },
  VIDEO_RATE_IMPLIED: {
    severity: "warning",
    title: "A video's nominal rate disagrees with the session",
    message: "File says {nominal} fps over {duration} s, but the session implies {implied} fps",
    remedy:
      "The camera ran at another rate than declared; times were scaled only if evidence allows.",
  },
  VIDEO_DURATION_MISMATCH: {
    severity: "warning",
    title: "A video is longer or shorter than the session",
    message: "Video lasts {duration} s, the session {session} s",
    remedy: "Check whether recording began late, ended early or the rate is wrong.",
  },
  VIDEO_FRAMES_DROPPED: {
    severity: "warning",
    title: "A video dropped frames",
    message: "{dropped} frames are missing in {gaps} places",
    remedy: "Nothing was filled in. Frame indices in the exports keep the gaps.",
  },
  VIDEO_TIME_DUPLICATE: {
    severity: "warning",
    title: "Two frames have the same time",
    message: "{count} frames share the time of another frame",
    remedy: "Their order is that of the file.",
  },
  VIDEO_CODEC_UNUSUAL: {
    severity: "info",
    title: "A video has an unusual codec",
    message: "Codec is {codec}",
    remedy: "Times can be read. Decoding may need ffmpeg.",
  },
  THERMAL_BAD_MAGIC: {
    severity: "error",
    title: "A thermal file does not start as it should",
    message: 'File starts with "{found}" instead of THERMAL1 or THERMAL2',
    remedy: "The file was damaged or is of another kind.",
  },
  THERMAL_HEADER_INVALID: {
    severity: "error",
    title: "The header of a thermal file makes no sense",
    message: "Header says {width} x {height} pixels and {config} bytes of configuration",
    remedy: "Copy the file again from the device.",
  },
  THERMAL_FRAME_CUT: {
    severity: "error",
    title: "The last thermal frame is cut off",
    message: "{bytes} bytes are left after {frames} whole frames",
    remedy: "The recorder was stopped while writing. Whole frames are usable.",
  },
  THERMAL_FRAME_TORN: {
    severity: "warning",
    title: "A thermal frame repeats or mixes another",
    message: "{count} frames equal the frame before them to the last pixel",
    remedy: "Time and picture of these frames may not belong together.",
  },
  THERMAL_TEMPERATURE_IMPLAUSIBLE: {
    severity: "warning",
    title: "Thermal temperatures are implausible",
    message: "Temperatures run from {low} to {high} degrees Celsius when read as raw/{divisor}",
    remedy: "The camera ran in another mode; set the divisor in session-process.json.",
  },
  CALIBRATION_INVALID: {
    severity: "warning",
    title: "A calibration result cannot be used",
    message: "Calibration is not usable: {reason}",
    remedy: "Repeat the calibration, or remove the file.",
  },
  CALIBRATION_POOR: {
    severity: "warning",
    title: "A calibration is inaccurate",
    message: "Reprojection error is {error} px",
    remedy: "Repeat the calibration with more and sharper images.",
  },
} as const satisfies Record<string, IssueDefinition>;
