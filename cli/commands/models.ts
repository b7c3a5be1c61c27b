import { join } from "node:path";
import {
  findModels,
  type FoundModel,
  type Issue,
  issueMessage,
  nearestName,
  renderIssue,
  UsageError,
} from "session-process";
import { download, modelsFolder, openFolder, sha256 } from "session-process/runtime";
import { flagOption, stringOption } from "../arguments.ts";
import { type Command, type CommandContext, EXIT, type ExitCode } from "../command.ts";
import { makeFolder } from "../output_folder.ts";
import { renderJson } from "../render/json.ts";
import { ProgressLine } from "../render/progress.ts";
import { renderTable } from "../render/table.ts";
import { addModels } from "./models_add.ts";
import { JSON_OPTION } from "./options.ts";

const ACTIONS = ["list", "pull", "verify", "add"] as const;

/** `models`: the neural networks that methods of `hands` run on. */
export const modelsCommand: Command = {
  name: "models",
  summary: "List, fetch, check or add the neural networks that find hands",
  usage: "list|pull|verify|add [NAME|FILE...]",
  arity: { min: 1, max: Infinity },
  choices: ACTIONS,
  options: {
    models: { type: "string", value: "DIR", help: "Folder of the networks (default: the cache)" },
    kind: {
      type: "string",
      value: "KIND",
      help: "add: segmentation, or detector+landmarks of two files",
    },
    name: { type: "string", value: "NAME", help: "add: what to call it (default: the file's)" },
    size: { type: "string", value: "WxH", help: "add: picture of a network that takes any" },
    layout: { type: "string", value: "LAYOUT", help: "add: nchw or nhwc" },
    channels: { type: "string", value: "ORDER", help: "add: rgb or bgr (default: rgb)" },
    mean: { type: "string", value: "R,G,B", help: "add: taken off values of 0 to 1" },
    std: { type: "string", value: "R,G,B", help: "add: by which they are then divided" },
    activation: {
      type: "string",
      value: "WORD",
      help: "add: what makes probabilities of a mask: none, sigmoid or softmax",
    },
    output: { type: "string", value: "NAME", help: "add: output that is the mask" },
    "mask-channels": { type: "string", value: "LIST", help: "add: channels that are hands" },
    threshold: { type: "string", value: "P", help: "add: least probability of a hand" },
    licence: { type: "string", value: "NAME", help: "add: licence of the network" },
    source: { type: "string", value: "TEXT", help: "add: where the network comes from" },
    ...JSON_OPTION,
  },
  examples: [
    "session-process models list",
    "session-process models pull",
    "session-process models verify --models networks",
    "session-process models add mine.onnx --kind segmentation --activation sigmoid",
    "session-process models add palm.onnx hand.onnx --kind detector+landmarks --name mine",
  ],
  run: models,
};

async function models(context: CommandContext): Promise<ExitCode> {
  const { args } = context;
  const [action = "", ...rest] = args.positionals;
  const folder = stringOption(args, "models") ?? modelsFolder();
  switch (action) {
    case "list":
      return await list(context, folder, rest);
    case "verify":
      return await verify(context, folder, rest);
    case "pull":
      return await pull(context, folder, rest);
    case "add":
      return await addModels(context, folder, rest);
    default: {
      const near = nearestName(action, ACTIONS);
      throw new UsageError(
        `models has no action "${action}"${near === undefined ? "" : `; did you mean ${near}?`}`,
        `Use one of ${ACTIONS.join(", ")}`,
      );
    }
  }
}

/** Networks of given names or families; all when none are given. */
async function find(
  folder: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<{ models: readonly FoundModel[]; issues: readonly Issue[] }> {
  const { models, issues } = await findModels(openFolder(folder), { sha256, signal });
  const known = models.flatMap(({ manifest }) => [manifest.family, manifest.name]);
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearestName(name, known);
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    throw new UsageError(
      `No network is called "${name}"${hint}`,
      `Known are ${[...new Set(known)].join(", ")}`,
    );
  }
  const isWanted = ({ manifest: { name, family } }: FoundModel) =>
    names.length === 0 || names.includes(name) || names.includes(family);
  return { models: models.filter(isWanted), issues };
}

async function list(
  { args, terminal, signal }: CommandContext,
  folder: string,
  names: readonly string[],
): Promise<ExitCode> {
  const { models, issues } = await find(folder, names, signal);
  if (flagOption(args, "json")) {
    terminal.out(renderJson(document(folder, models, issues)));
    return EXIT.clean;
  }
  const columns = ["NAME", "KIND", "FAMILY", "STATE", "LICENCE", "FILE"];
  terminal.out(renderTable(
    columns.map((title) => ({ title })),
    models.map(({ manifest, state, path }) => [
      manifest.name,
      manifest.kind,
      manifest.family,
      state,
      manifest.licence,
      path ?? manifest.fileName,
    ]),
  ));
  terminal.out(`\nFolder: ${folder}\n`);
  for (const issue of issues) terminal.err(`${issue.severity}  ${renderIssue(issue)}\n`);
  return EXIT.clean;
}

async function verify(
  { args, terminal, signal }: CommandContext,
  folder: string,
  names: readonly string[],
): Promise<ExitCode> {
  const { models, issues } = await find(folder, names, signal);
  const there = models.filter(({ state }) => state !== "absent");
  if (flagOption(args, "json")) {
    terminal.out(renderJson(document(folder, there, issues)));
  } else {
    for (const { manifest, state, path } of there) {
      terminal.out(`${state === "ready" ? "ok     " : "DAMAGED"}  ${manifest.name}  ${path}\n`);
    }
    if (there.length === 0) terminal.err(`No network is in ${folder}\n`);
    for (const issue of issues) terminal.err(`${issue.severity}  ${renderIssue(issue)}\n`);
  }
  return issues.length > 0 ? EXIT.couldNotRun : EXIT.clean;
}

async function pull(
  { args, terminal, signal }: CommandContext,
  folder: string,
  names: readonly string[],
): Promise<ExitCode> {
  const { models } = await find(folder, names, signal);
  // What has no address is fetched only when it is named, to be told so.
  const wanted = models.filter(({ manifest, added }) =>
    names.length > 0 || (!added && manifest.downloads.length > 0)
  );
  await makeFolder(folder);
  const progress = new ProgressLine(terminal);
  const fetched: string[] = [];
  try {
    for (const { manifest, state } of wanted) {
      if (state === "ready") continue;
      const path = join(folder, manifest.fileName);
      await download(manifest, path, { signal, progress: progress.report });
      fetched.push(manifest.name);
    }
  } finally {
    progress.end();
  }
  const after = await find(folder, wanted.map(({ manifest }) => manifest.name), signal);
  if (flagOption(args, "json")) {
    terminal.out(renderJson({ ...document(folder, after.models, after.issues), fetched }));
  } else {
    for (const { manifest: { name, bytes, sha256, licence } } of wanted) {
      const word = fetched.includes(name) ? "fetched" : "was there";
      terminal.out(`${name}: ${word}, ${bytes} bytes, ${licence}, sha256 ${sha256}\n`);
    }
    terminal.out(`Folder: ${folder}\n`);
  }
  return EXIT.clean;
}

function document(folder: string, models: readonly FoundModel[], issues: readonly Issue[]) {
  return {
    folder,
    models: models.map(({ manifest, state, path, added }) => ({ ...manifest, state, path, added })),
    issues: issues.map((issue) => ({ ...issue, message: issueMessage(issue) })),
  };
}
