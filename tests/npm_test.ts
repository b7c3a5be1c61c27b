import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildPackage } from "../build_npm.ts";
import manifest from "../deno.json" with { type: "json" };
import { runCli, type RunCliOptions } from "./support/cli.ts";
import { assertSameFiles, copyFolder, inTemporaryFolder, snapshot } from "./support/folders.ts";
import { hasProgram } from "./support/ffmpeg.ts";
import { MODELS, resultBytes, runHands } from "./support/hands.ts";
import { hasRecording, recordingPath } from "./support/shared_data.ts";
import { film, log, MOMENTS, SOUND_RATE, speech, STEADY, wav } from "./support/shared_moments.ts";

const TYPESCRIPT = "typescript@5.9.3";

const USE_JS = `
import { faultySession, ISSUES, Kernel, loadSession } from "session-process";
import { onnxBackend } from "session-process/onnx";
import { openFolder } from "session-process/runtime";
new Kernel();
await (await onnxBackend()).load(new Uint8Array(9), { name: "a.onnx" }).catch(({ issue }) => console.log(issue.code));
const { folder } = await faultySession("clean");
const session = await loadSession(folder);
console.log(Object.keys(ISSUES).length, session.id, openFolder("a/b").name);
`;

/** The second statement is wrong; that TypeScript says so shows that the types arrive. */
const USE_TS = `
import { createIssue, type Issue, type IssueCode, Kernel, processSession } from "session-process";
import { openFolder, openOutput, sha256 } from "session-process/runtime";
import { onnxBackend, type OnnxOptions } from "session-process/onnx";

const options: OnnxOptions = { backend: "wasm" };
export const backend = onnxBackend(options);

const issue: Issue = createIssue("TIME_CONSTANT", { column: "t", value: 0 }, { path: "x" });
// @ts-expect-error There is no such code.
const code: IssueCode = "NO_SUCH_CODE";

export async function lossOf(folder: string): Promise<boolean> {
  const outcome = await processSession({
    folder: openFolder(folder),
    output: openOutput(folder),
    kernel: new Kernel(),
    sha256,
    version: issue.code + code,
    settings: { formats: ["csv"] },
  });
  return outcome.loss;
}
`;

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    module: "nodenext",
    target: "es2022",
    lib: ["es2023", "dom"],
    types: [],
    noEmit: true,
    // The declarations of the package themselves are checked.
    skipLibCheck: false,
  },
  files: ["use.ts"],
};

const DEPENDENCIES = { "fast-png": "8.0.0", "jpeg-js": "0.4.4", papaparse: "5.7.1" };

/** What hands need, and what runs on some machines alone. */
const OPTIONAL_DEPENDENCIES = {
  "onnxruntime-web": "1.30.0",
  "@node-webcodecs/static-linux-x64": "1.3.0",
  "@node-webcodecs/static-linux-arm64": "1.3.0",
  "@node-webcodecs/static-darwin-arm64": "1.3.0",
};

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runIn(cwd: string, command: string, args: readonly string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args], cwd })
    .output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function mustRun(cwd: string, command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runIn(cwd, command, args);
  assert.equal(code, 0, `${command} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

/** A project that has installed some packages. */
async function makeConsumer(folder: string, packages: readonly string[]): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), '{ "type": "module", "private": true }\n');
  await mustRun(folder, "npm", ["install", "--no-audit", "--no-fund", ...packages]);
}

async function checkContents(tarball: string): Promise<void> {
  const files = (await mustRun(".", "tar", ["tzf", tarball])).trimEnd().split("\n");
  const stray = files.filter((path) =>
    !/^package\/((mod|(core|wasm|runtime|cli)\/[\w/]+)\.(js|d\.ts)|package\.json|README\.md|LICENSE)$/
      .test(path) || /_test\.|test_support|testing|_cases/.test(path)
  );
  assert.deepEqual(stray, []);
  const json = await mustRun(".", "tar", ["xzfO", tarball, "package/package.json"]);
  const description = JSON.parse(json) as {
    readonly version: string;
    readonly dependencies: unknown;
    readonly optionalDependencies: unknown;
    readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  assert.deepEqual(description.dependencies, DEPENDENCIES);
  assert.deepEqual(description.optionalDependencies, OPTIONAL_DEPENDENCIES);
  assert.equal(description.version, manifest.version);
  assert.deepEqual(Object.keys(description.exports), Object.keys(manifest.exports));
  for (const targets of Object.values(description.exports)) {
    assert.ok(targets["types"]?.endsWith(".d.ts"));
    for (const target of Object.values(targets)) {
      assert.ok(files.includes(target.replace("./", "package/")), target);
    }
  }
}

/** Runs a command on Node in the folder `node`, and on Deno in another: both say the same. */
async function compareCommand(
  consumer: string,
  program: string,
  denoFolder: "node" | "deno",
  args: readonly string[],
  options: RunCliOptions = {},
): Promise<void> {
  const node = await runIn(join(consumer, "node"), program, args);
  const deno = await runCli(args, { cwd: join(consumer, denoFolder), ...options });
  assert.equal(node.code, 0, node.stderr);
  assert.deepEqual(JSON.parse(node.stdout), JSON.parse(deno.stdout), args[0]);
  assert.deepEqual(node, deno, args[0]);
}

/** The installed program simulates and processes; Deno does the same on a copy; both give the same bytes. */
async function compareRuntimes(consumer: string): Promise<void> {
  const program = join(consumer, "node_modules", ".bin", manifest.name);
  assert.equal(await mustRun(consumer, program, ["--version"]), `${manifest.version}\n`);
  await mustRun(consumer, program, ["simulate", "node/demo", "--demo"]);
  await compareCommand(consumer, program, "node", ["inspect", "demo", "--json"]);
  await compareCommand(consumer, program, "node", ["validate", "demo", "--json"]);
  const [onNode, onDeno] = [join(consumer, "node", "demo"), join(consumer, "deno", "demo")];
  await copyFolder(onNode, onDeno);
  await compareCommand(consumer, program, "deno", ["process", "demo", "--json"]);
  const [expected, found] = [await snapshot(onDeno), await snapshot(onNode)];
  assert.ok([...found.keys()].some((path) => path.endsWith(".mat")));
  assertSameFiles(found, expected);
}

const CLIP = "hands/rgb/hand_landmarker__test_video.mp4";
const PILOT = "pilot_20250731_143022";

/** Clocks are tied by logs, by sound and by flashes in pictures that ffmpeg decodes: all the same on Node. */
async function compareAlignment(consumer: string): Promise<void> {
  const program = join(consumer, "node_modules", ".bin", manifest.name);
  const [onNode, onDeno] = [join(consumer, "node", PILOT), join(consumer, "deno", PILOT)];
  await film(onNode, STEADY);
  await log(onNode, MOMENTS);
  await log(onNode, MOMENTS, { path: "devices/phone_2/stimulus_events.csv", delaySeconds: 4 });
  const sound = speech(12);
  await writeFile(join(onNode, "phone_2_audio_20250731_143022.wav"), wav(sound));
  const later = sound.subarray(1.5 * SOUND_RATE);
  await writeFile(join(onNode, "phone_3_audio_20250731_143024.wav"), wav(later));
  await copyFolder(onNode, onDeno);
  const permissions = ["-A"];
  await compareCommand(consumer, program, "deno", ["align", PILOT, "--ffmpeg=ffmpeg", "--json"], {
    permissions,
  });
  const record = await readFile(
    join(onNode, "processing/synchronized_data/alignment.json"),
    "utf8",
  );
  for (const kind of ["events", "audio", "flash"]) assert.ok(record.includes(`"${kind}"`), kind);
  assertSameFiles(await snapshot(onNode), await snapshot(onDeno));
}

/** Decoding, networks in two threads and every output give the same bytes on Node. */
async function compareHands(consumer: string): Promise<void> {
  if (!hasRecording(CLIP)) return;
  const program = join(consumer, "node_modules", ".bin", manifest.name);
  const [onNode, onDeno] = [join(consumer, "hands-node"), join(consumer, "hands-deno")];
  const args = ["--models", MODELS, "--to", "1", "--threads", "2"];
  await mustRun(consumer, program, ["hands", recordingPath(CLIP), "--out", onNode, ...args]);
  const { code, stderr } = await runHands(recordingPath(CLIP), onDeno, args);
  assert.equal(code, 0, stderr);
  const found = await resultBytes(onNode);
  assert.equal(found.size, 7);
  assertSameFiles(found, await resultBytes(onDeno));
}

Deno.test("the npm package installs, type-checks and gives the same bytes on Node", async (test) => {
  if (!hasProgram("npm", ["--version"]) || !hasProgram("node", ["--version"])) return;
  await inTemporaryFolder(async (folder) => {
    const tarball = buildPackage(folder);
    await test.step("it holds its modules and types, and nothing else", () =>
      checkContents(tarball));
    await test.step("the same sources give the same package", async () => {
      const again = buildPackage(join(folder, "again"));
      assert.ok((await readFile(again)).equals(await readFile(tarball)));
    });
    await test.step("a JavaScript project runs it", async () => {
      const consumer = join(folder, "javascript");
      await makeConsumer(consumer, [tarball]);
      await writeFile(join(consumer, "use.js"), USE_JS);
      assert.match(
        await mustRun(consumer, "node", ["use.js"]),
        /^MODEL_UNREADABLE\n\d+ session_20250731_143022 b\n$/,
      );
      await compareRuntimes(consumer);
      await compareHands(consumer);
      if (hasProgram("ffmpeg")) await compareAlignment(consumer);
    });
    await test.step("a TypeScript project type-checks against it", async () => {
      const consumer = join(folder, "typescript");
      await makeConsumer(consumer, [tarball, TYPESCRIPT]);
      await writeFile(join(consumer, "use.ts"), USE_TS);
      await writeFile(join(consumer, "tsconfig.json"), JSON.stringify(TSCONFIG));
      await mustRun(consumer, join("node_modules", ".bin", "tsc"), ["--project", "."]);
    });
  });
});
