import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SHARED = fileURLToPath(new URL("../../../shared/data", import.meta.url));

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
