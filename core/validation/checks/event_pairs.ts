import { createIssue, groupBy, type Issue } from "../../base/mod.ts";
import type { SessionEvent } from "../../session/mod.ts";
import type { Check } from "../check.ts";
import { eventPlace } from "../places.ts";

const PAIRS: readonly (readonly [start: string, stop: string])[] = [
  ["session_start", "session_end"],
  ["start_record", "stop_record"],
  ["stimulus_play", "stimulus_stop"],
  ["stimulus_start", "stimulus_end"],
  ["session_pause", "session_resume"],
];

/** Starts without a stop and stops without a start, log by log. */
export const eventPairs: Check = {
  name: "event-pairs",
  codes: ["EVENT_UNPAIRED"],
  *check({ session }) {
    for (const events of groupBy(session.events, ({ path }) => path).values()) {
      for (const [start, stop] of PAIRS) yield* unpaired(events, start, stop);
    }
  },
};

function* unpaired(
  events: readonly SessionEvent[],
  start: string,
  stop: string,
): Iterable<Issue> {
  let open: SessionEvent | undefined;
  for (const event of events) {
    if (event.type === start) {
      if (open !== undefined) {
        yield createIssue("EVENT_UNPAIRED", { start, stop }, eventPlace(open));
      }
      open = event;
    } else if (event.type === stop) {
      if (open === undefined) {
        yield createIssue("EVENT_UNPAIRED", { start: stop, stop: start }, eventPlace(event));
      }
      open = undefined;
    }
  }
  if (open !== undefined) yield createIssue("EVENT_UNPAIRED", { start, stop }, eventPlace(open));
}
