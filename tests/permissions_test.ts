import assert from "node:assert/strict";
import { join } from "node:path";
import { defaultPlan, sessionIdOf, simulateSession } from "session-process";
import { openOutput } from "session-process/runtime";
import { runCli } from "./support/cli.ts";
import { assertSameFiles, copyFolder, inTemporaryFolder, snapshot } from "./support/folders.ts";

const PLAN = defaultPlan({ durationSeconds: 4, sensors: 1, video: true, thermal: true });
/** Said outright, so that no later default can lend them. */
const DENIED = ["net", "env", "sys", "run", "ffi", "import"].map((name) => `--deny-${name}`);

/** Runs a test with two equal sessions, the second to be processed with every permission. */
function withTwins(use: (folder: string, path: string, twin: string) => Promise<void>) {
  return () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, "one", sessionIdOf(PLAN));
      const twin = join(folder, "two", sessionIdOf(PLAN));
      await simulateSession(PLAN, openOutput(path));
      await copyFolder(path, twin);
      await use(folder, path, twin);
    });
}

for (const command of ["inspect", "validate"]) {
  Deno.test(
    `${command} needs to read the session and nothing else`,
    withTwins(async (folder, path, twin) => {
      const permissions = [`--allow-read=${path}`, "--deny-write", ...DENIED];
      const found = await runCli([command, path, "--json"], { permissions });
      const expected = await runCli([command, path, "--json"], { permissions: ["-A"] });
      assert.equal(found.code, 0, found.stderr);
      assert.deepEqual(found, expected);
      // A relative path needs no permission for the folder that it counts from.
      const cwd = join(folder, "one");
      const near = await runCli([command, sessionIdOf(PLAN), "--json"], { permissions, cwd });
      assert.deepEqual(near, expected);
      assertSameFiles(await snapshot(path), await snapshot(twin));
    }),
  );
}

Deno.test(
  "process needs to read and write the session and nothing else, no network either",
  withTwins(async (_folder, path, twin) => {
    const permissions = [`--allow-read=${path}`, `--allow-write=${path}`, ...DENIED];
    const found = await runCli(["process", path], { permissions });
    assert.equal(found.code, 0, found.stderr);
    const expected = await runCli(["process", twin], { permissions: ["-A"] });
    assert.equal(expected.code, 0, expected.stderr);
    assertSameFiles(await snapshot(path), await snapshot(twin));
  }),
);

Deno.test(
  "process into another folder leaves the session unwritten",
  withTwins(async (folder, path, twin) => {
    const out = join(folder, "out");
    const permissions = [`--allow-read=${path},${out}`, `--allow-write=${out}`, ...DENIED];
    const found = await runCli(["process", path, "--out", out], { permissions });
    assert.equal(found.code, 0, found.stderr);
    assert.ok((await snapshot(out)).has(`exports/matlab/${sessionIdOf(PLAN)}.mat`));
    assertSameFiles(await snapshot(path), await snapshot(twin));
  }),
);

Deno.test(
  "a missing permission is told as the reason",
  withTwins(async (_folder, path) => {
    const unread = await runCli(["validate", path], { permissions: DENIED });
    assert.equal(unread.code, 1);
    assert.match(unread.stderr, /FILE_UNREADABLE .*Requires read access/);
    const permissions = [`--allow-read=${path}`, ...DENIED];
    const unwritten = await runCli(["process", path], { permissions });
    assert.equal(unwritten.code, 1);
    assert.match(unwritten.stderr, /OUTPUT_FAILED .*Requires write access/);
  }),
);
