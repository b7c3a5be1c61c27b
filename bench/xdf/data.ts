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

/** Makes the variance of what is drawn one. */
const SCALE = Math.sqrt(3);

/** Numbers that are drawn one after another. */
interface Draws {
  readonly uniform: () => number;
  /** Nearly normal, with variance 1/3. */
  readonly normal: () => number;
}

function draws(): Draws {
  const uniform = uniforms();
  const normal = () => uniform() + uniform() + uniform() + uniform() - 2;
  return { uniform, normal };
}

const text = (value: string) => new TextEncoder().encode(value);

function streamHeader(id: number, { channels, rateHz }: Shape): Uint8Array[] {
  const xml = text(
    `<?xml version="1.0"?><info><name>stream ${id}</name><type>EEG</type><channel_count>${channels}` +
      `</channel_count><nominal_srate>${rateHz}</nominal_srate><channel_format>float32</channel_format>` +
      `<hostname>host${hostOf(id - 1)}</hostname></info>`,
  );
  return [chunkHead(2, id, xml.length), xml];
}

/** Samples of a stream from a row on. */
function samples(id: number, row: number, count: number, shape: Shape, draw: Draws): Uint8Array[] {
  const sampleBytes = 9 + 4 * shape.channels;
  const view = new DataView(new ArrayBuffer(5 + count * sampleBytes));
  view.setUint8(0, 4);
  view.setUint32(1, count, true);
  for (let at = 0; at < count; at++) {
    const start = 5 + at * sampleBytes;
    const time = trueTime(row + at, shape) + shape.jitter * SCALE * draw.normal();
    view.setUint8(start, 8);
    view.setFloat64(start + 1, clockOf(hostOf(id - 1), time), true);
    for (let channel = 0; channel < shape.channels; channel++) {
      view.setFloat32(start + 9 + 4 * channel, draw.uniform(), true);
    }
  }
  return [chunkHead(3, id, view.byteLength), new Uint8Array(view.buffer)];
}

/** A reading of the clock of a stream at a row. */
function clockReading(id: number, row: number, shape: Shape, draw: Draws): Uint8Array[] {
  const time = trueTime(row, shape);
  const clock = clockOf(hostOf(id - 1), time);
  const reading = Float64Array.of(clock, time - clock + READING_SIGMA * SCALE * draw.normal());
  return [chunkHead(4, id, 16), new Uint8Array(reading.buffer)];
}

/** The chunks of a recording as LabRecorder would write them. */
function* chunksOf(shape: Shape): Generator<Uint8Array[]> {
  const { streams, rateHz, seconds } = shape;
  const draw = draws();
  const ids = Array.from({ length: streams }, (_, index) => index + 1);
  yield [text("XDF:"), Uint8Array.of(1, 9, 1, 0), text("<info/>")];
  for (const id of ids) yield streamHeader(id, shape);
  const rows = Math.ceil(rateHz / CHUNKS_PER_SECOND);
  let next = OFFSET_EVERY_SECONDS;
  for (let row = 0; row < rateHz * seconds; row += rows) {
    const count = Math.min(rows, rateHz * seconds - row);
    for (const id of ids) yield samples(id, row, count, shape, draw);
    if ((row + count) / rateHz < next) continue;
    for (const id of ids) yield clockReading(id, row + count, shape, draw);
    next += OFFSET_EVERY_SECONDS;
  }
  const footer = text("<info/>");
  for (const id of ids) yield [chunkHead(6, id, footer.length), footer];
}

/** Writes a recording as LabRecorder would. Returns its size in bytes. */
export async function writeRecording(path: string, shape: Shape): Promise<number> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const file = await Deno.open(path, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  let size = 0;
  for (const parts of chunksOf(shape)) {
    for (const part of parts) {
      size += part.length;
      await writer.write(part);
    }
  }
  await writer.close();
  return size;
}
