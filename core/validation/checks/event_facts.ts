import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { KNOWN_EVENTS } from "../limits.ts";
import { eventPlace } from "../places.ts";

/** The computer that records, which is never listed as a device. */
const RECORDER = "pc";

/** Types, times and devices of events. */
export const eventFacts: Check = {
  name: "event-facts",
  codes: ["EVENT_UNKNOWN", "EVENT_TIME_MISSING", "EVENT_DEVICE_UNKNOWN"],
  *check({ session }) {
    const known = new Set([RECORDER, ...session.devices.map(({ id }) => id)]);
    for (const event of session.events) {
      const where = eventPlace(event);
      if (!KNOWN_EVENTS.has(event.type)) {
        yield createIssue("EVENT_UNKNOWN", { event: event.type }, where);
      }
      if (event.time === undefined) {
        yield createIssue("EVENT_TIME_MISSING", { event: event.type }, where);
      }
      if (event.device !== undefined && !known.has(event.device)) {
        yield createIssue(
          "EVENT_DEVICE_UNKNOWN",
          { event: event.type, device: event.device },
          where,
        );
      }
    }
  },
};
