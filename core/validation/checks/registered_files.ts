import { createIssue } from "../../base/mod.ts";
import type { MetadataVariant } from "../../session/mod.ts";
import type { Check } from "../check.ts";

/** Layouts whose metadata are meant to list every file. */
const LISTING: ReadonlySet<MetadataVariant> = new Set<MetadataVariant>(["M1", "M2"]);

/** Recordings that the metadata do not know of. */
export const registeredFiles: Check = {
  name: "registered-files",
  codes: ["FILE_UNREGISTERED"],
  *check({ session }) {
    if (!LISTING.has(session.variant)) return;
    for (const { path, role, registered, device } of session.files) {
      if (role !== "recording" || registered) continue;
      yield createIssue("FILE_UNREGISTERED", {}, {
        path,
        ...(device === undefined ? {} : { device }),
      });
    }
  },
};
