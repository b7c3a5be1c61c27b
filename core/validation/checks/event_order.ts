import { createIssue } from "../../base/mod.ts";
import type { StampedTime } from "../../session/mod.ts";
import type { Check } from "../check.ts";
import { eventPlace } from "../places.ts";
import { formatTime } from "../window.ts";

/** Events of one log whose time lies before that of the event ahead of them. */
export const eventOrder: Check = {
  name: "event-order",
  codes: ["EVENT_ORDER"],
  *check({ session }) {
    const latest = new Map<string, StampedTime>();
    for (const event of session.events) {
      const { time, path, type } = event;
      if (time === undefined) continue;
      const key = `${path}\n${time.clock.id}`;
      const previous = latest.get(key);
      latest.set(key, time);
      if (previous === undefined || time.ns >= previous.ns) continue;
      yield createIssue("EVENT_ORDER", {
        event: type,
        time: formatTime(time.ns, time.clock.kind),
        previous: formatTime(previous.ns, previous.clock.kind),
      }, eventPlace(event));
    }
  },
};
