import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { LIMITS } from "../limits.ts";
import { eventPlace } from "../places.ts";
import { distanceSeconds, placeTime, rounded, sessionWindow } from "../window.ts";

/** Events before the session started or after it ended. Files may arrive after the end. */
export const eventWindow: Check = {
  name: "event-window",
  codes: ["EVENT_OUTSIDE_SESSION"],
  *check(context) {
    const window = sessionWindow(context);
    if (window === undefined) return;
    for (const event of context.session.events) {
      if (event.time === undefined || event.type === "file_received") continue;
      const ns = placeTime(window, event.time, context);
      if (ns === undefined) continue;
      const distance = distanceSeconds(window, { startNs: ns, endNs: ns });
      if (distance <= LIMITS.eventMarginSeconds) continue;
      yield createIssue(
        "EVENT_OUTSIDE_SESSION",
        { event: event.type, seconds: rounded(distance) },
        eventPlace(event),
      );
    }
  },
};
