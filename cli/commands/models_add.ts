import { copyFile, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import {
  describeModel,
  DescriptionError,
  MANIFEST_SUFFIX,
  type ModelFacts,
  type ModelKind,
  type ModelManifest,
  parseManifest,
  reasonOf,
  UsageError,
} from "session-process";
import { sha256 } from "session-process/runtime";
import { flagOption, stringOption } from "../arguments.ts";
import { type Arguments, type CommandContext, EXIT, type ExitCode } from "../command.ts";
import { makeFolder } from "../output_folder.ts";
import { renderJson } from "../render/json.ts";
import { numbersOption, sizeOption, wordOption } from "./model_options.ts";

/** `models add`: describes networks of the user and keeps them in the folder. */
export async function addModels(
  context: CommandContext,
  folder: string,
  files: readonly string[],
): Promise<ExitCode> {
  const { args, terminal } = context;
  const kinds = kindsOf(args, files);
  const added: ModelManifest[] = [];
  for (const [index, file] of files.entries()) {
    added.push(await manifestOf(file, kinds[index], args));
  }
  await makeFolder(folder);
  for (const [index, manifest] of added.entries()) {
    await keep(files[index]!, manifest, folder);
  }
  if (flagOption(args, "json")) terminal.out(renderJson({ folder, added }));
  else for (const { name } of added) terminal.out(`${name}: added to ${folder}\n`);
  return EXIT.clean;
}

/** The kind of each file; undefined where a description beside the file says it. */
function kindsOf(args: Arguments, files: readonly string[]): (ModelKind | undefined)[] {
  const kind = stringOption(args, "kind");
  if (files.length === 0) throw new UsageError("models add needs FILE", "See models --help");
  if (kind === "detector+landmarks" && files.length === 2) return ["detector", "landmarks"];
  if (kind === "segmentation" && files.length === 1) return ["segmentation"];
  if (kind === undefined) return files.map(() => undefined);
  throw new UsageError(
    `models add cannot take ${files.length} files of kind "${kind}"`,
    "Use segmentation with one file, or detector+landmarks with two",
  );
}

/** A description beside the file counts; else the file is opened and its user asked. */
async function manifestOf(
  file: string,
  kind: ModelKind | undefined,
  args: Arguments,
): Promise<ModelManifest> {
  const contents = new Uint8Array(
    await readFile(file).catch((error) => {
      throw new UsageError(`Cannot read ${file}: ${reasonOf(error)}`);
    }),
  );
  const hash = sha256();
  hash.update(contents);
  const hex = hash.hex();
  const described = kind === undefined ? await describedBeside(file) : undefined;
  if (described !== undefined) {
    if (described.sha256 === hex && described.bytes === contents.length) return described;
    throw new UsageError(`The description beside ${file} is of a file with another sha256`);
  }
  if (kind === undefined) {
    throw new UsageError(
      `models add needs --kind, or a description beside ${file}`,
      `A description is called ${descriptionOf(file)}; see docs/formats/models.md`,
    );
  }
  return await describe(file, contents, factsOf(file, kind, contents.length, hex, args));
}

function descriptionOf(file: string): string {
  return file.replace(/\.onnx$/, "") + MANIFEST_SUFFIX;
}

async function describedBeside(file: string): Promise<ModelManifest | undefined> {
  const path = descriptionOf(file);
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : asUsage(path, () => parseManifest(text));
}

/** What is wrong with a description that the user gave is wrong usage. */
function asUsage<Result>(path: string, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof DescriptionError)) throw error;
    throw new UsageError(`Cannot describe ${path}: ${error.message}`);
  }
}

async function describe(
  file: string,
  contents: Uint8Array,
  facts: ModelFacts,
): Promise<ModelManifest> {
  const { onnxBackend } = await import("session-process/onnx");
  const backend = await onnxBackend();
  const session = await backend.load(contents, { name: file });
  try {
    return asUsage(file, () => describeModel(session, facts));
  } finally {
    await session.close();
  }
}

function factsOf(
  file: string,
  kind: ModelKind,
  bytes: number,
  hash: string,
  args: Arguments,
): ModelFacts {
  const fileName = basename(file);
  const stem = fileName.replace(/\.onnx$/, "").toLowerCase().replace(/[^a-z0-9._-]+/g, "-");
  const family = stringOption(args, "name") ?? stem;
  return {
    kind,
    file: {
      name: kind === "segmentation" ? family : `${family}-${kind}`,
      version: "1",
      family,
      fileName,
      bytes,
      sha256: hash,
      licence: stringOption(args, "licence") ?? "not stated",
      source: stringOption(args, "source") ?? "added by the user",
      downloads: [],
    },
    ...sizeOption(args),
    layout: wordOption(args, "layout", ["nchw", "nhwc"]),
    channels: wordOption(args, "channels", ["rgb", "bgr"]),
    mean: numbersOption(args, "mean", 3) as [number, number, number] | undefined,
    std: numbersOption(args, "std", 3) as [number, number, number] | undefined,
    activation: wordOption(args, "activation", ["none", "sigmoid", "softmax"]),
    output: stringOption(args, "output"),
    maskChannels: numbersOption(args, "mask-channels"),
    threshold: numbersOption(args, "threshold", 1)?.[0],
  };
}

async function keep(file: string, manifest: ModelManifest, folder: string): Promise<void> {
  const target = join(folder, manifest.fileName);
  // It may lie there already.
  if (resolve(file) !== resolve(target)) await copyFile(file, target);
  const description = `${JSON.stringify(manifest, null, 2)}\n`;
  await writeFile(join(folder, descriptionOf(manifest.fileName)), description);
}
