/**
 * Fails when an issue code has no page in `docs/issues`, a page has no code, a page lacks one of its sections
 * or states another title or severity than the catalogue, or the index is not what the generator writes.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ISSUES } from "../core/base/mod.ts";
import { indexText } from "./issue_index.ts";
import { INDEX, pageCodes, pageFaults, PAGES, pageText } from "./issue_pages.ts";

const pages = new Set(pageCodes());
const faults: string[] = [];
for (const [code, definition] of Object.entries(ISSUES)) {
  if (!pages.has(code)) faults.push(`${code} has no page`);
  else {
    for (const fault of pageFaults(code, definition, pageText(code))) {
      faults.push(`${code}.md ${fault}`);
    }
  }
}
for (const code of pages) {
  if (!Object.hasOwn(ISSUES, code)) faults.push(`${code}.md belongs to no code`);
}
if (readFileSync(join(PAGES, INDEX), "utf8") !== indexText()) {
  faults.push(`${INDEX} is out of date: run \`deno run -A _tools/issue_index.ts\``);
}

if (faults.length > 0) {
  process.stderr.write(faults.map((fault) => `docs/issues: ${fault}\n`).join(""));
  process.exit(1);
}
process.stdout.write(`issue pages: ${pages.size} agree with the catalogue\n`);
