import { boxType } from "./boxes.ts";
import type { ColorMatrix } from "../../base/mod.ts";
import { firstSequence, readSequence } from "./h264_parameters.ts";
import type { DecoderConfiguration, Track, TrackColor } from "./track.ts";

/** Matrix coefficients of ITU-T H.273 that pictures are recorded with. */
const MATRICES: Readonly<Record<number, ColorMatrix>> = {
  1: "bt709",
  5: "bt601",
  6: "bt601",
  9: "bt2020",
  10: "bt2020",
};

/** Most lines of pictures whose colours are taken for those of television of standard definition. */
const STANDARD_LINES = 576;

/** The matrix that a code of H.273 stands for; nothing when it says that it is not known. */
export function matrixOf(code: number): Pick<TrackColor, "matrix"> {
  const matrix = MATRICES[code];
  return matrix === undefined ? {} : { matrix };
}

/** Reads `colr`, 14496-12 12.1.5, and the form of QuickTime that tells no range. Throws `RangeError` when cut off. */
export function readColor(view: DataView): TrackColor {
  const type = boxType(view, 0);
  if (type !== "nclx" && type !== "nclc") return {};
  const matrix = matrixOf(view.getUint16(8));
  return type === "nclx" ? { ...matrix, fullRange: (view.getUint8(10) & 0x80) !== 0 } : matrix;
}

/** Colours of a track: those of its box, else those of its configuration, else the usual ones of its size. */
export function colorOf({ color, configuration, height }: Track): Required<TrackColor> {
  return {
    matrix: height <= STANDARD_LINES ? "bt601" : "bt709",
    fullRange: false,
    ...configuredColor(configuration),
    ...color,
  };
}

/** What a configuration says: the parameters of H.264, or VP codecs as laid down in their binding to MP4. */
function configuredColor(configuration: DecoderConfiguration | undefined): TrackColor {
  if (configuration?.box === "avcC") {
    const sequence = firstSequence(configuration.bytes);
    const found = sequence && readSequence(sequence)?.color;
    return found === undefined
      ? {}
      : { ...matrixOf(found.matrix ?? 2), fullRange: found.fullRange };
  }
  if (configuration?.box !== "vpcC" || configuration.bytes.length < 10) return {};
  const { bytes } = configuration;
  return { ...matrixOf(bytes[9]!), fullRange: (bytes[6]! & 1) === 1 };
}
