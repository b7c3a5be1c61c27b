import { createIssue } from "../../base/mod.ts";
import type { MetadataVariant } from "../../session/mod.ts";
import type { Check } from "../check.ts";

/** Recorders that keep their events elsewhere, or keep none. */
const WITHOUT_LOG: ReadonlySet<MetadataVariant> = new Set<MetadataVariant>(["phone", "S1", "S2"]);

/** Whether there is an event log and whether those that were read say anything. */
export const logPresence: Check = {
  name: "log-presence",
  codes: ["LOG_MISSING", "LOG_EMPTY"],
  *check({ session }) {
    const logs = session.files.filter(({ role, path }) => role === "log" && path.endsWith(".json"));
    if (logs.length === 0 && !WITHOUT_LOG.has(session.variant)) {
      yield createIssue("LOG_MISSING", {});
    }
    for (const { path, events } of session.logs) {
      if (events === 0) yield createIssue("LOG_EMPTY", {}, { path });
    }
  },
};
