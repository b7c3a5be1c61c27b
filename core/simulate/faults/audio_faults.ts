import type { Fault } from "./fault.ts";
import type { IssueCode } from "../../base/mod.ts";

const PATH = "devices/phone_1/sensor_data/phone_1_audio_20250731_143022.wav";

/** A tenth of a second of a sawtooth whose recorder never wrote how long it is. */
function unfinishedSound(): Uint8Array {
  const samples = 800;
  const file = new Uint8Array(44 + 2 * samples);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode("RIFF\0\0\0\0WAVEfmt "));
  file.set(new TextEncoder().encode("data"), 36);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 8000, true);
  view.setUint32(28, 16_000, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  for (let index = 0; index < samples; index++) {
    view.setInt16(44 + 2 * index, 300 * (index % 40), true);
  }
  return file;
}

/** What can be wrong with recorded sound. */
export const AUDIO_FAULTS = {
  AUDIO_UNREADABLE: { base: "motion", edit: (files) => files.write(PATH, "RIFF") },
  AUDIO_CUT_OFF: { base: "motion", edit: (files) => files.write(PATH, unfinishedSound()) },
} as const satisfies Partial<Record<IssueCode, Fault>>;
