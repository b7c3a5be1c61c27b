import type { ClockRef } from "../../base/mod.ts";
import type { SurveyedStream } from "./survey.ts";

/** Stamps so far from the readings of their clock, in seconds, are of another clock. */
const FOREIGN_SECONDS = 86_400;

/** Readings this near to each other in time tell whether two streams share a clock. */
const NEAR_SECONDS = 10;
/** Clocks that are further apart, in seconds, are not the same. */
const SAME_SECONDS = 0.5;

/** The clock that stamped a stream. */
export interface StampClock {
  readonly clock: ClockRef;
  /** The offsets of the stream are those of this clock. */
  readonly hasOffsets: boolean;
  /** Its stamps are not of the clock that was compared with the recorder's. */
  readonly isForeign: boolean;
}

/**
 * The clock of each stream. Streams of one computer share its clock, unless their offsets show that two computers
 * have the same name; a stream without the name of a computer has a clock of its own. Stamps that lie far from
 * all readings of the clock of their computer come from another one, such as one that counts from 1970.
 *
 * @param ids Id `<device>/<name>` of each stream.
 * @param computers Name of the computer of each.
 */
export function stampClocks(
  streams: readonly SurveyedStream[],
  ids: readonly string[],
  computers: readonly string[],
): StampClock[] {
  const leaders: { readonly id: string; readonly stream: SurveyedStream }[] = [];
  return streams.map((stream, index) => {
    const { offsets, info } = stream;
    if (isForeign(stream)) {
      const isUtc = Number(stream.firstNs) > 9.4e17;
      const id = `${ids[index]}/${isUtc ? "utc" : "device"}`;
      return {
        clock: { id, kind: isUtc ? "utc" : "device" },
        hasOffsets: false,
        isForeign: true,
      };
    }
    const hasOffsets = offsets.times.length > 0;
    const own = `${ids[index]}/lsl`;
    const shared = `${computers[index]}/lsl`;
    const base = info.hostname === undefined ? own : shared;
    const same = leaders.find((leader) => leader.id === base);
    const id = same !== undefined && !canShare(same.stream, stream) ? own : base;
    leaders.push({ id, stream });
    return { clock: { id, kind: "monotonic" }, hasOffsets, isForeign: false };
  });
}

function isForeign({ firstNs, offsets: { times } }: SurveyedStream): boolean {
  if (firstNs === undefined || times.length === 0) return false;
  const first = Number(firstNs) / 1e9;
  return times.every((time) => !(Math.abs(time - first) < FOREIGN_SECONDS)) &&
    times.some((time) => Number.isFinite(time)) && !wasReset(times);
}

/** A clock that began anew may have done so before the first reading. */
function wasReset(times: Float64Array): boolean {
  return times.some((time, index) => index > 0 && time < times[index - 1]!);
}

/** Whether readings of two streams at about the same time agree; those without any do not disagree. */
function canShare(a: SurveyedStream, b: SurveyedStream): boolean {
  const [first, second] = [a.offsets, b.offsets];
  let compared = 0;
  let agreeing = 0;
  let other = 0;
  for (let index = 0; index < second.times.length; index++) {
    const value = second.values[index]!;
    const at = second.times[index]! + value;
    const distance = (near: number) => Math.abs(first.times[near]! + first.values[near]! - at);
    while (other + 1 < first.times.length && distance(other + 1) <= distance(other)) other++;
    if (first.times.length === 0 || !(distance(other) < NEAR_SECONDS)) continue;
    compared++;
    if (Math.abs(first.values[other]! - value) < SAME_SECONDS) agreeing++;
  }
  return compared === 0 || agreeing * 2 >= compared;
}
