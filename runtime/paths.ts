import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Splits a relative path with forward slashes. Throws `RangeError` when it would leave its folder. */
export function safeSegments(path: string): string[] {
  const segments = path.split("/");
  const unsafe = segments.some((part) =>
    part === "" || part === "." || part === ".." || part.includes("\\") || part.includes("\0")
  );
  if (unsafe) {
    throw new RangeError(`Cannot use a path that leaves its folder: current value is ${path}`);
  }
  return segments;
}

/**
 * Makes the parent folders of a path below a root, refusing to pass through a symbolic link: an output
 * folder that links elsewhere would carry files out of the session.
 */
export async function makeParents(root: string, segments: readonly string[]): Promise<void> {
  await mkdir(root, { recursive: true });
  let folder = root;
  for (const segment of segments.slice(0, -1)) {
    folder = join(folder, segment);
    const found = await lstat(folder).catch(() => undefined);
    if (found === undefined) await mkdir(folder);
    else if (!found.isDirectory()) {
      throw new Error(`Cannot write below ${folder}: it is not a folder`);
    }
  }
}

/** Whether no parent folder of a path below a root is missing or a link, through which files elsewhere would be met. */
export async function hasRealParents(root: string, segments: readonly string[]): Promise<boolean> {
  let folder = root;
  for (const segment of segments.slice(0, -1)) {
    folder = join(folder, segment);
    const found = await lstat(folder).catch(() => undefined);
    if (!found?.isDirectory()) return false;
  }
  return true;
}
