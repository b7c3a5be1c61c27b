import type { TimeRole } from "./types.ts";

/** What is known of the columns whose stem matches. */
export interface KnownColumn {
  /** Matches the whole stem of the name. */
  readonly stem: RegExp;
  /** Name in the exports; `$1` stands for the first group. The stem when absent. */
  readonly name?: string;
  /** Unit when nothing in the file states another. */
  readonly unit?: string;
  readonly text?: true;
  readonly categorical?: true;
  readonly time?: TimeRole;
}

const TIMES: readonly KnownColumn[] = [
  {
    stem: /^(?:timestamps?|time_?stamp_(?:unix|utc|iso|sync_unix|formatted_unix))$/,
    time: "sample",
  },
  {
    stem: /^(?:time|time_stamp|t|date|datetime|date_time(?:_utc)?|unix_time|epoch)$/,
    time: "sample",
  },
  { stem: /^(?:device_time(?:stamp)?|timestamp_(?:shimmer|device)|sensor_time)$/, time: "device" },
  {
    stem: /^(?:system_time|system_timestamp(?:_unix)?|host_time|pc_time(?:stamp)?)$/,
    time: "host",
  },
  { stem: /^(?:phone_time|receive_time|arrival_time|android_timestamp)$/, time: "host" },
  { stem: /^(?:timestamp_local|local_time(?:stamp)?)$/, time: "local" },
  { stem: /^(?:session_time|elapsed(?:_time)?|relative_time|experiment_time)$/, time: "elapsed" },
  { stem: /^(?:monotonic(?:_time)?|uptime|elapsed_realtime)$/, time: "monotonic" },
  { stem: /^timestamp_raw$/, time: "counter" },
];

const LABELS: readonly KnownColumn[] = [
  {
    stem:
      /^(?:device_id|mac_address|session_id|connection_type|android_device_id|sensor_type|sensor|unit|event_type|event_description|event|label|phase|video_filename|codec|marker|media|participant_id)$/,
    text: true,
  },
  { stem: /^(?:raw_data_base64|radiometric_data_base64)$/, text: true },
  {
    stem: /^(?:sequence(?:_number)?|packet_sequence|sample_number|packet_counter)$/,
    name: "sequence",
    categorical: true,
  },
  { stem: /^(?:frame_number|frame_id|frame|channel|sync_verified)$/, categorical: true },
  { stem: /^(?:quality_flags|flag_\w+|flags|quality|gsr_quality|gsr_range)$/, categorical: true },
];

const PHYSIOLOGY: readonly KnownColumn[] = [
  {
    stem: /^(?:gsr_conductance|gsr_skin_conductance|skin_conductance|conductance)$/,
    name: "gsr_conductance",
    unit: "uS",
  },
  { stem: /^(?:gsr_resistance|gsr_skin_resistance|resistance)$/, name: "gsr_resistance" },
  { stem: /^gsr(?:_value|_raw|_filtered|_dummy)?$/ },
  { stem: /^ppg(?:_a1[23])?$/, name: "ppg" },
  { stem: /^ppg_raw$/ },
  { stem: /^(?:ecg|emg)(?:_\w+)?$/ },
  { stem: /^(?:heart_rate|hr)(?:_ppg)?$/, name: "heart_rate", unit: "/min" },
  { stem: /^ibi(?:_ppg)?$/, unit: "ms" },
];

const MOTION: readonly KnownColumn[] = [
  { stem: /^(?:acc|accel|accelerometer|acceleration)_([xyz])$/, name: "accel_$1" },
  { stem: /^accel_(?:ln|wr)_[xyz]$/ },
  { stem: /^(?:acc|accel)_magnitude$/, name: "accel_magnitude" },
  { stem: /^(?:gyr|gyro|gyroscope)_([xyz])$/, name: "gyro_$1" },
  { stem: /^(?:mag|magnetometer)_([xyz])$/, name: "mag_$1" },
  { stem: /^(?:quat(?:ernion)?_[wxyz]|roll|pitch|yaw)$/ },
];

const DEVICE_STATE: readonly KnownColumn[] = [
  { stem: /^(?:battery|battery_level)$/, name: "battery" },
  { stem: /^(?:signal_strength|signal_quality|packet_loss|packet_reception_rate)$/ },
  { stem: /^(?:int|ext)_exp_a\d+$/ },
  { stem: /^pressure(?:_bmp\d+)?$/, name: "pressure" },
  { stem: /^temperature(?:_bmp\d+)?$/, name: "temperature", unit: "degC" },
  { stem: /^device_temp$/, unit: "degC" },
];

const IMAGES: readonly KnownColumn[] = [
  { stem: /^(?:min|max|mean|std|median|reflected|atmospheric)_temp$/, unit: "degC" },
  { stem: /^(?:emissivity|iso)$/ },
  { stem: /^(?:distance|focus_distance)$/ },
  { stem: /^humidity$/, unit: "%" },
  { stem: /^(?:frame_width|frame_height|fps)$/ },
  { stem: /^(?:bitrate|exposure_time|focal_length)$/ },
  { stem: /^(?:offset|video_position|stim_time|value|marker_number)$/ },
];

/** All columns that are known by name, the first match wins. */
const KNOWN_COLUMNS: readonly KnownColumn[] = [
  ...TIMES,
  ...LABELS,
  ...PHYSIOLOGY,
  ...MOTION,
  ...DEVICE_STATE,
  ...IMAGES,
];

/** What is known of a stem; undefined when nothing is. */
export function knownColumn(stem: string): KnownColumn | undefined {
  return KNOWN_COLUMNS.find((known) => known.stem.test(stem));
}

/** Name in the exports of a stem that a known column matched. */
export function knownName(known: KnownColumn, stem: string): string {
  return known.name === undefined ? stem : stem.replace(known.stem, known.name);
}
