import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";

/** A session without any recorded stream. */
export const sessionEmpty: Check = {
  name: "session-empty",
  codes: ["SESSION_EMPTY"],
  *check({ session }) {
    if (session.streams.every(({ kind }) => kind === "events")) {
      yield createIssue("SESSION_EMPTY", { files: session.files.length });
    }
  },
};
