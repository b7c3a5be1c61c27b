/** How a clock runs against true time. All times are seconds, counted from the start of the session. */
export interface ClockPlan {
  /** Reading minus true time at the start. @default {0} */
  readonly offsetSeconds?: number;
  /** Constant excess of its rate, in parts per million. @default {0} */
  readonly driftPpm?: number;
  /** A slow swing of the offset, as temperature makes it. */
  readonly swing?: ClockSwing;
  /** A random walk of the offset. */
  readonly walk?: ClockWalk;
  /** When the clock was set, by how much. Changes what it shows, never how fast its crystal runs. */
  readonly steps?: readonly ClockStep[];
}

/** `amplitude * (sin(2 pi (t / period + phase)) - sin(2 pi phase))`: no offset at the start. */
export interface ClockSwing {
  readonly amplitudeSeconds: number;
  readonly periodSeconds: number;
  /** In turns. @default {0} */
  readonly phase?: number;
}

/** Offset that walks from knot to knot and is linear between them. */
export interface ClockWalk {
  readonly knotSeconds: number;
  /** Standard deviation of the change from one knot to the next. */
  readonly sigmaSeconds: number;
}

/** A moment at which a clock was set. */
export interface ClockStep {
  readonly atSeconds: number;
  readonly bySeconds: number;
}

/** A stretch in which nothing was recorded. */
export interface GapPlan {
  readonly atSeconds: number;
  readonly seconds: number;
}

/** How samples travel from the sensor to the host that stamps them. */
export interface DeliveryPlan {
  /** Samples of one packet; all of them arrive with its last. @default {1} */
  readonly packet?: number;
  /** Shortest delay. @default {0} */
  readonly minDelaySeconds?: number;
  /** Mean of the exponential part of the delay. @default {0} */
  readonly meanDelaySeconds?: number;
  /** Stretches in which nothing arrives; what was held up arrives in one burst at the end. */
  readonly stalls?: readonly GapPlan[];
}

/** What every stream has. */
export interface SamplingPlan {
  /** Name within the device, such as `gsr`. */
  readonly name: string;
  /** Samples per second of the crystal that takes them. */
  readonly rateHz: number;
  /** Start after the start of the session. @default {0.1} */
  readonly startSeconds?: number;
  /** End, counted from the start of the session. @default the end of the session less 0.1 s */
  readonly endSeconds?: number;
  /** Standard deviation of single sampling times. @default {0} */
  readonly jitterSeconds?: number;
  readonly gaps?: readonly GapPlan[];
  /** Probability that a single sample is lost. @default {0} */
  readonly dropRate?: number;
  /** Probability that a sample is written twice. @default {0} */
  readonly duplicateRate?: number;
  /** Probability that a packet is written behind the one that follows it. @default {0} */
  readonly reorderRate?: number;
}

/** Measured channels of a table. Channels that are not measured are written as 0.0. */
export type Channel = "gsr" | "ppg" | "accel" | "gyro" | "mag" | "ecg" | "emg";

/** A table of a Shimmer sensor. */
export interface ShimmerPlan extends SamplingPlan {
  /** Written by the phone, which pairs two clocks, or by the PC, which stamps the arrival. */
  readonly kind: "shimmer_phone" | "shimmer_pc";
  /** The crystal of the sensor. */
  readonly sensorClock: ClockPlan;
  readonly delivery?: DeliveryPlan;
  /** @default all */
  readonly channels?: readonly Channel[];
  /**
   * Unit of the accelerations, whatever the header says: real phones write m/s^2 under a header in g.
   * @default {"g"}
   */
  readonly accelUnit?: "g" | "m/s^2";
  /** The first row is the made-up sample that the phone prints its header from. @default {false} */
  readonly fabricatedRow?: boolean;
}

/** A table of the motion sensors of a phone, stamped by the phone. */
export interface MotionPlan extends SamplingPlan {
  readonly kind: "motion";
  /** Unit of the recorded stamp. @default {"ms"} */
  readonly stampUnit?: "s" | "ms" | "us" | "ns";
}

/** A video. */
export interface VideoPlan extends SamplingPlan {
  readonly kind: "rgb_video" | "webcam_video";
  /** The crystal of the camera. @default that of the host */
  readonly sensorClock?: ClockPlan;
  readonly width: number;
  readonly height: number;
  /** Frames are stored at this constant rate, whenever they were taken. */
  readonly declaredRateHz?: number;
  /** Presentation time of the first frame. @default {0} */
  readonly leadSeconds?: number;
  /** Where the index stands in the file. @default {"end"} */
  readonly index?: "end" | "front" | "fragments";
}

/** A thermal recording: every frame is stamped by the phone when it arrives. */
export interface ThermalPlan extends SamplingPlan {
  readonly kind: "thermal";
  readonly sensorClock?: ClockPlan;
  readonly delivery?: DeliveryPlan;
  readonly width: number;
  readonly height: number;
}

/** A stream of a device. */
export type StreamPlan = ShimmerPlan | MotionPlan | VideoPlan | ThermalPlan;

/** A device that takes part. */
export interface DevicePlan {
  readonly id: string;
  readonly type: "android_phone" | "pc_webcam" | "shimmer_gsr";
  /** Wall clock of a phone; ignored for what hangs on the PC. */
  readonly clock?: ClockPlan;
  readonly streams: readonly StreamPlan[];
}

/** Something that happens during the session. */
export type EventPlan =
  | { readonly kind: "marker"; readonly atSeconds: number; readonly label: string }
  | {
    readonly kind: "stimulus";
    readonly atSeconds: number;
    readonly seconds: number;
    readonly media: string;
  }
  /** A light that all cameras see, with a marker file on every phone. */
  | { readonly kind: "flash"; readonly atSeconds: number; readonly seconds: number }
  /** A movement that all motion sensors feel. */
  | { readonly kind: "shake"; readonly atSeconds: number; readonly seconds: number };

/** Everything that makes a simulated session: data only, so that it can be stored as JSON. */
export interface SimulationPlan {
  /** 0 to 4294967295. The same plan gives the same bytes. */
  readonly seed: number;
  /** First part of the session id. */
  readonly name: string;
  /** True start in UTC with whole milliseconds, such as `2025-07-31T12:30:22.000Z`. */
  readonly start: string;
  /** Offset of the PC's wall time from UTC in minutes: 120 in a Central European summer. */
  readonly zoneMinutes: number;
  /** A `session-process.json` states the zone. @default {false} */
  readonly statesZone?: boolean;
  /**
   * Layout of the metadata: as the recorder writes them, or with the state of later processing as its
   * schema documents it. @default {"M1"}
   */
  readonly metadata?: "M1" | "M2";
  readonly durationSeconds: number;
  /** Wall clock of the PC. */
  readonly pcClock: ClockPlan;
  readonly devices: readonly DevicePlan[];
  readonly events: readonly EventPlan[];
}
