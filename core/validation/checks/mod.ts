/**
 * Every question that is asked of a session, one small pure check per file.
 *
 * @module
 */
import type { Check } from "../check.ts";
import { calibrations } from "./calibrations.ts";
import { capabilities } from "./capabilities.ts";
import { clipping } from "./clipping.ts";
import { clockEvidence } from "./clock_evidence.ts";
import { columns } from "./columns.ts";
import { devices } from "./devices.ts";
import { duplicateFiles } from "./duplicate_files.ts";
import { eventErrors } from "./event_errors.ts";
import { eventFacts } from "./event_facts.ts";
import { eventFiles } from "./event_files.ts";
import { eventOrder } from "./event_order.ts";
import { eventPairs } from "./event_pairs.ts";
import { eventWindow } from "./event_window.ts";
import { fileContents } from "./file_contents.ts";
import { fileNames } from "./file_names.ts";
import { filePlaces } from "./file_places.ts";
import { fileTimes } from "./file_times.ts";
import { listedFiles } from "./listed_files.ts";
import { logPresence } from "./log_presence.ts";
import { ranges } from "./ranges.ts";
import { rates } from "./rates.ts";
import { registeredFiles } from "./registered_files.ts";
import { samplesMissing } from "./samples_missing.ts";
import { sessionEmpty } from "./session_empty.ts";
import { sessionId } from "./session_id.ts";
import { sessionStatus } from "./session_status.ts";
import { sessionTimes } from "./session_times.ts";
import { streamSamples } from "./stream_samples.ts";
import { streamWindow } from "./stream_window.ts";
import { thermalValues } from "./thermal_values.ts";
import { timeGrain } from "./time_grain.ts";
import { timeOrder } from "./time_order.ts";
import { timePlausible } from "./time_plausible.ts";
import { units } from "./units.ts";
import { unreadFiles } from "./unread_files.ts";
import { videoFormat } from "./video_format.ts";
import { videoFrames } from "./video_frames.ts";
import { videoRate } from "./video_rate.ts";

/** All checks in the order in which their issues appear: the session, its files, events, samples, videos. */
export const CHECKS: readonly Check[] = [
  sessionEmpty,
  sessionId,
  sessionStatus,
  sessionTimes,
  listedFiles,
  registeredFiles,
  fileContents,
  unreadFiles,
  duplicateFiles,
  fileNames,
  filePlaces,
  fileTimes,
  devices,
  capabilities,
  logPresence,
  eventOrder,
  eventPairs,
  eventFacts,
  eventFiles,
  eventWindow,
  eventErrors,
  timeOrder,
  timeGrain,
  timePlausible,
  samplesMissing,
  rates,
  columns,
  units,
  ranges,
  clipping,
  streamWindow,
  streamSamples,
  videoRate,
  videoFrames,
  videoFormat,
  thermalValues,
  calibrations,
  clockEvidence,
];
