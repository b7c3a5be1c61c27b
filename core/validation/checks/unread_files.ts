import { createIssue, groupBy } from "../../base/mod.ts";
import type { SessionFile } from "../../session/mod.ts";
import type { Check } from "../check.ts";
import { baseName } from "../places.ts";

/** Types that become streams, whose readers say themselves what they cannot use. */
const READ_TYPES: ReadonlySet<string> = new Set(["csv", "tsv", "mp4", "m4v", "mov", "3gp", "dat"]);

/** Recordings for whose format there is no reader: said once for each folder and type, not for each picture. */
export const unreadFiles: Check = {
  name: "unread-files",
  codes: ["FILE_NOT_READ"],
  *check({ session }) {
    const read = new Set(session.streams.map(({ path }) => path));
    const unread = session.files.filter(({ path, role, size, unreadable }) =>
      role === "recording" && size > 0 && unreadable === undefined && !read.has(path) &&
      !READ_TYPES.has(typeOf(path))
    );
    for (const files of groupBy(unread, folderAndType).values()) {
      const { path } = files[0]!;
      const params = { count: files.length, type: typeOf(path) };
      yield createIssue("FILE_NOT_READ", params, {
        path: files.length === 1 ? path : folderOf(path),
      });
    }
  },
};

function folderAndType({ path }: SessionFile): string {
  return `${folderOf(path)}/${typeOf(path)}`;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function typeOf(path: string): string {
  return baseName(path).split(".").at(-1)!.toLowerCase();
}
