import { createHash } from "node:crypto";
import type { Sha256 } from "../core/base/mod.ts";

/** Starts a SHA-256 hash, computed by the platform. */
export function sha256(): Sha256 {
  const hash = createHash("sha256");
  return {
    update: (bytes) => void hash.update(bytes),
    hex: () => hash.digest("hex"),
  };
}
