import type { PixelFormat } from "../../base/mod.ts";
import type { DecoderConfiguration } from "./track.ts";

/** How chroma is thinned, by the numbers that H.264 and HEVC give it. */
const CHROMA = ["GRAY8", "I420", "I422", "I444"] as const;

/** Profiles of H.264 whose configuration says nothing of chroma, which is I420 with 8 bits then. */
const PLAIN_PROFILES: readonly number[] = [66, 77, 88];

/** What a configuration says of the samples of pictures. */
interface Sampling {
  /** Place in {@linkcode CHROMA}. */
  readonly chroma: number;
  /** Bits of a sample. */
  readonly depth: number;
}

const SAMPLINGS: Readonly<Record<string, (bytes: Uint8Array) => Sampling | undefined>> = {
  avcC: avcSampling,
  hvcC: (bytes) => ({ chroma: bytes[16]! & 3, depth: 8 + (bytes[17]! & 7) }),
  vpcC: (bytes) => ({ chroma: Math.max(1, (bytes[6]! >> 1) & 7), depth: bytes[6]! >> 4 }),
  av1C: av1Sampling,
};

/** How the samples of decoded pictures will lie in memory; undefined where the configuration does not tell. */
export function pixelFormatOf(
  configuration: DecoderConfiguration | undefined,
): PixelFormat | undefined {
  if (configuration === undefined) return undefined;
  const sampling = SAMPLINGS[configuration.box]?.(configuration.bytes);
  const format = sampling && CHROMA[sampling.chroma];
  if (format === undefined || sampling?.depth === 8) return format;
  if (sampling?.depth !== 10 || format === "GRAY8") return undefined;
  return `${format}P10`;
}

/** ISO/IEC 14496-15 5.3.3: behind both lists of parameter sets. */
function avcSampling(bytes: Uint8Array): Sampling | undefined {
  if (PLAIN_PROFILES.includes(bytes[1]!)) return { chroma: 1, depth: 8 };
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = bytes[at++]! & mask;
    for (let nth = 0; nth < count; nth++) at += 2 + ((bytes[at]! << 8) | bytes[at + 1]!);
  }
  // Writers may leave the extension away.
  if (!(at + 1 < bytes.length)) return { chroma: 1, depth: 8 };
  return { chroma: bytes[at]! & 3, depth: 8 + (bytes[at + 1]! & 7) };
}

/** AV1 in ISOBMFF 2.3.3. */
function av1Sampling(bytes: Uint8Array): Sampling {
  const flags = bytes[2]!;
  const chroma = flags & 0x10 ? 0 : flags & 0x04 ? 1 : flags & 0x08 ? 2 : 3;
  return { chroma, depth: flags & 0x40 ? (flags & 0x20 ? 12 : 10) : 8 };
}
