import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";

const OPEN_STATES = new Set(["active", "in_progress", "recording", "paused"]);

/** Whether the recorder itself closed the session, as its metadata and its log tell. */
export const sessionStatus: Check = {
  name: "session-status",
  codes: ["SESSION_ACTIVE", "SESSION_RECOVERED"],
  *check({ session }) {
    const logged = session.logs.flatMap(({ status }) => status?.toLowerCase() ?? []);
    const status = session.status?.toLowerCase() ?? logged[0];
    if (status !== undefined && OPEN_STATES.has(status)) {
      yield createIssue("SESSION_ACTIVE", { status });
    }
    const ended = session.events.some(({ type, details }) =>
      type === "session_end" && details["recovered"] === "true"
    );
    if (status === "recovered" || logged.includes("recovered") || ended) {
      yield createIssue("SESSION_RECOVERED", { status: "recovered" });
    }
  },
};
