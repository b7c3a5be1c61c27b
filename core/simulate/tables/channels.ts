import type { Channel, ShimmerPlan } from "../plan.ts";
import { GRAVITY, type Signals } from "../signals.ts";
import { COMMA, type Sample } from "./format.ts";
import type { TextWriter } from "./text_writer.ts";

/** All channels of a Shimmer sensor. */
const ALL_CHANNELS: readonly Channel[] = ["gsr", "ppg", "accel", "gyro", "mag", "ecg", "emg"];

const encoder = new TextEncoder();

/** `0.0` once or three times, each behind a comma: what the recorder writes for an absent channel. */
const ABSENT = encoder.encode(",0.0");
const ABSENT_TRIPLE = encoder.encode(",0.0,0.0,0.0");

/** Decimals of the axes, of g, deg/s and gauss. */
const DECIMALS = { accel: 4, gyro: 2, mag: 5 } as const;

/** Writes values of channels, each behind a comma. */
export class ChannelWriter {
  readonly #signals: Signals;
  readonly #present: ReadonlySet<Channel>;
  readonly #accelScale: number;

  constructor(
    signals: Signals,
    { channels = ALL_CHANNELS, accelUnit = "g" }: Pick<ShimmerPlan, "channels" | "accelUnit">,
  ) {
    this.#signals = signals;
    this.#present = new Set(channels);
    this.#accelScale = accelUnit === "g" ? 1 : GRAVITY;
  }

  /** Writes all channels of a sample and the charge of the battery, in the order of every recorder. */
  write(writer: TextWriter, sample: Sample): void {
    this.#scalar(writer, "gsr", sample);
    this.#scalar(writer, "ppg", sample);
    this.#axes(writer, "accel", sample);
    this.#axes(writer, "gyro", sample);
    this.#axes(writer, "mag", sample);
    this.#scalar(writer, "ecg", sample);
    this.#scalar(writer, "emg", sample);
    writer.byte(COMMA);
    writer.integer(this.#signals.battery(sample.trueNs / 1e9));
  }

  /** Writes one number, or `0.0` when the channel is absent. */
  #scalar(writer: TextWriter, channel: "gsr" | "ppg" | "ecg" | "emg", sample: Sample): void {
    if (!this.#present.has(channel)) return writer.text(ABSENT);
    const value = this.#signals[channel](sample.trueNs / 1e9, sample.index);
    writer.byte(COMMA);
    writer.fixed(value, channel === "ppg" ? 2 : 4);
  }

  /** Writes three axes, or three times `0.0` when the channel is absent. */
  #axes(writer: TextWriter, channel: "accel" | "gyro" | "mag", sample: Sample): void {
    if (!this.#present.has(channel)) return writer.text(ABSENT_TRIPLE);
    const scale = channel === "accel" ? this.#accelScale : 1;
    for (let axis = 0; axis < 3; axis++) {
      writer.byte(COMMA);
      const value = this.#signals[channel](sample.trueNs / 1e9, axis, sample.index);
      writer.fixed(value * scale, DECIMALS[channel]);
    }
  }
}
