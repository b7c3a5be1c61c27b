import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { baseName } from "../places.ts";

const NAME_REGEXP = /^[A-Za-z0-9-]+(_[A-Za-z0-9-]+)+_\d{8}_\d{6}(_[A-Za-z0-9-]+)?\.[A-Za-z0-9]+$/;

/** Names that phones write themselves: of their own form, but with all that the convention asks for. */
const PHONE_NAME_REGEXP =
  /(^|_)(Session_\d{13}|(shimmer|thermal)_.*session_\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2})(_[A-Za-z0-9]+)*\.[A-Za-z0-9]+$/;

/** Names of recordings against `<device>_<type>_YYYYMMDD_HHMMSS`. */
export const fileNames: Check = {
  name: "file-names",
  codes: ["FILE_NAME_UNUSUAL"],
  *check({ session }) {
    for (const { path, role } of session.files) {
      if (role !== "recording") continue;
      const name = baseName(path);
      if (!NAME_REGEXP.test(name) && !PHONE_NAME_REGEXP.test(name)) {
        yield createIssue("FILE_NAME_UNUSUAL", {}, { path });
      }
    }
  },
};
