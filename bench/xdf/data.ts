import { dirname } from "node:path";

/** What a file for the benchmark holds: streams of random numbers that all begin together. */
export interface Shape {
  readonly name: string;
  readonly streams: number;
  readonly channels: number;
  readonly rateHz: number;
  readonly seconds: number;
  /** One sigma of the stamps, in seconds. */
  readonly jitter: number;
}

/** Streams of one computer. */
const STREAMS_PER_HOST = 5;
/** Samples come twice a second, as the usual recorder writes them. */
const CHUNKS_PER_SECOND = 2;
const OFFSET_EVERY_SECONDS = 5;
/** One sigma of clock readings, in seconds. */
const READING_SIGMA = 1e-4;

/** The clock of a computer at a time of the recorder. */
export function clockOf(host: number, time: number): number {
  return 5000 * (host + 1) + time * (1 + (host - 1.5) * 20e-6);
}

/** Computer that sends a stream. */
export function hostOf(stream: number): number {
  return Math.floor(stream / STREAMS_PER_HOST);
}

/** True time of a sample on the clock of the recorder, in seconds. */
export function trueTime(row: number, { rateHz }: Shape): number {
  return 1000 + row / rateHz;
}

/** Uniform numbers below 1, the same on every run (Park and Miller 1988). */
function uniforms(): () => number {
  let state = 20;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function chunkHead(tag: number, id: number, content: number): Uint8Array {
  const bytes = new Uint8Array(11);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 4);
  view.setUint32(1, content + 6, true);
  view.setUint16(5, tag, true);
  view.setUint32(7, id, true);
  return bytes;
}

/** Writes a recording as LabRecorder would. Returns its size in bytes. */
export async function writeRecording(path: string, shape: Shape): Promise<number> {
  const { streams, channels, rateHz, seconds, jitter } = shape;
  await Deno.mkdir(dirname(path), { recursive: true });
  const file = await Deno.open(path, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  const uniform = uniforms();
  const normal = () => uniform() + uniform() + uniform() + uniform() - 2;
  const scale = Math.sqrt(3);
  let size = 0;
  const put = async (...parts: Uint8Array[]) => {
    for (const part of parts) {
      size += part.length;
      await writer.write(part);
    }
  };
  const text = (value: string) => new TextEncoder().encode(value);
  await put(text("XDF:"), Uint8Array.of(1, 9, 1, 0), text("<info/>"));
  for (let id = 1; id <= streams; id++) {
    const xml = text(
      `<?xml version="1.0"?><info><name>stream ${id}</name><type>EEG</type><channel_count>${channels}` +
        `</channel_count><nominal_srate>${rateHz}</nominal_srate><channel_format>float32</channel_format>` +
        `<hostname>host${hostOf(id - 1)}</hostname></info>`,
    );
    await put(chunkHead(2, id, xml.length), xml);
  }
  const rows = Math.ceil(rateHz / CHUNKS_PER_SECOND);
  const sampleBytes = 9 + 4 * channels;
  let next = OFFSET_EVERY_SECONDS;
  for (let row = 0; row < rateHz * seconds; row += rows) {
    const count = Math.min(rows, rateHz * seconds - row);
    for (let id = 1; id <= streams; id++) {
      const view = new DataView(new ArrayBuffer(5 + count * sampleBytes));
      view.setUint8(0, 4);
      view.setUint32(1, count, true);
      for (let at = 0; at < count; at++) {
        const start = 5 + at * sampleBytes;
        const time = trueTime(row + at, shape) + jitter * scale * normal();
        view.setUint8(start, 8);
        view.setFloat64(start + 1, clockOf(hostOf(id - 1), time), true);
        for (let channel = 0; channel < channels; channel++) {
          view.setFloat32(start + 9 + 4 * channel, uniform(), true);
        }
      }
      await put(chunkHead(3, id, view.byteLength), new Uint8Array(view.buffer));
    }
    if ((row + count) / rateHz < next) continue;
    for (let id = 1; id <= streams; id++) {
      const time = trueTime(row + count, shape);
      const clock = clockOf(hostOf(id - 1), time);
      const reading = Float64Array.of(clock, time - clock + READING_SIGMA * scale * normal());
      await put(chunkHead(4, id, 16), new Uint8Array(reading.buffer));
    }
    next += OFFSET_EVERY_SECONDS;
  }
  const footer = text("<info/>");
  for (let id = 1; id <= streams; id++) await put(chunkHead(6, id, footer.length), footer);
  await writer.close();
  return size;
}
