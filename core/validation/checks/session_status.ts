import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";

const OPEN_STATES = new Set(["active", "in_progress", "recording", "paused"]);

/** Whether the recorder itself closed the session. */
export const sessionStatus: Check = {
  name: "session-status",
  codes: ["SESSION_ACTIVE", "SESSION_RECOVERED"],
  *check({ session }) {
    const status = session.status?.toLowerCase();
    if (status !== undefined && OPEN_STATES.has(status)) {
      yield createIssue("SESSION_ACTIVE", { status });
    }
    const recovered = session.events.some(({ type, details }) =>
      type === "session_end" && details["recovered"] === "true"
    );
    if (status === "recovered" || recovered) {
      yield createIssue("SESSION_RECOVERED", { status: "recovered" });
    }
  },
};
