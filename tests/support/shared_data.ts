import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SHARED = fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** Where a real recording lies, if it is there. */
export function recordingPath(recording: string): string {
  return join(SHARED, recording);
}

/** Whether a real recording is there; where it is not, that is said, and on CI it is a failure. */
export function hasRecording(recording: string): boolean {
  if (existsSync(recordingPath(recording))) return true;
  const message = `../shared/data/${recording} is absent`;
  if (Deno.env.get("CI") === "true") throw new Error(message);
  // deno-lint-ignore no-console
  console.warn(`Skipped: ${message}`);
  return false;
}

/**
 * Registers a test on a real recording that lies beside the repository. Where it is absent the test is
 * skipped and says so; on CI its absence is a failure.
 */
export function testWithRecording(
  name: string,
  recording: string,
  test: (path: string) => Promise<void>,
): void {
  const path = join(SHARED, recording);
  const absent = !existsSync(path);
  const mustRun = Deno.env.get("CI") === "true";
  Deno.test({
    name: absent ? `${name} (skipped: ../shared/data/${recording} is absent)` : name,
    ignore: absent && !mustRun,
    fn: () => test(path),
  });
}
