import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  defaultPlan,
  EXPORT_FORMATS,
  type FolderSink,
  type FolderSource,
  IssueError,
  ISSUES,
  Kernel,
  processSession,
  sessionIdOf,
  simulateSession,
} from "session-process";
import { openFolder, openOutput, sha256 } from "session-process/runtime";
import { runCli } from "./support/cli.ts";
import { copyFolder, inTemporaryFolder, snapshot } from "./support/folders.ts";
import { Random } from "./support/random.ts";

/** Folders that are damaged and processed in this process. */
const FOLDERS = 1000;
/** Folders that are damaged and processed by the command line. */
const CLI_FOLDERS = 20;

/** Damages a session folder. */
type Mutation = (folder: string, random: Random) => Promise<void>;

async function pickFile(folder: string, random: Random): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)).sort();
  return files.length === 0 ? join(folder, "session_metadata.json") : random.pick(files);
}

/** Changes the bytes of some file. */
function edit(change: (bytes: Uint8Array, random: Random) => Uint8Array): Mutation {
  return async (folder, random) => {
    const path = await pickFile(folder, random);
    const bytes = await readFile(path).catch(() => new Uint8Array());
    await writeFile(path, change(new Uint8Array(bytes), random));
  };
}

function insertAt(bytes: Uint8Array, at: number, extra: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length + extra.length);
  result.set(bytes.subarray(0, at));
  result.set(extra, at);
  result.set(bytes.subarray(at), at + extra.length);
  return result;
}

function flipBits(bytes: Uint8Array, random: Random): Uint8Array {
  for (let flips = 1 + random.integer(20); flips > 0 && bytes.length > 0; flips--) {
    const at = random.integer(bytes.length);
    bytes[at] = bytes[at]! ^ (1 << random.integer(8));
  }
  return bytes;
}

async function pointOutside(folder: string, random: Random): Promise<void> {
  const path = join(folder, "session_metadata.json");
  const text = await readFile(path, "utf8").catch(() => "{}");
  const target = random.pick(["../../outside/secret.csv", "/etc/passwd", "C:\\secret.csv", "a\0b"]);
  await writeFile(
    path,
    text.replace(/"file_path": "[^"]*"/, `"file_path": ${JSON.stringify(target)}`),
  );
}

const MUTATIONS: readonly Mutation[] = [
  edit((bytes, random) => bytes.subarray(0, random.integer(bytes.length + 1))),
  edit(flipBits),
  edit(() => new Uint8Array()),
  edit((bytes, random) => bytes.map(() => random.integer(256))),
  edit((bytes, random) => bytes.fill(0, random.integer(bytes.length + 1))),
  edit((bytes, random) => {
    const field = new Uint8Array(1 << (10 + random.integer(12))).fill(0x37);
    return insertAt(bytes, random.integer(bytes.length + 1), field);
  }),
  edit((bytes, random) => {
    const nested = new TextEncoder().encode(random.pick(["[", '{"a":', '"', "'"]).repeat(20_000));
    return insertAt(bytes, random.integer(bytes.length + 1), nested);
  }),
  edit((bytes, random) => insertAt(bytes, random.integer(bytes.length + 1), bytes)),
  async (folder, random) => rm(await pickFile(folder, random), { force: true }),
  async (folder, random) => {
    const [a, b] = [await pickFile(folder, random), await pickFile(folder, random)];
    const spare = join(folder, "spare");
    await rename(a, spare);
    if (a !== b) await rename(b, a);
    await rename(spare, b);
  },
  async (folder, random) => {
    const path = await pickFile(folder, random);
    await rm(path, { force: true });
    await mkdir(path, { recursive: true });
  },
  async (folder, random) => {
    const path = await pickFile(folder, random);
    await rm(path, { force: true });
    await symlink(random.pick([".", "..", "../..", path, "/etc/passwd", "nowhere"]), path);
  },
  pointOutside,
  async (folder, random) => {
    const path = await pickFile(folder, random);
    const name = random.pick([
      "é中😀.csv",
      "a\nb.csv",
      `${"x".repeat(200)}.mp4`,
      "-rf.dat",
      "%2e%2e",
    ]);
    await rename(path, join(folder, name));
  },
];

/** A folder of which some files cannot be opened, whoever asks. */
function unreadable(folder: FolderSource, random: Random): FolderSource {
  return {
    name: folder.name,
    list: (options) => folder.list(options),
    open: (path) =>
      random.next() < 0.3 ? Promise.reject(new Error("Permission denied")) : folder.open(path),
  };
}

/** An output folder on a disk that is full after some bytes. */
function fullDisk(output: FolderSink, capacity: number): FolderSink {
  let left = capacity;
  return {
    open: (path) => output.open(path),
    remove: (path) => output.remove(path),
    async create(path) {
      const sink = await output.create(path);
      return {
        get position() {
          return sink.position;
        },
        async write(bytes) {
          left -= bytes.length;
          if (left < 0) throw new Error("No space left on device");
          await sink.write(bytes);
        },
        writeAt: (offset, bytes) => sink.writeAt(offset, bytes),
        commit: () => sink.commit(),
        abort: () => sink.abort(),
      };
    },
  };
}

async function makeOriginal(folder: string): Promise<string> {
  const plan = defaultPlan({
    seed: 3,
    durationSeconds: 2,
    phones: 1,
    sensors: 1,
    video: true,
    thermal: true,
  });
  const path = join(folder, "original", sessionIdOf(plan));
  await simulateSession(plan, openOutput(path));
  return path;
}

async function damage(original: string, folder: string, random: Random): Promise<string> {
  const session = join(folder, original.split("/").at(-1)!);
  await copyFolder(original, session);
  for (let count = 1 + random.integer(3); count > 0; count--) {
    await random.pick(MUTATIONS)(session, random).catch(() => undefined);
  }
  return session;
}

/** Processes a damaged session as `process` does; says how it ended. */
async function survive(session: string, random: Random): Promise<void> {
  const folder = openFolder(session);
  const output = openOutput(session);
  const fault = random.integer(10);
  try {
    const { issues } = await processSession({
      folder: fault === 0 ? unreadable(folder, random) : folder,
      output: fault === 1 ? fullDisk(output, random.integer(200_000)) : output,
      kernel: new Kernel(),
      sha256,
      version: "test",
      settings: { formats: random.pick([["csv"], ["combined"], ["mat"], EXPORT_FORMATS]) },
    });
    for (const { code } of issues) assert.ok(code in ISSUES);
  } catch (error) {
    if (!(error instanceof IssueError)) throw error;
    assert.equal(error.issue.code, "OUTPUT_FAILED");
  }
}

function isOutput(path: string): boolean {
  return /^[^/]+\/(processing|exports)\//.test(path);
}

Deno.test("no damage to a session crashes, hangs or writes outside", () =>
  inTemporaryFolder(async (folder) => {
    const original = await makeOriginal(folder);
    for (let seed = 1; seed <= FOLDERS; seed++) {
      const random = new Random(seed);
      const place = join(folder, String(seed));
      await mkdir(join(place, "outside"), { recursive: true });
      await writeFile(join(place, "outside", "secret.csv"), "timestamp,gsr\n1,2\n");
      const session = await damage(original, place, random);
      const before = await snapshot(place);
      await survive(session, random).catch((error) => {
        throw new Error(`Seed ${seed}: ${error instanceof Error ? error.stack : error}`);
      });
      const after = await snapshot(place, isOutput);
      assert.deepEqual([...after.keys()], [...before.keys()], `seed ${seed}: files appeared`);
      for (const [path, bytes] of before) {
        assert.deepEqual(after.get(path), bytes, `seed ${seed}: ${path} was changed`);
      }
      await rm(place, { recursive: true, force: true });
    }
  }));

Deno.test("the command line ends damaged sessions with an exit code and a code", () =>
  inTemporaryFolder(async (folder) => {
    const original = await makeOriginal(folder);
    for (let seed = 1; seed <= CLI_FOLDERS; seed++) {
      const session = await damage(
        original,
        join(folder, String(seed)),
        new Random(seed + FOLDERS),
      );
      for (const command of ["validate", "process"]) {
        const { code, stdout, stderr } = await runCli([command, session]);
        assert.ok([0, 1, 3, 4].includes(code), `seed ${seed}: exit code ${code}: ${stderr}`);
        const known = `${stdout}${stderr}`.match(/\b[A-Z][A-Z0-9]+(_[A-Z0-9]+)+\b/g) ?? [];
        const isClean = /^clean /.test(stdout);
        assert.ok(
          isClean || known.some((word) => word in ISSUES),
          `seed ${seed}: no code was told`,
        );
      }
    }
  }));
