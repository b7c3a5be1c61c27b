import type { ClockRef, TimeNs } from "../base/mod.ts";

/** The layouts of metadata that are read. Their names are explained in the file-format guide. */
export type MetadataVariant =
  | "M1"
  | "M2"
  | "M3"
  | "M4"
  | "M5"
  | "M6"
  | "M7"
  | "S1"
  | "S2"
  | "phone"
  | "none";

/** What kind of measurement a file holds. */
export type StreamKind =
  | "gsr"
  | "motion"
  | "table"
  | "rgb_video"
  | "thermal_video"
  | "webcam_video"
  | "thermal"
  | "thermal_table"
  | "frame_times"
  | "events"
  | "audio"
  | "lsl"
  | "hands";

/** How a stream is stored. */
export type StreamFormat = "csv" | "mp4" | "thermal-dat" | "events" | "xdf" | "wav" | "hands";

/** A time of day in the session with the clock it was read from. */
export interface StampedTime {
  readonly ns: TimeNs;
  readonly clock: ClockRef;
  /** How far the true time may lie from it, one sigma in ns: 0.3e9 for a name good to a second. */
  readonly sigmaNs: number;
  /** Where it was found, such as `file name` or `session_metadata.json start_time`. */
  readonly source: string;
}

/** What a file on disk is to the session. */
export type FileRole =
  | "metadata"
  | "log"
  | "recording"
  | "sync"
  | "calibration"
  | "config"
  | "output"
  | "unknown";

/** A file of the session folder. */
export interface SessionFile {
  readonly path: string;
  readonly size: number;
  readonly modifiedNs: bigint;
  readonly role: FileRole;
  readonly device?: string;
  readonly kind?: StreamKind;
  /** Time that its name carries. */
  readonly namedTime?: StampedTime;
  /** The earlier program that made it, for outputs that are not this toolkit's. */
  readonly tool?: string;
  /** `@name` of the folder that was joined to the session, when it is not in the first one. */
  readonly root?: string;
  /** The metadata list it. */
  readonly registered: boolean;
  readonly unreadable?: string;
}

/** A file that the metadata list, whether or not it is there. */
export interface ListedFile {
  readonly device: string;
  readonly type: string;
  /** As written in the metadata. */
  readonly target: string;
  /** Path in the session, when it was found. */
  readonly path?: string;
  /** The target leaves the session, so it was not looked for. */
  readonly unsafe: boolean;
  /** Size in bytes that the metadata state. */
  readonly size?: number;
  readonly createdTime?: StampedTime;
}

/** A device that took part in the session. */
export interface Device {
  readonly id: string;
  readonly type?: string;
  readonly capabilities: readonly string[];
  /** Connection state that the metadata state. */
  readonly status?: string;
  /** In the metadata; otherwise it is known from its files alone. */
  readonly listed: boolean;
  readonly addedTime?: StampedTime;
  /** Every other key that the metadata give it, as text. */
  readonly details?: Readonly<Record<string, string>>;
}

/** A stream of samples, frames or events in one file. */
export interface Stream {
  /** Unique in the session: `<device>/<name>`. */
  readonly id: string;
  readonly device: string;
  readonly name: string;
  readonly kind: StreamKind;
  readonly format: StreamFormat;
  readonly path: string;
  /** The device, or `pc`, whose clock stamps what arrives from this one. */
  readonly host: string;
  /** Absolute times that are known of it: of its name, metadata, neighbours. */
  readonly anchors: readonly StreamAnchor[];
}

/** An absolute time for a point of a stream. */
export interface StreamAnchor {
  readonly at: "start" | "end";
  readonly time: StampedTime;
}

/** An event of the session, from whichever log. */
export interface SessionEvent {
  readonly type: string;
  readonly time?: StampedTime;
  /** The same instant on another clock, when the log has both. */
  readonly alsoAt?: StampedTime;
  readonly device?: string;
  readonly label?: string;
  /** Every other field, as text. */
  readonly details: Readonly<Record<string, string>>;
  readonly path: string;
  readonly line?: number;
}

/** What an event log says of the session as a whole. */
export interface SessionLog {
  readonly path: string;
  /** Session id that it names. */
  readonly session?: string;
  /** `active`, `completed`, or `recovered` when its end is an estimate. */
  readonly status?: string;
  readonly start?: StampedTime;
  readonly end?: StampedTime;
  readonly durationSeconds?: number;
  /** When a recovery program closed it. */
  readonly recoveryTime?: StampedTime;
  /** Ids of the devices that it lists. */
  readonly devices: readonly string[];
  /** Calibration files that it lists, as written. */
  readonly calibrationFiles: readonly string[];
  /** How many events it holds. */
  readonly events: number;
}

/** A pair of readings of two clocks at one instant, or an offset that the recorder stored. */
export interface StoredClockPair {
  readonly from: ClockRef;
  readonly fromNs: TimeNs;
  readonly to: ClockRef;
  readonly toNs: TimeNs;
  /** One sigma in ns. */
  readonly sigmaNs: number;
  readonly source: string;
  readonly path: string;
}

/** A calibration result of one device. */
export interface Calibration {
  readonly path: string;
  readonly device?: string;
  readonly rmsErrorPx?: number;
  /** Matrices and vectors by name, row-major. */
  readonly values: Readonly<Record<string, readonly number[]>>;
}

/** A folder of which a session consists. */
export interface SessionRoot {
  /** `@name`, under which its files stand; empty for the first folder. */
  readonly prefix: string;
  /** Name of the folder itself. */
  readonly name: string;
  /** Why it was joined to the session; absent for the first folder. */
  readonly reason?: string;
}

/** How local wall time of the session relates to UTC. */
export interface LocalOffset {
  /** Seconds east of UTC. */
  readonly seconds: number;
  /** What it was taken from. */
  readonly source: string;
}

/** Everything that is known of a recorded session before its samples are read. */
export interface Session {
  readonly id: string;
  readonly name: string;
  /** The id that the metadata state, which may differ from the name of the folder. */
  readonly declaredId?: string;
  readonly roots: readonly SessionRoot[];
  readonly variant: MetadataVariant;
  /** The file with the metadata, when there is one. */
  readonly metadataPath?: string;
  readonly status?: string;
  readonly start?: StampedTime;
  readonly end?: StampedTime;
  /** Seconds, as the metadata state it. */
  readonly durationSeconds?: number;
  /** Every other key of the metadata, as text. */
  readonly details?: Readonly<Record<string, string>>;
  readonly devices: readonly Device[];
  readonly files: readonly SessionFile[];
  readonly listedFiles: readonly ListedFile[];
  readonly streams: readonly Stream[];
  /** Event logs that were read, in the order of their paths. */
  readonly logs: readonly SessionLog[];
  /** Events of all logs: log by log in the order of their paths, each in the order it was written. */
  readonly events: readonly SessionEvent[];
  readonly clockPairs: readonly StoredClockPair[];
  readonly calibrations: readonly Calibration[];
  /** Offset of the local times, when any file of the session tells it. */
  readonly localOffset?: LocalOffset;
}
