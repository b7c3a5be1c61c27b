import { canonicalUnit } from "./units.ts";

/** A column name taken apart. */
export interface NameParts {
  /** Lower-case words without the unit, joined by `_`; empty when nothing is left. */
  readonly stem: string;
  /** The same with the unit word, when there is one. */
  readonly full: string;
  /** Unit word as it was written. */
  readonly unitWord?: string;
}

/** Words at the end of a name that may be its unit. */
const UNIT_WORD_REGEXP =
  /^(?:ns|us|ms|s|sec|secs|[uµμ]S|microsiemens|k?ohms?|mV|uV|g|mg|mps2|dps|gauss|uT|C|celsius|percent|percentage|hz|bpm|kbps|mm|m|adc)$/i;

/** Name of the sensor in front and kind of value behind, in the tables of Consensys. */
const CONSENSYS_REGEXP = /^(?:shimmer_[0-9a-z]{1,8}_)?(.+?)_(CAL|RAW|UNCAL)$/i;

/**
 * Takes a column name apart: words, and the unit that its last word or brackets state.
 *
 * `GSR_Conductance_uS` becomes the stem `gsr_conductance` with unit word `uS`.
 */
export function nameParts(header: string): NameParts {
  const consensys = CONSENSYS_REGEXP.exec(header.trim());
  if (consensys !== null) return consensysParts(consensys[1]!, consensys[2]!.toUpperCase());
  const bracket = /^(.*?)\s*[([]([^)\]]*)[)\]]\s*$/.exec(header);
  if (bracket !== null && bracket[1] !== "") {
    const stem = snakeName(bracket[1]!);
    return { stem, full: stem, unitWord: bracket[2]! };
  }
  const words = header.trim().split(/[^\p{L}\p{N}µμ%]+/u).filter((word) => word !== "");
  const last = words.at(-1) ?? "";
  if (words.length < 2 || !UNIT_WORD_REGEXP.test(last)) {
    const stem = snakeName(header);
    return { stem, full: stem };
  }
  const stem = snakeName(words.slice(0, -1).join("_"));
  return { stem, full: `${stem}_${last.toLowerCase()}`, unitWord: last };
}

function consensysParts(name: string, kind: string): NameParts {
  const stem = snakeName(name) + (kind === "CAL" ? "" : "_raw");
  return { stem, full: stem };
}

/** Lower-case ASCII words joined by `_`: `FrameNumber` becomes `frame_number`. */
function snakeName(text: string): string {
  return text.trim().normalize("NFKD").replace(/[µμ]/g, "u").replace(/\p{M}/gu, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
}

/** Letters and digits alone, by which tables of known writers are recognised. */
export function compactName(header: string): string {
  return header.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Name that can stand in an export: a letter first, at most 63 characters. */
export function exportName(stem: string, index: number): string {
  const name = stem === "" ? `column_${index + 1}` : stem;
  return (/^[a-z]/.test(name) ? name : `column_${name}`).slice(0, 63).replace(/_+$/, "");
}

/** The unit that a unit word means behind this stem: `us` is microseconds of a time, else microsiemens. */
export function unitOfWord(word: string, isTime: boolean): string | undefined {
  if (/^[uµμ]s$/i.test(word)) return isTime ? "us" : "uS";
  if (isTime && /^s$/i.test(word)) return "s";
  return canonicalUnit(word);
}
