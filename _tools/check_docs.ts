/**
 * Checks the documentation of the public surface: every exported symbol has a description, and every exported
 * function and class is imported by an example. `deno test --doc` runs the examples, so that what they show holds;
 * one example may show several symbols that work together.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import manifest from "../deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The program has no symbols. */
const ENTRIES = [
  manifest.exports["."],
  manifest.exports["./runtime"],
  manifest.exports["./onnx"],
];

/** What `deno doc --json` tells, as far as it is used. */
interface JsDoc {
  readonly doc?: string;
  readonly tags?: readonly { readonly kind: string; readonly doc?: string }[];
}

interface Declaration {
  readonly kind: string;
  readonly location: { readonly filename: string; readonly line: number };
  readonly jsDoc?: JsDoc;
  readonly def?: { readonly extends?: string };
}

interface ExportedSymbol {
  readonly name: string;
  readonly declarations: readonly Declaration[];
}

interface ModuleDocs {
  readonly module_doc?: JsDoc;
  readonly symbols: readonly ExportedSymbol[];
}

function docsOf(entry: string): ModuleDocs {
  const options = { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["doc", "--json", entry], options);
  if (status !== 0) throw new Error(`Cannot read the documentation of ${entry}: ${stderr}`);
  const { nodes } = JSON.parse(stdout) as { readonly nodes: Readonly<Record<string, ModuleDocs>> };
  const [docs] = Object.values(nodes);
  if (docs === undefined) throw new Error(`Cannot find documentation: ${entry} is empty`);
  return docs;
}

/** Names that the TypeScript blocks of a doc comment import from the package. */
function importedNames({ doc = "", tags = [] }: JsDoc): string[] {
  const text = [doc, ...tags.map((tag) => tag.doc ?? "")].join("\n");
  const blocks = text.matchAll(/```ts\n([\s\S]*?)```/g);
  return [...blocks].flatMap(([, code = ""]) =>
    [...code.matchAll(/import \{([^}]*)\} from "session-process[^"]*"/g)].flatMap(([, list = ""]) =>
      list.split(",").map((name) => name.trim().replace(/^type /, ""))
    )
  );
}

/** Errors are thrown at users, who catch them; showing how to construct one would teach nothing. */
function needsExample({ kind, def }: Declaration): boolean {
  return kind === "function" || (kind === "class" && !/Error$/.test(def?.extends ?? ""));
}

const modules = ENTRIES.map(docsOf);
const declared = modules.flatMap(({ symbols }) =>
  symbols.flatMap(({ name, declarations }) =>
    declarations.map((declaration) => ({ name, declaration }))
  )
);
const comments = [
  ...modules.map(({ module_doc = {} }) => module_doc),
  ...declared.map(({ declaration }) => declaration.jsDoc ?? {}),
];
const shown = new Set(comments.flatMap(importedNames));

const faults = declared.flatMap(({ name, declaration }) => {
  const { location, jsDoc } = declaration;
  const place = `${
    location.filename.replace(/^.*?\/(?=(core|wasm|runtime)\/)/, "")
  }:${location.line}`;
  return [
    ...((jsDoc?.doc ?? "") === "" ? [`${place}: ${name} has no description`] : []),
    ...(needsExample(declaration) && !shown.has(name)
      ? [`${place}: no example shows ${name}`]
      : []),
  ];
});

for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
else process.stdout.write(`docs: ${declared.length} public symbols are described\n`);
