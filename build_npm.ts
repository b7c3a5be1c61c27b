/**
 * Builds the npm package: packs the modules as JavaScript with types, installs the tarball in a consumer
 * project, and runs it there.
 *
 * `deno run -A build_npm.ts` leaves `npm/session-process-<version>.tgz`, the very file to publish.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import manifest from "./deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const OUTPUT = join(ROOT, "npm");
/** Modules of the package; everything else stays home. */
const PACKED = ["mod.ts", "deno.json", "core", "wasm", "runtime", "cli", "README.md", "LICENSE"];

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status === 0) return stdout;
  throw new Error(`Cannot run ${command} ${args.join(" ")}: ${error?.message ?? stderr}`);
}

/** A copy of the sources whose name has a scope, which `deno pack` insists on. */
function stage(folder: string): void {
  for (const path of PACKED) {
    cpSync(join(ROOT, path), join(folder, path), {
      recursive: true,
      filter: (source) => !/_test\.ts$|wasm\/(target|kernel|seam)|wasm\/build\.ts$/.test(source),
    });
  }
  const imports = { ...manifest.imports, ...selfImports() };
  const config = { ...manifest, name: "@session-process/session-process", imports };
  writeFileSync(join(folder, "deno.json"), JSON.stringify(config));
}

function selfImports(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(manifest.exports).map((
      [name, path],
    ) => [name.replace(/^\./, manifest.name), path]),
  );
}

/** Gives the package its name, its program and its version, and packs it for good. */
function finish(folder: string): string {
  const path = join(folder, "package.json");
  const generated = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  const description = {
    ...generated,
    name: manifest.name,
    description: "Turns recorded multi-sensor sessions into validated, time-aligned data",
    license: manifest.license,
    bin: { [manifest.name]: "cli/main.js" },
    engines: { node: ">=20" },
    dependencies: exactDependencies(),
  };
  writeFileSync(path, `${JSON.stringify(description, null, 2)}\n`);
  inlineVersion(join(folder, "cli", "main.js"));
  for (const file of ["README.md", "LICENSE"]) cpSync(join(ROOT, file), join(folder, file));
  run("npm", ["pack", "--pack-destination", OUTPUT], folder);
  return join(OUTPUT, `${manifest.name}-${manifest.version}.tgz`);
}

function exactDependencies(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(manifest.imports).map(([name, target]) => [name, target.split("@").at(-1)!]),
  );
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

function build(): string {
  rmSync(OUTPUT, { recursive: true, force: true });
  mkdirSync(OUTPUT, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), "session-process-npm-"));
  try {
    stage(work);
    run(
      process.execPath,
      ["pack", "--allow-dirty", "--no-source-maps", "--output", "packed.tgz"],
      work,
    );
    run("tar", ["xzf", "packed.tgz"], work);
    return finish(join(work, "package"));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Installs the tarball as a user would and runs library and program on Node. */
function smokeTest(tarball: string): void {
  const folder = mkdtempSync(join(tmpdir(), "session-process-consumer-"));
  try {
    writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }\n');
    run("npm", ["install", "--no-audit", "--no-fund", tarball], folder);
    writeFileSync(
      join(folder, "use.js"),
      'import { ISSUES, Kernel } from "session-process";\n' +
        'import { openFolder } from "session-process/runtime";\n' +
        "new Kernel();\n" +
        "console.log(Object.keys(ISSUES).length, openFolder('.').name);\n",
    );
    process.stdout.write(`library on Node: ${run("node", ["use.js"], folder)}`);
    const program = join("node_modules", ".bin", manifest.name);
    process.stdout.write(`program on Node: ${run(program, ["--version"], folder)}`);
    run(program, ["simulate", "session", "--demo"], folder);
    const done = run(program, ["process", "session"], folder);
    if (!readdirSync(join(folder, "session", "exports")).includes("matlab")) {
      throw new Error(`The installed program wrote no MATLAB file: ${done}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const tarball = build();
smokeTest(tarball);
process.stdout.write(`${tarball.slice(ROOT.length)}\n`);
