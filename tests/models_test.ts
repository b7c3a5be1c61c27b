import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RED_CHANNEL } from "../core/hands/_onnx.ts";
import { runCli } from "./support/cli.ts";
import { inTemporaryFolder } from "./support/folders.ts";

const ADD = ["--kind", "segmentation", "--activation", "none", "--name", "red"];

Deno.test("a network is added, listed and verified, and damage to it is told", () =>
  inTemporaryFolder(async (folder) => {
    const models = join(folder, "models");
    await writeFile(join(folder, "Red Net.onnx"), RED_CHANNEL);
    const add = ["models", "add", join(folder, "Red Net.onnx"), ...ADD, "--models", models];
    const added = await runCli(add);
    assert.deepEqual([added.code, added.stderr], [0, ""]);
    assert.deepEqual((await readdir(models)).sort(), ["Red Net.model.json", "Red Net.onnx"]);
    const listed = await runCli(["models", "list", "--json", "--models", models]);
    const { models: found } = JSON.parse(listed.stdout);
    const red = found.find(({ name }: { name: string }) => name === "red");
    assert.equal(red.state, "ready");
    assert.deepEqual(red.input, { width: 8, height: 6, layout: "nchw" });
    assert.equal(red.sha256, createHash("sha256").update(RED_CHANNEL).digest("hex"));
    const verified = await runCli(["models", "verify", "--models", models]);
    assert.deepEqual([verified.code, verified.stderr], [0, ""]);
    assert.match(verified.stdout, /^ok\s+red\s+Red Net\.onnx\n$/);
    await writeFile(join(models, "Red Net.onnx"), RED_CHANNEL.slice(1));
    const damaged = await runCli(["models", "verify", "--models", models]);
    assert.equal(damaged.code, 1);
    assert.match(damaged.stdout, /^DAMAGED\s+red/);
    assert.match(damaged.stderr, /Red Net\.onnx: sha256 is [0-9a-f]{64}, that of red is/);
  }));

Deno.test("a description beside a network is taken as it is", () =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "a.onnx"), RED_CHANNEL);
    await runCli(["models", "add", join(folder, "a.onnx"), ...ADD, "--models", folder]);
    const description = await readFile(join(folder, "a.model.json"), "utf8");
    const own = description.replace('"activation": "none"', '"activation": "sigmoid"');
    await writeFile(join(folder, "a.model.json"), own);
    const models = join(folder, "models");
    const added = await runCli(["models", "add", join(folder, "a.onnx"), "--models", models]);
    assert.deepEqual([added.code, added.stderr], [0, ""]);
    assert.deepEqual(
      JSON.parse(await readFile(join(models, "a.model.json"), "utf8")),
      JSON.parse(own),
    );
    await writeFile(join(folder, "a.model.json"), own.replace('"licence"', '"license"'));
    const wrong = await runCli(["models", "add", join(folder, "a.onnx"), "--models", models]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /Cannot describe .*a\.model\.json: licence must be/);
  }));

Deno.test("files that are no network and facts that are wrong are told", () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, "a.onnx");
    await writeFile(file, "no network");
    const broken = await runCli(["models", "add", file, ...ADD, "--models", folder]);
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /MODEL_UNREADABLE/);
    await writeFile(file, RED_CHANNEL);
    const cases: [string[], RegExp][] = [
      [["--kind", "segmentation"], /what makes probabilities.*\n.*--activation/],
      [["--kind", "blob"], /cannot take 1 files of kind "blob"/],
      [[], /needs --kind, or a description/],
      [[...ADD, "--size", "big"], /--size must be WIDTHxHEIGHT: it is "big"/],
      [[...ADD, "--mean", "1,2"], /--mean must be 3 numbers/],
      [[...ADD, "--layout", "chw"], /--layout must be nchw or nhwc/],
      [[...ADD, "--threshold", "2"], /threshold must be a number from 0 to 1/],
    ];
    for (const [options, message] of cases) {
      const { code, stderr } = await runCli([
        "models",
        "add",
        file,
        ...options,
        "--models",
        folder,
      ]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
  }));

Deno.test("pulling without a network says what to copy where, and leaves nothing behind", () =>
  inTemporaryFolder(async (folder) => {
    const { code, stderr } = await runCli(["models", "pull", "--models", folder]);
    assert.equal(code, 1);
    assert.match(stderr, /MODEL_DOWNLOAD_FAILED {2}palm_detection_mediapipe_2023feb\.onnx: /);
    assert.ok(stderr.includes(`Copy the file into ${folder} yourself`));
    assert.match(stderr, /its sha256 must be 78ff51c38496b7fc/);
    assert.deepEqual(await readdir(folder), []);
    const lite = await runCli(["models", "pull", "mediapipe-lite", "--models", folder]);
    assert.match(lite.stderr, /no address has it/);
    const unknown = await runCli(["models", "pull", "opencv-zo", "--models", folder]);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /did you mean opencv-zoo\?/);
  }));

Deno.test("the folder is that of the platform, and a missing permission to know it is told", () =>
  inTemporaryFolder(async (folder) => {
    const unknown = await runCli(["models", "list"]);
    assert.equal(unknown.code, 2);
    assert.match(
      unknown.stderr,
      /Cannot tell the folder of the networks: .*\nName it with --models/,
    );
    await mkdir(join(folder, "cache"));
    const { code, stdout } = await runCli(["models", "list", "--json"], { permissions: ["-A"] });
    assert.equal(code, 0);
    assert.match(JSON.parse(stdout).folder, /session-process.models$/);
  }));
