import { MISSING_NS, NS_PER_SECOND } from "../../base/mod.ts";
import type { Edit } from "./track.ts";

/** Largest timescale for which a remainder in ticks times 1e9 stays an exact float. */
const MAX_EXACT_TIMESCALE = 9_007_199;

/** Whole seconds whose nanoseconds stay an exact float, and those that fit 64 bits. */
const MAX_EXACT_SECONDS = 9_007_198;
const MAX_SECONDS = 9_223_372_035;

/** How an edit list moves the frames: those before `mediaTime` are skipped, the rest is delayed. */
export interface EditShift {
  /** In ns. */
  readonly delayNs: bigint;
  /** In ticks of the track. */
  readonly mediaTime: number;
  /** The list does nothing else. */
  readonly complete: boolean;
}

/**
 * Reads an edit list (14496-12 8.6.6) as one shift: empty edits first, then one edit at normal speed.
 * Of lists that do more, only the first shift is taken.
 */
export function editShift(edits: readonly Edit[], movieTimescale: number): EditShift {
  const first = edits.findIndex(({ mediaTime }) => mediaTime >= 0n);
  const empty = first < 0 ? edits : edits.slice(0, first);
  const delay = empty.reduce((sum, { duration }) => sum + duration, 0n);
  const readable = delay === 0n || movieTimescale > 0;
  return {
    delayNs: readable && delay > 0n ? nsFromTicks(delay, movieTimescale) : 0n,
    mediaTime: first < 0 ? 0 : Number(edits[first]!.mediaTime),
    complete: readable && (edits.length === 0 || first === edits.length - 1) &&
      edits.every(({ normalRate }) => normalRate),
  };
}

function nsFromTicks(ticks: bigint, timescale: number): bigint {
  const scale = BigInt(timescale);
  return (2n * ticks * NS_PER_SECOND + scale) / (2n * scale);
}

/** Shift of the first frame of the media in seconds: positive when it is shown later. */
export function shiftSeconds({ delayNs, mediaTime }: EditShift, timescale: number): number {
  return Number(delayNs) / 1e9 - mediaTime / timescale;
}

/** Turns presentation times in ticks into ns from the start of the file, to the nearest ns. */
export class TickConverter {
  readonly #timescale: number;
  readonly #shift: EditShift;

  constructor(timescale: number, shift: EditShift) {
    this.#timescale = timescale;
    this.#shift = shift;
  }

  /** Time of one tick; `MISSING_NS` when 64 bits do not hold it. */
  toNs(pts: number): bigint {
    const ticks = pts - this.#shift.mediaTime;
    const seconds = Math.floor(ticks / this.#timescale);
    if (!(Math.abs(seconds) <= MAX_SECONDS)) return MISSING_NS;
    const fraction = this.#fractionNs(ticks - seconds * this.#timescale);
    const ns = Math.abs(seconds) <= MAX_EXACT_SECONDS
      ? BigInt(seconds * 1e9 + fraction)
      : BigInt(seconds) * NS_PER_SECOND + BigInt(fraction);
    return ns + this.#shift.delayNs;
  }

  #fractionNs(ticks: number): number {
    if (this.#timescale <= MAX_EXACT_TIMESCALE) return Math.round((ticks * 1e9) / this.#timescale);
    return Number(nsFromTicks(BigInt(ticks), this.#timescale));
  }
}
