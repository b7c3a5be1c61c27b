import { EARLIEST_DATE_NS, LATEST_DATE_NS, type TimeSpan } from "../base/mod.ts";

/** Times between the years 2000 and 2100. */
export function isPlausible(span: TimeSpan | undefined): boolean {
  if (span === undefined) return true;
  return span.startNs > EARLIEST_DATE_NS && span.endNs < LATEST_DATE_NS;
}
