import assert from "node:assert/strict";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCli } from "./support/cli.ts";
import { inTemporaryFolder } from "./support/folders.ts";

const NAME = "session_20250731_143022";

async function makeSession(parent: string): Promise<string> {
  const session = join(parent, NAME);
  await mkdir(join(session, "phone"), { recursive: true });
  const rows = Array.from({ length: 300 }, (_, index) => `${1_753_965_022_000 + 20 * index},2.5`);
  const table = ["timestamp_ms,gsr_conductance_us", ...rows, ""].join("\n");
  await writeFile(join(session, "phone_1_gsr_20250731_143022.csv"), table);
  return session;
}

Deno.test("an XDF file is a session by itself, with its results beside it", () =>
  inTemporaryFolder(async (parent) => {
    const fixture = "../fixtures/sessions/XDF_LAG_APPLIED/session_20250731_143022/keys.xdf";
    const file = join(parent, "keys.xdf");
    await copyFile(fileURLToPath(new URL(fixture, import.meta.url)), file);
    const shown = await runCli(["inspect", file]);
    assert.match(shown.stdout, /^keys .*\n[^]*\nlab\/keys +lsl +20 /);
    const checked = await runCli(["validate", file, "--json"]);
    assert.doesNotMatch(checked.stdout, /METADATA_MISSING|LOG_MISSING|SESSION_ID_UNUSUAL/);
    const { code } = await runCli(["process", file, "--formats", "csv,xdf"]);
    assert.equal(code, 0);
    assert.deepEqual((await readdir(join(parent, "keys"))).sort(), ["exports", "processing"]);
    assert.deepEqual(await readdir(join(parent, "keys/exports/xdf")), ["keys.xdf"]);
    assert.match(await readFile(join(parent, "keys/exports/csv/lab.keys.csv"), "utf8"), /,key\n/);
  }));

Deno.test("folders that cannot be used are refused in words", () =>
  inTemporaryFolder(async (parent) => {
    const session = await makeSession(parent);
    const file = join(session, "phone_1_gsr_20250731_143022.csv");
    const cases: [args: string[], code: number, says: RegExp][] = [
      [["validate", session, `${session}/`], 2, /read a folder twice/],
      [["validate", session, join(session, "phone")], 2, /is inside/],
      [["validate", file], 2, /Not a folder/],
      [["validate", join(parent, "nowhere")], 2, /No such folder/],
      [["process", session, "--out", file], 1, /OUTPUT_FAILED/],
    ];
    for (const [args, expected, says] of cases) {
      const { code, stdout, stderr } = await runCli(args);
      assert.equal(code, expected, args.join(" "));
      assert.match(stderr, says);
      assert.equal(stdout, "");
    }
  }));

Deno.test("a session is the same by whatever path it is given", () =>
  inTemporaryFolder(async (parent) => {
    const session = await makeSession(parent);
    const results = [
      await runCli(["validate", session, "--json"]),
      await runCli(["validate", `${session}/`, "--json"]),
      await runCli(["validate", ".", "--json"], { cwd: session }),
    ];
    for (const { code, stdout } of results) {
      assert.equal(code, 0);
      assert.equal(stdout, results[0]!.stdout);
    }
    assert.equal(JSON.parse(results[0]!.stdout).session, NAME);
  }));

Deno.test("results inside the session change nothing about it", () =>
  inTemporaryFolder(async (parent) => {
    const session = await makeSession(parent);
    const before = await runCli(["validate", session, "--json"]);
    const { code } = await runCli(["process", session, "--out", join(session, "results")]);
    assert.equal(code, 0);
    const after = await runCli(["validate", session, "--json"]);
    assert.equal(after.stdout, before.stdout);
  }));
