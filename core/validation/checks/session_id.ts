import { createIssue } from "../../base/mod.ts";
import type { Check } from "../check.ts";

/** `[name_]YYYYMMDD_HHMMSS` of the computer, or `session_yyyy-MM-dd_HH-mm-ss` of the phone. */
const ID_REGEXP =
  /^([A-Za-z0-9_-]+_)?(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})$|^session_(\d{4})-(\d{2})-(\d{2})_(\d{2})-(\d{2})-(\d{2})$/;

/** Whether the digits of an id make a date and a time of day. */
function holdsTime(id: string): boolean {
  const groups = ID_REGEXP.exec(id)?.slice(2).filter((group) => group !== undefined);
  if (groups === undefined) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = groups.map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 &&
    minute < 60 && second < 60;
}

/** Phone and computer write the same time with different dashes. */
function isSame(folder: string, id: string): boolean {
  return folder.replaceAll(/[-_]/g, "") === id.replaceAll(/[-_]/g, "");
}

/** The id of the session against its naming convention and against its folder. */
export const sessionId: Check = {
  name: "session-id",
  codes: ["SESSION_ID_UNUSUAL", "SESSION_ID_MISMATCH"],
  *check({ session, folderName }) {
    const id = session.declaredId ?? session.id;
    if (!holdsTime(id)) yield createIssue("SESSION_ID_UNUSUAL", { id });
    if (folderName !== undefined && session.declaredId !== undefined && !isSame(folderName, id)) {
      yield createIssue("SESSION_ID_MISMATCH", { folder: folderName, id });
    }
  },
};
