import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { eventPlace } from "../places.ts";

/** Errors that the recorder logged while it recorded. */
export const eventErrors: Check = {
  name: "event-errors",
  codes: ["EVENT_ERROR_LOGGED"],
  *check({ session }) {
    for (const event of session.events) {
      if (event.type !== "error") continue;
      const { message, error_type: type } = event.details;
      const text = message ?? event.label ?? type ?? "no message";
      yield createIssue("EVENT_ERROR_LOGGED", { message: text }, eventPlace(event));
    }
  },
};
