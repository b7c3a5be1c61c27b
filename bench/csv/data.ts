/** Columns of the table as phones write them for a Shimmer sensor, and how each is read. */
export const COLUMNS = [
  ["Timestamp_ms", "i64"],
  ["DeviceTime_ms", "i64"],
  ["SystemTime_ms", "i64"],
  ["SessionTime_ms", "i64"],
  ["DeviceId", "text"],
  ["SequenceNumber", "i64"],
  ["GSR_Conductance_uS", "f64"],
  ["PPG_A13", "f64"],
  ["Accel_X_g", "f64"],
  ["Accel_Y_g", "f64"],
  ["Accel_Z_g", "f64"],
  ["Gyro_X_dps", "f64"],
  ["Gyro_Y_dps", "f64"],
  ["Gyro_Z_dps", "f64"],
  ["Mag_X_gauss", "f64"],
  ["Mag_Y_gauss", "f64"],
  ["Mag_Z_gauss", "f64"],
  ["ECG_mV", "f64"],
  ["EMG_mV", "f64"],
  ["Battery_Percentage", "i64"],
] as const;

/** Name of the only text column. */
export const TEXT_COLUMN = 4;

const RATE_HZ = 128;
const START_MS = 1_595_933_810_034;

/** Uniform numbers from 0 to 1, seeded (xorshift32). */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Writes a table of a 128 Hz recording; floats as their shortest text. Returns its size in bytes. */
export function writeTable(path: string, rows: number): number {
  const random = makeRandom(20_200_728);
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const encoder = new TextEncoder();
  let size = 0;
  let text = `${COLUMNS.map(([name]) => name).join(",")}\n`;
  for (let row = 0; row < rows; row++) {
    text += tableRow(row, random);
    if (text.length > 1 << 20 || row === rows - 1) {
      const bytes = encoder.encode(text);
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
      size += bytes.length;
      text = "";
    }
  }
  return size;
}

function tableRow(row: number, random: () => number): string {
  const time = START_MS + Math.round((row * 1000) / RATE_HZ + random() * 20);
  const device = Math.floor((row * 1000) / RATE_HZ);
  const wave = (amplitude: number, hz: number) =>
    amplitude * Math.sin((2 * Math.PI * hz * row) / RATE_HZ) + (random() - 0.5) * amplitude * 0.1;
  const motion = Array.from({ length: 9 }, (_, axis) => wave(axis + 1, 0.3 + axis * 0.1));
  const ecg = row % 1000 === 7 ? "" : wave(1.2, 1.1);
  const signals = [3 + wave(1, 0.05), 1500 + wave(80, 1.2), ...motion, ecg, wave(0.4, 30)];
  const battery = 100 - Math.floor(row / 10_000);
  return `${time},${device},${time},0,shimmer_40AC,${row},${signals.join(",")},${battery}\n`;
}
