import assert from "node:assert/strict";
import { join } from "node:path";
import { modelsFolder } from "./mod.ts";

const TAIL = join("session-process", "models");

/** A machine with some variables. */
function machine(platform: string, variables: Record<string, string> = {}) {
  return { platform, environment: (name: string) => variables[name], home: () => "/home/me" };
}

Deno.test("networks lie where the platform keeps what can be fetched again", () => {
  const cases = [
    [machine("linux"), "/home/me/.cache"],
    [machine("linux", { XDG_CACHE_HOME: "/cache" }), "/cache"],
    [machine("linux", { XDG_CACHE_HOME: "relative" }), "/home/me/.cache"],
    [machine("darwin", { XDG_CACHE_HOME: "/cache" }), "/home/me/Library/Caches"],
    [machine("win32", { LOCALAPPDATA: "/local" }), "/local"],
    [machine("win32"), join("/home/me", "AppData", "Local")],
  ] as const;
  for (const [place, cache] of cases) assert.equal(modelsFolder(place), join(cache, TAIL));
});

Deno.test("a home that may not be known is told with what to do", () => {
  const home = () => {
    throw new Error("Requires sys access");
  };
  assert.throws(
    () => modelsFolder({ ...machine("linux"), home }),
    /Cannot tell the folder of the networks: Requires sys access/,
  );
});
