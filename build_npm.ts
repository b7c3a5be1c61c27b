/**
 * Builds the npm package: packs the modules that the exports reach as JavaScript with types.
 *
 * `deno run -A build_npm.ts` leaves `npm/session-process-<version>.tgz`, the very file to publish; the same
 * sources give the same bytes. `tests/npm_test.ts` installs it as a user would and runs it.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import manifest from "./deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const DOCUMENTS = ["README.md", "LICENSE"];
/** Packages that only some commands need, and that are large: they may be left out with `--omit=optional`. */
const OPTIONAL: readonly string[] = ["onnxruntime-web"];

/** Native libraries that are loaded by the name of the machine: npm installs the one that fits, if any. */
const NATIVE = ["linux-x64", "linux-arm64", "darwin-arm64"].map((machine) =>
  `@node-webcodecs/static-${machine}`
);

/** What `deno info --json` tells of a module graph, as far as it is used. */
interface ModuleGraph {
  readonly modules: readonly {
    readonly local?: string;
    readonly npmPackage?: string;
    readonly error?: string;
  }[];
}

function run(command: string, args: readonly string[], cwd: string): string {
  const options = { cwd, encoding: "utf8", maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (status === 0) return stdout;
  throw new Error(`Cannot run ${command} ${args.join(" ")}: ${error?.message ?? stderr}`);
}

function moduleGraphs(): ModuleGraph[] {
  return Object.values(manifest.exports).map((entry) => {
    const graph = JSON.parse(run(process.execPath, ["info", "--json", entry], ROOT)) as ModuleGraph;
    const broken = graph.modules.find(({ error }) => error !== undefined);
    if (broken !== undefined) throw new Error(`Cannot resolve a module: ${broken.error}`);
    return graph;
  });
}

/** Paths of the modules that the exports reach, and the npm packages that these import. */
function packedModules(): { paths: string[]; packages: Record<string, string> } {
  const modules = moduleGraphs().flatMap((graph) => graph.modules);
  const paths = modules.flatMap(({ local }) => local === undefined ? [] : relative(ROOT, local))
    .filter((path) => path.endsWith(".ts"));
  const used = new Set(modules.flatMap(({ npmPackage }) => npmPackage ?? []));
  const packages = Object.entries(manifest.imports)
    .map(([name, target]) => [name, target.slice("npm:".length)] as const)
    .filter(([, target]) => used.has(target))
    .map(([name, target]) => [name, target.slice(name.length + 1)] as const);
  return { paths: [...new Set(paths)].sort(), packages: Object.fromEntries(packages) };
}

/** A copy of the sources whose name has a scope, which `deno pack` insists on. */
function stage(folder: string, paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(ROOT, path), join(folder, path));
  }
  const imports = { ...manifest.imports, ...selfImports() };
  const config = { ...manifest, name: `@${manifest.name}/${manifest.name}`, imports };
  writeFileSync(join(folder, "deno.json"), JSON.stringify(config));
}

/** The package's own names, by which the command line imports it. */
function selfImports(): Record<string, string> {
  const entries = Object.entries(manifest.exports);
  return Object.fromEntries(
    entries.map(([name, path]) => [name.replace(/^\./, manifest.name), path]),
  );
}

/** Native libraries, all of the version that `deno.json` states for one of them. */
function nativePackages(): Record<string, string> {
  const version = Object.entries(manifest.imports)
    .find(([name]) => NATIVE.includes(name))?.[1].replace(/.*@/, "");
  if (version === undefined) throw new Error("Cannot find the version of the native libraries");
  return Object.fromEntries(NATIVE.map((name) => [name, version]));
}

/** Gives the package its name, its program and its dependencies. */
function describePackage(folder: string, packages: Readonly<Record<string, string>>): void {
  const path = join(folder, "package.json");
  const generated = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  const description = {
    ...generated,
    name: manifest.name,
    description: "Turns recorded multi-sensor sessions into validated, time-aligned data",
    keywords: ["synchronization", "physiology", "sensor", "time-series", "matlab"],
    bin: { [manifest.name]: "cli/main.js" },
    engines: { node: ">=20" },
    sideEffects: ["./cli/main.js"],
    dependencies: pick(packages, (name) => !OPTIONAL.includes(name)),
    optionalDependencies: {
      ...pick(packages, (name) => OPTIONAL.includes(name)),
      ...nativePackages(),
    },
  };
  writeFileSync(path, `${JSON.stringify(description, null, 2)}\n`);
}

function pick(
  packages: Readonly<Record<string, string>>,
  isWanted: (name: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(Object.entries(packages).filter(([name]) => isWanted(name)));
}

/** The version stands in deno.json alone, which the package does not carry. */
function inlineVersion(path: string): void {
  const text = readFileSync(path, "utf8");
  const inlined = text
    .replace(/^#!.*\n/, "#!/usr/bin/env node\n")
    .replace(
      /import manifest from "\.\.\/deno\.json" with \{\s*type: "json"\s*\};/,
      `const manifest = { version: ${JSON.stringify(manifest.version)} };`,
    );
  if (!inlined.includes("const manifest")) {
    throw new Error("Cannot find the version in cli/main.js");
  }
  writeFileSync(path, inlined);
}

/** Builds the package into a folder. Returns the path of the tarball. */
export function buildPackage(output: string): string {
  mkdirSync(output, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), "session-process-npm-"));
  try {
    const { paths, packages } = packedModules();
    stage(work, paths);
    const pack = ["pack", "--allow-dirty", "--no-source-maps", "--output", "packed.tgz"];
    run(process.execPath, pack, work);
    run("tar", ["xzf", "packed.tgz"], work);
    const folder = join(work, "package");
    describePackage(folder, packages);
    inlineVersion(join(folder, "cli", "main.js"));
    for (const file of DOCUMENTS) cpSync(join(ROOT, file), join(folder, file));
    run("npm", ["pack", "--pack-destination", output], folder);
    return join(output, `${manifest.name}-${manifest.version}.tgz`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const output = join(ROOT, "npm");
  rmSync(output, { recursive: true, force: true });
  process.stdout.write(`${relative(ROOT, buildPackage(output))}\n`);
}
