import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";
import { KNOWN_DEVICE_TYPES } from "../limits.ts";

/** Devices of the metadata against devices of the files, and their types. */
export const devices: Check = {
  name: "devices",
  codes: ["DEVICE_WITHOUT_FILES", "DEVICE_UNLISTED", "DEVICE_UNKNOWN_TYPE"],
  *check({ session }) {
    const withFiles = new Set([
      ...session.files.flatMap(({ role, device }) => role === "recording" ? [device] : []),
      ...session.streams.flatMap(({ kind, device }) => kind === "events" ? [] : [device]),
    ]);
    const lists = session.devices.some(({ listed }) => listed);
    for (const { id, type, listed } of session.devices) {
      const where = { device: id };
      if (listed && !withFiles.has(id)) {
        yield createIssue("DEVICE_WITHOUT_FILES", { device: id }, where);
      }
      if (!listed && lists && withFiles.has(id)) {
        yield createIssue("DEVICE_UNLISTED", { device: id }, where);
      }
      if (type !== undefined && !KNOWN_DEVICE_TYPES.has(type)) {
        yield createIssue("DEVICE_UNKNOWN_TYPE", { device: id, type }, where);
      }
    }
  },
};
