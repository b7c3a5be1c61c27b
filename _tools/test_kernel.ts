/**
 * Runs the kernel's native tests where cargo is installed. Users need no Rust, so its absence is only told,
 * but on CI it is an error.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";

const debian = existsSync("/usr/bin/cargo") && existsSync("/usr/bin/rustc");
const { status, error } = spawnSync(debian ? "/usr/bin/cargo" : "cargo", [
  "test",
  "--release",
  "--locked",
], {
  cwd: new URL("../wasm", import.meta.url),
  env: { ...process.env, ...(debian ? { RUSTC: "/usr/bin/rustc" } : {}) },
  stdio: ["ignore", "inherit", "inherit"],
});
if (error === undefined) process.exit(status ?? 1);
process.stdout.write("kernel: native tests skipped, cargo is not installed\n");
process.exit(process.env["CI"] === "true" ? 1 : 0);
