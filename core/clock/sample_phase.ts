import { median } from "../base/mod.ts";
import type { OneWayEvidence } from "./model.ts";

/** Which clock was set, as far as the places of the samples tell. */
export type SetClock = "host" | "device" | "unknown";

/** Blocks on either side of a step that are looked at. */
const REACH = 24;
/** Fewest spans between them that tell a period. */
const FEWEST = 6;
/** Blocks by which a step may lie elsewhere. */
const MARGIN = 2;
/** Rounds in which the period is found. */
const ROUNDS = 4;
/** Largest scatter of samples about their places, in periods. */
const SCATTER = 0.05;
/** Least share of a period by which a clock that was set must have moved the samples. */
const MOVED = 0.2;

/**
 * Tells by the places of samples which of two clocks was set at a step, whatever samples are missing there.
 *
 * A sensor samples on and on at one period. As long as its clock runs on, the time between two of its stamps is
 * a whole number of periods, across a gap as well; once it is set, by an amount that is no such number, it is not.
 * Stamps that scatter, and changes of about a whole number of periods, tell nothing.
 *
 * @param block The first block behind the step.
 * @param changeNs Change of host minus device there.
 */
export function setByPhase(
  { fromNs, rows }: Pick<OneWayEvidence, "fromNs" | "rows">,
  block: number,
  changeNs: number,
): SetClock {
  const from = Math.max(1, block - REACH);
  const to = Math.min(fromNs.length - 1, block + REACH);
  const spans: number[] = [];
  const rates: number[] = [];
  for (let index = from; index <= to; index++) {
    if (Math.abs(index - block) <= MARGIN) continue;
    const [span, samples] = [
      Number(fromNs[index]! - fromNs[index - 1]!),
      rows[index]! - rows[index - 1]!,
    ];
    if (!(span > 0 && samples > 0)) continue;
    spans.push(span);
    rates.push(span / samples);
  }
  if (spans.length < FEWEST) return "unknown";
  const period = periodOf(spans, rates);
  const scatter = median(spans.map((span) => offPlace(span, period)));
  if (!(scatter <= SCATTER)) return "unknown";
  const [before, after] = [Math.max(block - 1 - MARGIN, 0), Math.min(block + MARGIN, to)];
  const across = Number(fromNs[after]! - fromNs[before]!);
  const [host, device] = [offPlace(across, period), offPlace(across + changeNs, period)];
  const near = Math.max(2 * SCATTER, 4 * scatter);
  if (host <= near && device >= host + MOVED) return "host";
  return device <= MOVED && host >= device + MOVED ? "device" : "unknown";
}

/** Lost samples lengthen the time for a count of them, and never shorten it: the shorter half tells the period. */
function periodOf(spans: readonly number[], rates: readonly number[]): number {
  const shorter = rates.toSorted((a, b) => a - b).slice(0, Math.ceil(rates.length / 2));
  let period = median(shorter);
  // Short spans find the whole numbers for long ones.
  const sorted = spans.toSorted((a, b) => a - b);
  for (let round = 1; round <= ROUNDS; round++) {
    const known = sorted.slice(0, Math.ceil(sorted.length * round / ROUNDS));
    let [products, squares] = [0, 0];
    for (const span of known) {
      if (offPlace(span, period) > 0.25) continue;
      const count = Math.round(span / period);
      products += count * span;
      squares += count * count;
    }
    if (squares > 0) period = products / squares;
  }
  return period;
}

/** How far a time is from a whole number of periods, in periods. */
function offPlace(span: number, period: number): number {
  const count = span / period;
  return Math.abs(count - Math.round(count));
}
