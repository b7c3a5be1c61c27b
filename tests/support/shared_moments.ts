/** A session whose film shows flashes that a computer logged, and recordings of one sound. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { grayPicture, Mp4Writer, type Mp4WriterOptions } from "session-process";
import { openOutput } from "session-process/runtime";
import { Random } from "./random.ts";

/** When the camera starts, ns by the clock that logs. */
export const START = 1_753_965_022_350_000_000n;
/** The crystal of the camera. */
export const DRIFT = 80e-6;
/** Seconds after it at which a light goes on for 0.3 s, at uneven distances. */
export const MOMENTS = [
  ...[2.013, 3.729, 9.117, 11.642, 19.908, 23.071, 31.456, 37.283, 40.917, 52.333, 55.148, 61.87],
  ...[70.719, 73.404, 84.661, 90.299, 97.533, 101.09, 107.85, 115.562],
];
export const SECONDS = 120;
const LIT_SECONDS = 0.3;
const SIZE = { width: 64, height: 48 };
export const VIDEO = "phone_1_rgb_video_20250731_143022.mp4";

/** Seconds at which a camera of 30 frames per second takes them. */
export const STEADY = Array.from({ length: 30 * SECONDS }, (_, frame) => frame / 30);

/** The same in poor light: frames come at 12 to 30 per second. */
export function unsteady(): number[] {
  const times: number[] = [];
  for (let at = 0, k = 0; at < SECONDS; k = (k * 37 + 11) % 101) {
    times.push(at);
    at += 1 / 30 + k / 101 / 20;
  }
  return times;
}

export function isLit(seconds: number): boolean {
  return MOMENTS.some((on) => seconds >= on && seconds < on + LIT_SECONDS);
}

/** Films the lights; presentation times are those of the crystal of the camera. */
export async function film(
  folder: string,
  taken: readonly number[],
  options: Partial<Mp4WriterOptions> = {},
): Promise<void> {
  const sink = await openOutput(folder).create(VIDEO);
  const writer = new Mp4Writer(sink, { ...SIZE, ...options });
  let shown: boolean | undefined;
  for (const seconds of taken) {
    const lit = isLit(seconds);
    const picture = lit === shown ? "repeat" : grayPicture(SIZE, lit ? 220 : 50);
    shown = lit;
    await writer.addFrame(BigInt(Math.round(seconds * (1 + DRIFT) * 1e9)), picture);
  }
  await writer.finish();
  await sink.commit();
}

/** Options of {@linkcode log}. */
export interface LogOptions {
  /** By how much its times are late. @default {0} */
  readonly delaySeconds?: number;
  /** File that it is written to, which tells whose it is. @default {the log of the computer} */
  readonly path?: string;
}

/** Logs flashes with times in whole milliseconds. */
export async function log(
  folder: string,
  moments: readonly number[],
  { delaySeconds = 0, path = "session_events_pilot.csv" }: LogOptions = {},
): Promise<void> {
  const lines = moments.map((seconds) => {
    const ms = Number(START / 1_000_000n) + Math.round((seconds + delaySeconds) * 1e3);
    return `${ms},flash`;
  });
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), ["timestamp_ms,event", ...lines, ""].join("\n"));
}

/** Samples per second of {@linkcode speech}. */
export const SOUND_RATE = 16_000;

/** Noise that is loud and quiet like speech, as 16-bit samples. */
export function speech(seconds: number): Int16Array {
  const random = new Random(5);
  let level = 0;
  return Int16Array.from({ length: SOUND_RATE * seconds }, (_, n) => {
    if (n % 2000 === 0) level = random.next() < 0.4 ? 9000 : 200;
    return Math.round(level * (random.next() - 0.5));
  });
}

/** The samples as a WAV file. */
export function wav(samples: Int16Array): Uint8Array {
  const file = new Uint8Array(44 + samples.byteLength);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode("RIFF    WAVEfmt "));
  file.set(new TextEncoder().encode("data"), 36);
  const fields = [[16, 16], [24, SOUND_RATE], [28, 2 * SOUND_RATE], [40, samples.byteLength]];
  for (const [at, value] of fields) view.setUint32(at!, value!, true);
  for (const [at, value] of [[20, 1], [22, 1], [32, 2], [34, 16]]) {
    view.setUint16(at!, value!, true);
  }
  samples.forEach((value, index) => view.setInt16(44 + 2 * index, value, true));
  return file;
}
