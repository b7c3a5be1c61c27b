import { createHash } from "node:crypto";
import type { Sha256 } from "../core/base/mod.ts";

/**
 * Starts a SHA-256 hash, computed by the platform.
 *
 * @example
 * ```ts
 * import { sha256 } from "session-process/runtime";
 * import assert from "node:assert/strict";
 *
 * // The one-block message of FIPS 180-4.
 * const hash = sha256();
 * hash.update(new TextEncoder().encode("abc"));
 * assert.ok(hash.hex().startsWith("ba7816bf"));
 * ```
 */
export function sha256(): Sha256 {
  const hash = createHash("sha256");
  return {
    update: (bytes) => void hash.update(bytes),
    hex: () => hash.digest("hex"),
  };
}
