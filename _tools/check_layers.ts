/**
 * Fails when a module imports what its folder may not: the table below is the architecture.
 *
 * The import graph comes from `deno info`, so that it is what the runtime sees.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { pathToFileURL } from "node:url";

/** Which folders a folder may import. npm packages are named with their prefix. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "core/base": [],
  "core/session": ["core/base"],
  "core/readers": ["core/base", "core/session", "wasm", "npm:papaparse"],
  "core/clock": ["core/base", "wasm"],
  "core/timeline": ["core/base", "core/clock", "wasm"],
  "core/hands": ["core/base", "wasm"],
  "core/exporters": ["core/base", "wasm"],
  "core/validation": ["core/base", "core/session", "core/readers", "core/clock", "wasm"],
  "core/report": ["core/base", "core/session", "core/clock", "core/timeline", "core/validation"],
  "core/simulate": ["core/base", "core/session", "core/exporters", "wasm"],
  "core/pipeline": [
    "core/base",
    "core/session",
    "core/readers",
    "core/clock",
    "core/timeline",
    "core/hands",
    "core/exporters",
    "core/validation",
    "core/report",
    "wasm",
  ],
  "wasm": ["core/base"],
  "mod.ts": ["core/*", "wasm"],
  "runtime": ["core/base", "node:", "npm:onnxruntime-web", "npm:fast-png", "npm:jpeg-js"],
  "cli": ["mod.ts", "runtime", "node:", "deno.json"],
};

/** Folders that may import anything and that nobody may import. */
const FREE = ["tests", "fixtures", "bench", "_tools", "build_npm.ts", "wasm/build.ts"];

interface GraphModule {
  readonly specifier: string;
  readonly dependencies?: readonly { readonly code?: { readonly specifier: string } }[];
}

function listSources(): string[] {
  const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard", "*.ts"], {
    encoding: "utf8",
  });
  return listed.stdout.split("\n").filter((path) => path !== "");
}

function readGraph(root: string, paths: readonly string[]): readonly GraphModule[] {
  const imports = paths.map((path) => `import "${root}${path}";`).join("");
  const entry = `data:application/typescript,${encodeURIComponent(imports)}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["info", "--json", entry], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`Cannot read the import graph: ${stderr}`);
  return (JSON.parse(stdout) as { modules: GraphModule[] }).modules;
}

/** The layer that a module belongs to: a folder, a file of the top level, or a package. */
function layerOf(root: string, specifier: string): string {
  if (!specifier.startsWith(root)) {
    const npm = specifier.match(/^npm:\/?(@[^/]+\/[^@/]+|[^@/]+)/);
    return npm ? `npm:${npm[1]}` : specifier.startsWith("node:") ? "node:" : specifier;
  }
  const path = specifier.slice(root.length);
  if (FREE.includes(path)) return path;
  const [first = "", second = ""] = path.split("/");
  return first === "core" ? `core/${second}` : first;
}

function isAllowed(from: string, to: string): boolean {
  if (from === to || FREE.includes(from)) return true;
  const allowed = ALLOWED[from];
  if (allowed === undefined) return false;
  return allowed.some((layer) => layer === to || (layer === "core/*" && to.startsWith("core/")));
}

/** Helpers of tests are told by an underscore, and would be packed if a module imported them. */
function isTestHelper(path: string): boolean {
  return path.split("/").some((part) => part.startsWith("_") && part !== "_tools");
}

function violations(root: string, modules: readonly GraphModule[]): string[] {
  const found: string[] = [];
  for (const { specifier, dependencies = [] } of modules) {
    const path = specifier.slice(root.length);
    if (!specifier.startsWith(root) || path.endsWith("_test.ts") || isTestHelper(path)) continue;
    const from = layerOf(root, specifier);
    for (const { code } of dependencies) {
      if (code === undefined) continue;
      const to = code.specifier.replace(root, "");
      const isHelper = isTestHelper(to) && !FREE.includes(from);
      if (isHelper || !isAllowed(from, layerOf(root, code.specifier))) {
        found.push(`${path} imports ${to}`);
      }
    }
  }
  return found;
}

const root = `${pathToFileURL(process.cwd()).href}/`;
const sources = listSources();
const found = violations(root, readGraph(root, sources));
for (const line of found) process.stderr.write(`${line}: not in the import table\n`);
if (found.length > 0) process.exit(1);
process.stdout.write(`layers: ${sources.length} modules keep to the import table\n`);
