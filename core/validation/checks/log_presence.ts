import { createIssue } from "../../base/mod.ts";
import type { MetadataVariant } from "../../session/mod.ts";
import type { Check } from "../check.ts";

/** Recorders that keep their events elsewhere, or keep none. */
const WITHOUT_LOG: ReadonlySet<MetadataVariant> = new Set<MetadataVariant>(["phone", "S1", "S2"]);

/** A larger log holds events; if there are none, it was not read, which its reader has reported. */
const LARGEST_WITHOUT_EVENTS = 1 << 20;

/** Whether there is an event log and whether it says anything. */
export const logPresence: Check = {
  name: "log-presence",
  codes: ["LOG_MISSING", "LOG_EMPTY"],
  *check({ session }) {
    const logs = session.files.filter(({ role, path }) => role === "log" && path.endsWith(".json"));
    if (logs.length === 0 && !WITHOUT_LOG.has(session.variant)) {
      yield createIssue("LOG_MISSING", {});
    }
    for (const { path, size } of logs) {
      const some = session.events.some((event) => event.path === path);
      if (!some && size > 0 && size <= LARGEST_WITHOUT_EVENTS) {
        yield createIssue("LOG_EMPTY", {}, { path });
      }
    }
  },
};
