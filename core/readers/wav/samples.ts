import type { WavFormat } from "./header.ts";

/** Mixes frames down to one channel: the mean of all, where 1 is full scale. What is no number is silence. */
export function mixFrames(bytes: Uint8Array, format: WavFormat, out: Float32Array): number {
  const { channels, frameBytes } = format;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readerOf(view, format);
  const sampleBytes = frameBytes / channels;
  const frames = Math.min(out.length, Math.floor(bytes.length / frameBytes));
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      sum += read(frame * frameBytes + channel * sampleBytes);
    }
    const value = sum / channels;
    out[frame] = Number.isFinite(value) ? value : 0;
  }
  return frames;
}

/** Reads one sample. Samples of 8 bits are unsigned, all others signed, little-endian. */
function readerOf(view: DataView, { encoding, bits }: WavFormat): (at: number) => number {
  if (encoding === "float") {
    return bits === 32 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true);
  }
  switch (bits) {
    case 8:
      return (at) => (view.getUint8(at) - 128) / 128;
    case 16:
      return (at) => view.getInt16(at, true) / 32_768;
    case 24:
      return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65_536) / 8_388_608;
    default:
      return (at) => view.getInt32(at, true) / 2_147_483_648;
  }
}
