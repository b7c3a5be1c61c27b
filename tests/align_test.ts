import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AlignmentRecord, demoPlan, readAlignment, simulateSession } from "session-process";
import { openOutput } from "session-process/runtime";
import { cliCommand, type CliResult, runCli, signalRun } from "./support/cli.ts";
import { assertSameFiles, copyFolder, inTemporaryFolder, snapshot } from "./support/folders.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CLEAN = join(ROOT, "fixtures/sessions/clean/session_20250731_143022");
const RECORD = "processing/synchronized_data/alignment.json";

/** Runs a test with a copy of the demo session, whose clocks have the usual trouble. */
async function withDemo(use: (path: string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "session");
    await simulateSession(demoPlan(), openOutput(path));
    await use(path);
  });
}

/** The line of a clock in the table, cut where columns are two spaces apart. */
function lineOf({ stdout }: CliResult, clock: string): string[] {
  const line = stdout.split("\n").find((line) => line.startsWith(`${clock} `));
  assert.ok(line !== undefined, `${clock} in\n${stdout}`);
  return line.split(/ {2,}/);
}

/** What `--json` tells of a clock, as far as it is used here. */
interface ClockDocument {
  readonly id: string;
  readonly verdict: string;
  readonly reasons: readonly string[];
  readonly advice: readonly string[];
  readonly offsetNs: string;
  readonly halfWidthNs: number | null;
}

interface AlignDocument {
  readonly session: string;
  readonly reference: string;
  readonly clocks: readonly ClockDocument[];
  readonly stale: readonly string[];
  readonly issues: readonly {
    readonly code: string;
    readonly message: string;
    readonly params: Readonly<Record<string, unknown>>;
  }[];
}

async function alignJson(path: string, ...options: readonly string[]): Promise<AlignDocument> {
  const { stdout, stderr } = await runCli(["align", path, "--json", ...options]);
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout) as AlignDocument;
}

function clockIn({ clocks }: AlignDocument, id: string): ClockDocument {
  const clock = clocks.find((clock) => clock.id === id);
  assert.ok(clock !== undefined, clocks.map(({ id }) => id).join());
  return clock;
}

Deno.test("align tells each clock in one line and writes the record, and nothing else", () =>
  withDemo(async (path) => {
    const before = await snapshot(path);
    const result = await runCli(["align", path]);
    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stdout, /^CLOCK +OFFSET +DRIFT +STEPS +95 % WITHIN +EVIDENCE +VERDICT$/m);
    const [, offset, drift, steps, width, evidence, verdict] = lineOf(result, "phone_1/device");
    assert.match(offset!, /^zero at 2025-07-31T12:30:17\.\d{3}Z$/);
    assert.match(drift!, /^-\d+ \+- \d+ ppm$/);
    assert.equal(steps, "-");
    assert.match(width!, /^\+-\d+(\.\d)? ms$/);
    assert.match(evidence!, /^one-way \d+/);
    assert.equal(verdict, "good");
    const [, , , stepped] = lineOf(result, "phone_2/utc");
    assert.match(stepped!, /^1 \(-3[45]\d ms\)$/);
    assert.match(
      result.stdout,
      /^poor +phone_1\/rgb_video\/media: uncertain by .*\n(.*\n)*> .*--anchor.*: phone_1\/rgb/m,
    );
    const written = await snapshot(path, (file) => file.startsWith("processing/.work/"));
    assert.deepEqual([...written.keys()].filter((file) => !before.has(file)), [RECORD]);
    for (const [file, bytes] of before) assert.deepEqual(written.get(file), bytes, file);
    const record = JSON.parse(await Deno.readTextFile(join(path, RECORD))) as AlignmentRecord;
    assert.ok(readAlignment(record).some(({ clock }) => clock.id === "phone_2/utc"));
  }));

Deno.test("align writes the record that process writes", () =>
  withDemo(async (path) => {
    const aligned = await runCli(["align", path]);
    assert.equal(aligned.code, 0, aligned.stderr);
    const record = await Deno.readFile(join(path, RECORD));
    await runCli(["process", path, "--formats", "csv"]);
    assert.deepEqual(await Deno.readFile(join(path, RECORD)), record);
    // What process has written is still the result of this alignment.
    assert.deepEqual((await alignJson(path)).stale, []);
  }));

Deno.test("another alignment reads nothing again and tells which results are of the old one", () =>
  withDemo(async (path) => {
    await runCli(["process", path, "--formats", "csv"]);
    const states = await snapshot(join(path, "processing/.work/state"));
    const before = [...states.keys()].filter((name) => name.startsWith("scan"));
    assert.ok(before.length > 5);
    const { reference, stale } = await alignJson(path, "--reference", "pc/utc");
    assert.equal(reference, "pc/utc");
    assert.ok(stale.includes("exports/csv/phone_1.gsr.csv"), stale.join());
    assert.ok(existsSync(join(path, "exports/csv/phone_1.gsr.csv")));
    const times = before.map((name) => Deno.statSync(join(path, "processing/.work/state", name)));
    await runCli(["process", path, "--formats", "csv", "--reference", "pc/utc"]);
    assert.deepEqual((await alignJson(path, "--reference", "pc/utc")).stale, []);
    const later = before.map((name) => Deno.statSync(join(path, "processing/.work/state", name)));
    assert.deepEqual(later.map(({ mtime }) => mtime), times.map(({ mtime }) => mtime));
  }));

Deno.test("an anchor of the user places a clock, and the sigma that is stated counts", () =>
  withDemo(async (path) => {
    const loose = clockIn(await alignJson(path), "phone_1/rgb_video/media");
    const anchor = "phone_1/rgb_video=2025-07-31T12:30:22.5Z+-0.005";
    const placed = clockIn(await alignJson(path, "--anchor", anchor), "phone_1/rgb_video/media");
    assert.equal(placed.offsetNs, String(1_753_965_022_500_000_000n));
    assert.ok(placed.halfWidthNs! < loose.halfWidthNs! / 10, String(placed.halfWidthNs));
    const wrong = await runCli(["align", path, "--anchor", "phone_3=2025-07-31T12:30:22Z"]);
    assert.equal(wrong.code, 2);
    assert.match(
      wrong.stderr,
      /no clock "phone_3"; did you mean phone_1\?\nIts clocks are .*phone_1\/utc/,
    );
  }));

Deno.test("a clock that may not be tied is unaligned, and says why and what to do", () =>
  withDemo(async (path) => {
    const options = ["--evidence", "one-way", "--trust-wall-clocks", "none"];
    const { code, stdout } = await runCli(["align", path, ...options]);
    assert.equal(code, 4);
    assert.doesNotMatch(stdout, /undefined|NaN|\{/);
    assert.match(stdout, /^phone_2\/utc +- +- .*unaligned$/m);
    const document = await alignJson(path, ...options);
    const { verdict, reasons, advice } = clockIn(document, "phone_2/utc");
    assert.equal(verdict, "unaligned");
    assert.match(reasons.join(), /tied to phone_2\/device alone, which nothing ties to phone_1/);
    assert.match(advice.join(), /--anchor.*allow .*stored.* evidence/);
    const { issues } = document;
    const [issue] = issues.filter(({ code, params }) =>
      code === "CLOCK_NO_EVIDENCE" && params["clock"] === "phone_2/utc"
    );
    assert.match(
      issue!.message,
      /phone_2\/utc is not placed on phone_1\/utc: tied to phone_2\/dev/,
    );
  }));

Deno.test("a clock is explained by its name or that of a stream on it", () =>
  withDemo(async (path) => {
    const byClock = await runCli(["align", path, "--explain", "phone_2/utc"]);
    assert.equal(byClock.code, 0, byClock.stderr);
    assert.match(byClock.stdout, /^phone_2\/utc {2}fair: /);
    assert.match(byClock.stdout, /placed through +phone_2\/device > .*phone_1\/utc\n/);
    assert.match(byClock.stdout, /\nSteps\n.*\n +\d+\.\d+ s +-3[45]\d ms +.*clock was set/);
    assert.match(byClock.stdout, /phone_2\/motion: 300 samples missing before sample \d+/);
    const byStream = await runCli(["align", path, "--explain", "phone_2/motion"]);
    assert.equal(byStream.stdout, byClock.stdout);
    const unknown = await runCli(["align", path, "--explain", "phone_2/utcc"]);
    assert.equal(unknown.code, 2);
    assert.match(
      unknown.stderr,
      /no clock "phone_2\/utcc"; did you mean phone_2\/utc\?\nIts clocks/,
    );
  }));

Deno.test("plots lie beside the record or where the user says, one for each clock", () =>
  withDemo(async (path) => {
    const beside = await runCli(["align", "--plot", path]);
    assert.equal(beside.code, 0, beside.stderr);
    const folder = join(path, "processing/synchronized_data/plots");
    const names = [...(await snapshot(folder)).keys()];
    assert.ok(names.includes("phone_1.device.svg") && names.includes("phone_2.utc.svg"));
    assert.ok(!names.includes("phone_1.utc.svg"), "the reference needs no plot");
    for (const name of names) assert.ok(beside.stdout.includes(`plots/${name}\n`), name);
    const own = join(path, "..", "pictures");
    await runCli(["align", path, `--plot=${own}`]);
    assertSameFiles(await snapshot(own), await snapshot(folder));
    const { stdout } = await runCli(["align", path, `--plot=${own}`, "--json"]);
    const { plots } = JSON.parse(stdout) as { readonly plots: readonly string[] };
    assert.deepEqual(plots.toSorted(), names.map((name) => join(own, name)).toSorted());
  }));

Deno.test("wrong options of clocks are wrong usage", async () => {
  const cases: readonly (readonly [options: readonly string[], message: RegExp])[] = [
    [["--reference", "pc/utd"], /no clock "pc\/utd"; did you mean/],
    [["--evidence", "one-wy"], /kind of evidence "one-wy"; did you mean one-way\?\nUse some of/],
    [["--without", "all"], /kind of evidence "all"/],
    [["--trust-wall-clocks", "much"], /trust wall clocks to "much"/],
    [["--evidence="], /--evidence names nothing\nGive some of two-way,one-way,/],
    [["--without", ","], /--without names nothing\nGive some of two-way,one-way,/],
    [["--evidence=anchor", "--without=anchor"], /no kind of evidence is left/],
    [["--all"], /--all lists the evidence on one clock\nName it with --explain CLOCK/],
    [["--out="], /--out needs a value: current value is empty/],
    [["--explain="], /--explain needs a value/],
    [["--anchor", "phone_1"], /anchor "phone_1": it names no clock\nWrite CLOCK=TIME/],
  ];
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "session");
    await copyFolder(CLEAN, path);
    for (const [options, message] of cases) {
      const { code, stdout, stderr } = await runCli(["align", path, ...options]);
      assert.deepEqual([code, stdout], [2, ""], options.join(" "));
      assert.match(stderr, message);
    }
    // A folder for plots that stands apart is no folder of the session.
    const plots = join(folder, "plots");
    await mkdir(plots);
    const { code, stderr } = await runCli(["align", path, "--plot", plots]);
    assert.equal(code, 2);
    assert.match(stderr, /Not a folder of a session: .*plots\n.*--plot=DIR/);
  });
});

Deno.test("align that is interrupted ends with 130 and leaves no half written file", () =>
  withDemo(async (path) => {
    const before = await snapshot(path);
    const child = cliCommand(["align", path]).spawn();
    const decoder = new TextDecoder();
    const reader = child.stderr.getReader();
    let seen = "";
    while (!seen.includes("Read phone_1/gsr")) {
      const { value, done } = await reader.read();
      if (done) break;
      seen += decoder.decode(value, { stream: true });
    }
    signalRun(child, "SIGINT");
    while (!(await reader.read()).done) { /* lets it end */ }
    await child.stdout.cancel();
    const { code } = await child.status;
    const after = await snapshot(path, (file) => file.startsWith("processing/"));
    assertSameFiles(after, before);
    const record = await Deno.readTextFile(join(path, RECORD)).catch(() => undefined);
    if (record === undefined) assert.equal(code, 130);
    else assert.equal((JSON.parse(record) as AlignmentRecord).version, 1);
    const again = await runCli(["align", path]);
    assert.equal(again.code, 0, again.stderr);
  }));
