import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";

/** Whether anything describes the session but its files. */
export const metadataPresence: Check = {
  name: "metadata-presence",
  codes: ["METADATA_MISSING"],
  *check({ session }) {
    const some = session.files.some(({ role }) => role === "metadata");
    if (session.variant === "none" && !some) yield createIssue("METADATA_MISSING", {});
  },
};
