import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultPlan, ISSUES, sessionIdOf, simulateFault, simulateSession } from "session-process";
import { openOutput } from "session-process/runtime";
import manifest from "../deno.json" with { type: "json" };
import { cliCommand, type CliResult, runCli, signalRun } from "./support/cli.ts";
import { assertSameFiles, copyFolder, inTemporaryFolder, snapshot } from "./support/folders.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CLEAN = join(ROOT, "fixtures/sessions/clean/session_20250731_143022");
const PLAN = defaultPlan({ durationSeconds: 3, phones: 1 });

/** The commands that the program's help lists. */
async function commandNames(): Promise<string[]> {
  const { stdout } = await runCli(["--help"]);
  const list = stdout.match(/\nCommands:\n((?: {2}.*\n)+)/)?.[1] ?? "";
  return list.trimEnd().split("\n").map((line) => line.trim().split(/\s/)[0]!);
}

function assertUsageError({ code, stdout, stderr }: CliResult, message: RegExp): void {
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, message);
}

Deno.test("the help names every command and every exit code", async () => {
  const { code, stdout, stderr } = await runCli(["--help"]);
  assert.deepEqual([code, stderr], [0, ""]);
  const names = await commandNames();
  for (const name of ["inspect", "validate", "align", "process", "simulate", "completions"]) {
    assert.ok(names.includes(name), name);
  }
  for (const exit of [/\b0 clean/, /\b1 could not/, /\b2 wrong/, /\b3 /, /\b4 /, /\b130 /]) {
    assert.match(stdout, exit);
  }
  for (const word of ["-h", "help"]) assert.equal((await runCli([word])).stdout, stdout);
  const bare = await runCli([]);
  assert.deepEqual(bare, { code: 2, stdout: "", stderr: stdout });
});

Deno.test("the version is that of the manifest", async () => {
  for (const word of ["--version", "-V"]) {
    const expected = { code: 0, stdout: `${manifest.version}\n`, stderr: "" };
    assert.deepEqual(await runCli([word]), expected);
  }
});

Deno.test("every command has a help with usage, options and examples", async () => {
  for (const name of await commandNames()) {
    const { code, stdout, stderr } = await runCli([name, "--help"]);
    assert.deepEqual([code, stderr], [0, ""], name);
    assert.match(stdout, new RegExp(`\\nUsage: session-process ${name} \\S`));
    assert.match(stdout, /\nOptions:\n(.*\n)*\s+-h, --help {2}/);
    assert.match(stdout, new RegExp(`\\nExamples:\\n  session-process ${name}`));
    assert.deepEqual(await runCli([name, "-h"]), { code, stdout, stderr });
  }
});

Deno.test("mistyped words are told with the word that was probably meant", async () => {
  const near = await runCli(["valdate", CLEAN]);
  assertUsageError(near, /Unknown command "valdate"; did you mean validate\?\n.*--help/);
  assertUsageError(await runCli(["frobnicate"]), /Unknown command "frobnicate"\n/);
  const option = await runCli(["validate", CLEAN, "--jsn"]);
  assertUsageError(option, /Unknown option --jsn; did you mean --json\?\nSee .* validate --help/);
  assertUsageError(await runCli(["validate", CLEAN, "--xyzzy"]), /Unknown option --xyzzy\n/);
});

Deno.test("wrong arguments are wrong usage", async () => {
  assertUsageError(await runCli(["validate"]), /validate needs SESSION/);
  assertUsageError(await runCli(["simulate", "a", "b"]), /no further argument: "b"/);
  assertUsageError(await runCli(["validate", join(CLEAN, "nothing")]), /No such folder: /);
  const file = join(CLEAN, "session_metadata.json");
  assertUsageError(await runCli(["inspect", file]), /Not a folder: .*\n.*or an .xdf file/);
  assertUsageError(await runCli(["process", CLEAN, "--rate", "fast"]), /positive number.*"fast"/);
  assertUsageError(await runCli(["process", CLEAN, "--formats", "csv,xls"]), /format "xls"/);
  assertUsageError(
    await runCli(["process", CLEAN, "--formats="]),
    /--formats names nothing\nUse .*csv/,
  );
  assertUsageError(await runCli(["process", CLEAN, "--streams", " "]), /--streams names nothing/);
  assertUsageError(await runCli(["validate", CLEAN, "--timezone", "Mars/Base"]), /"Mars\/Base"/);
  assertUsageError(await runCli(["simulate", CLEAN, "--demo"]), /is not empty/);
  assertUsageError(await runCli(["completions", "tcsh"]), /No completions for "tcsh"/);
});

Deno.test("--json is one document on stdout, progress stands on stderr", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "session");
    await simulateSession(PLAN, openOutput(path));
    for (const command of ["inspect", "validate", "align", "process"]) {
      const { code, stdout, stderr } = await runCli([command, path, "--json"]);
      assert.equal(code, 0, stderr);
      const document = JSON.parse(stdout) as { readonly session: unknown };
      assert.equal(document.session, sessionIdOf(PLAN));
      assert.ok(stdout.startsWith("{\n") && stdout.endsWith("}\n"), command);
      assert.match(stderr, /^(Hash recordings\n)?Read phone_1\/\w+\n/);
      const text = await runCli([command, path]);
      assert.doesNotMatch(text.stdout, /^(Read|Align|Hash|Write) /m);
      // Not a terminal: no line is redrawn, nothing is coloured.
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(text.stdout + text.stderr, /[\u001b\r]/);
    }
  }));

Deno.test("exit 0: a clean session", async () => {
  const { code, stdout } = await runCli(["validate", CLEAN]);
  assert.equal(code, 0);
  assert.match(stdout, /^clean /);
});

Deno.test("exit 1: results cannot be written", () =>
  inTemporaryFolder(async (folder) => {
    const out = join(folder, "file");
    await Deno.writeTextFile(out, "in the way");
    const { code, stdout, stderr } = await runCli(["process", CLEAN, "--out", out]);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^error {4}OUTPUT_FAILED .*\n +> .*--out/);
    assert.equal(await Deno.readTextFile(out), "in the way");
  }));

Deno.test("exit 3: a table of a million rows is not written", () =>
  inTemporaryFolder(async (folder) => {
    const args = ["process", CLEAN, "--out", join(folder, "out"), "--rate", "1e6"];
    const { code, stdout, stderr } = await runCli(args);
    assert.equal(code, 3, stderr);
    assert.match(stdout, /GRID_TOO_LARGE/);
    assert.match(stdout, /missing from the results/);
    const written = await snapshot(join(folder, "out", "exports"));
    assert.ok(!written.has("csv/combined.csv"));
    assert.ok([...written.keys()].some((path) => path.endsWith(".mat")));
  }));

Deno.test("exit 4: the session has errors", () =>
  inTemporaryFolder(async (folder) => {
    const code = "MP4_NO_MOOV";
    assert.equal(ISSUES[code].severity, "error");
    const path = join(folder, "session");
    await simulateFault(code, openOutput(path));
    for (const command of ["inspect", "validate", "align", "process"]) {
      const { code: exit, stderr } = await runCli([command, path]);
      assert.equal(exit, 4, stderr);
    }
    const { stdout } = await runCli(["validate", path, "--json"]);
    const { issues } = JSON.parse(stdout) as { readonly issues: readonly { code: string }[] };
    assert.ok(issues.some((issue) => issue.code === code));
  }));

/** Runs a command and sends SIGINT as soon as its progress speaks of a task. */
async function interruptAt(args: readonly string[], task: RegExp): Promise<CliResult> {
  const child = cliCommand(args).spawn();
  const stdout = new Response(child.stdout).text();
  let stderr = "";
  let sent = false;
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    stderr += text;
    if (sent || !task.test(stderr)) continue;
    sent = true;
    signalRun(child, "SIGINT");
  }
  const { code } = await child.status;
  return { code, stdout: await stdout, stderr };
}

/** Interrupts `process` at a task; a run that was done before the signal reached it is begun anew. */
async function interruptProcess(path: string, task: RegExp): Promise<CliResult> {
  for (let tries = 1;; tries++) {
    const result = await interruptAt(["process", path], task);
    if (result.code === 130 || tries === 5) return result;
    for (const folder of ["processing", "exports"]) {
      await Deno.remove(join(path, folder), { recursive: true });
    }
  }
}

Deno.test("Ctrl-C leaves no half-written file, and the next run goes on from there", () =>
  inTemporaryFolder(async (folder) => {
    const plan = defaultPlan({ durationSeconds: 120, phones: 2, rateHz: 1000 });
    const path = join(folder, "interrupted", sessionIdOf(plan));
    const twin = join(folder, "undisturbed", sessionIdOf(plan));
    await simulateSession(plan, openOutput(path));
    await copyFolder(path, twin);
    for (
      const task of [/^Read phone_1\/gsr$/m, /^Align phone_1\/gsr$/m, /^Write combined table$/m]
    ) {
      const { code, stdout, stderr } = await interruptProcess(path, task);
      assert.deepEqual([code, stdout], [130, ""], stderr);
      assert.match(stderr, /Cancelled\. .*go on\.\n$/);
      const files = [...(await snapshot(path)).keys()];
      assert.deepEqual(files.filter((file) => file.endsWith(".partial")), []);
      assert.ok(!files.includes("processing/provenance.json"));
    }
    const last = await runCli(["process", path]);
    assert.equal(last.code, 0, last.stderr);
    // What was aligned before is not aligned again.
    assert.doesNotMatch(last.stderr, /^Align /m);
    assert.equal((await runCli(["process", twin])).code, 0);
    assertSameFiles(await snapshot(path), await snapshot(twin));
  }));

/** What bash offers for a command line, of which the last word is being typed. */
async function completeInBash(script: string, line: string): Promise<string[]> {
  const words = line.split(" ");
  const drive = `${script}
words=(${words.map((word) => `'${word}'`).join(" ")})
handler=$(complete -p session-process | sed 's/.* -F \\([^ ]*\\) .*/\\1/')
COMP_WORDS=("\${words[@]}") COMP_CWORD=${words.length - 1} COMP_LINE='${line}'
"$handler" session-process '${words.at(-1)}' '${words.at(-2)}'
printf '%s\\n' "\${COMPREPLY[@]}"
`;
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["--norc", "--noprofile", "-c", drive],
    cwd: CLEAN,
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

function isInstalled(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}

async function completionsFor(shell: string): Promise<string> {
  const { code, stdout, stderr } = await runCli(["completions", shell]);
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test("bash completes commands, options and folders", async () => {
  const script = await completionsFor("bash");
  assert.deepEqual(await completeInBash(script, "session-process val"), ["validate"]);
  const all = await completeInBash(script, "session-process ");
  assert.deepEqual(all, await commandNames());
  assert.deepEqual(await completeInBash(script, "session-process process --js"), ["--json"]);
  const options = await completeInBash(script, "session-process process --");
  const { stdout: help } = await runCli(["process", "--help"]);
  const documented = [...help.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, name]) => name!);
  assert.deepEqual(options.toSorted(), documented.toSorted());
  assert.deepEqual(await completeInBash(script, "session-process process dev"), ["devices"]);
  assert.deepEqual(await completeInBash(script, "session-process completions f"), ["fish"]);
});

for (const shell of ["bash", "zsh", "fish"]) {
  Deno.test({
    name: `completions for ${shell} are correct ${shell}`,
    ignore: !isInstalled(shell),
    fn: async () => {
      const path = await Deno.makeTempFile();
      try {
        await Deno.writeTextFile(path, await completionsFor(shell));
        const { code, stderr } = await new Deno.Command(shell, { args: ["-n", path] }).output();
        assert.deepEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
      } finally {
        await Deno.remove(path);
      }
    },
  });
}

Deno.test("the command installs as the documentation says and runs from anywhere", () =>
  inTemporaryFolder(async (folder) => {
    const readme = await Deno.readTextFile(join(ROOT, "README.md"));
    const command = readme.match(/deno install --global [^`\n]*cli\/main\.ts/)?.[0];
    assert.ok(command !== undefined);
    const [, ...args] = command.split(" ");
    const install = await new Deno.Command(Deno.execPath(), {
      args: [...args.slice(0, 2), "--root", folder, ...args.slice(2)],
      cwd: ROOT,
    }).output();
    assert.ok(install.success, new TextDecoder().decode(install.stderr));
    const program = join(folder, "bin", manifest.name);
    const session = join(folder, "session");
    await copyFolder(CLEAN, session);
    const run = await new Deno.Command(program, { args: ["process", "session"], cwd: folder })
      .output();
    assert.equal(run.code, 0, new TextDecoder().decode(run.stderr));
    assert.ok([...(await snapshot(session)).keys()].some((path) => path.endsWith(".mat")));
  }));
