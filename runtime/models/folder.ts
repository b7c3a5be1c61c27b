import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { reasonOf, UsageError } from "../../core/base/mod.ts";

/** Where programs keep what they can fetch again, by the custom of the platform. */
export interface CachePlace {
  readonly platform: string;
  readonly environment: (name: string) => string | undefined;
  readonly home: () => string;
}

/**
 * The folder of the networks: `session-process/models` below `XDG_CACHE_HOME` or `~/.cache`, below `~/Library/Caches`
 * on macOS, below `LOCALAPPDATA` on Windows.
 *
 * Deno needs `--allow-env=XDG_CACHE_HOME,HOME --allow-sys=homedir`. Throws `UsageError` when it may not be known.
 *
 * @example
 * ```ts
 * import { modelsFolder } from "session-process/runtime";
 * import assert from "node:assert/strict";
 *
 * const place = { platform: "linux", environment: () => undefined, home: () => "/home/me" };
 * assert.equal(modelsFolder(place), "/home/me/.cache/session-process/models");
 * ```
 */
export function modelsFolder(place: CachePlace = thisMachine()): string {
  try {
    return join(cacheFolder(place), "session-process", "models");
  } catch (error) {
    throw new UsageError(
      `Cannot tell the folder of the networks: ${reasonOf(error)}`,
      "Name it with --models DIR, or give Deno --allow-env --allow-sys=homedir",
    );
  }
}

function cacheFolder({ platform, environment, home }: CachePlace): string {
  if (platform === "win32") return environment("LOCALAPPDATA") ?? join(home(), "AppData", "Local");
  if (platform === "darwin") return join(home(), "Library", "Caches");
  // The XDG specification has relative values ignored.
  const given = environment("XDG_CACHE_HOME");
  return given?.startsWith("/") ? given : join(home(), ".cache");
}

function thisMachine(): CachePlace {
  return {
    platform: process.platform,
    environment: (name) => process.env[name],
    home: homedir,
  };
}
