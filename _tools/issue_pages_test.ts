import assert from "node:assert/strict";
import { pageFaults, pageHead } from "./issue_pages.ts";

const DEFINITION = { title: "A file is empty", severity: "error" };
const BODY = `
## What it means

Nothing inside.

## Why it matters

Nothing to use.

## How to repair it

Copy it again.
`;
const PAGE = pageHead("FILE_EMPTY", DEFINITION) + BODY;

function faults(text: string): number {
  return pageFaults("FILE_EMPTY", DEFINITION, text).length;
}

Deno.test("a complete page has no fault", () => {
  assert.deepEqual(pageFaults("FILE_EMPTY", DEFINITION, PAGE), []);
});

Deno.test("a page with another severity, title or code is found", () => {
  assert.equal(faults(PAGE.replace("error", "info")), 1);
  assert.equal(faults(PAGE.replace("A file", "The file")), 1);
  assert.equal(faults(PAGE.replace("# FILE_EMPTY", "# FILE_FULL")), 1);
});

Deno.test("a missing, empty or misplaced section is found", () => {
  assert.equal(faults(PAGE.replace("## Why it matters\n\nNothing to use.\n\n", "")), 1);
  assert.equal(faults(PAGE.replace("Nothing to use.", "")), 1);
  assert.equal(faults(PAGE.replace("Why it matters", "Also")), 1);
});
