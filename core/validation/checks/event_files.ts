import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { baseName, eventPlace } from "../places.ts";

/** Files that the log says were received, which the computer stores under the name of their device. */
export const eventFiles: Check = {
  name: "event-files",
  codes: ["EVENT_FILE_MISSING"],
  *check({ session }) {
    const names = new Set(session.files.map(({ path }) => baseName(path)));
    for (const event of session.events) {
      const target = event.details["filename"];
      if (event.type !== "file_received" || target === undefined) continue;
      const name = baseName(target);
      if (names.has(name) || names.has(`${event.device}_${name}`)) continue;
      yield createIssue(
        "EVENT_FILE_MISSING",
        { target, device: event.device ?? "unknown" },
        eventPlace(event),
      );
    }
  },
};
