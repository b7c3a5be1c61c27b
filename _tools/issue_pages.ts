import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the pages, one per issue code, and of their index. */
export const PAGES = fileURLToPath(new URL("../docs/issues/", import.meta.url));

/** File name of the index. */
export const INDEX = "README.md";

/** Sections that every page has, in this order. */
const SECTIONS = ["What it means", "Why it matters", "How to repair it"];

/** What the catalogue says of a code. */
interface Definition {
  readonly title: string;
  readonly severity: string;
}

/** The codes of all pages. */
export function pageCodes(): string[] {
  return readdirSync(PAGES).filter((name) => name !== INDEX).map((name) =>
    name.replace(/\.md$/, "")
  ).sort();
}

/** The text of the page of a code. */
export function pageText(code: string): string {
  return readFileSync(join(PAGES, `${code}.md`), "utf8");
}

/** How every page of a code begins. */
export function pageHead(code: string, { title, severity }: Definition): string {
  return `# ${code}\n\n${title}. Severity: **${severity}**.\n`;
}

/** What is wrong with the page of a code; empty when nothing is. */
export function pageFaults(code: string, definition: Definition, text: string): string[] {
  const faults: string[] = [];
  const head = pageHead(code, definition);
  if (!text.startsWith(head)) faults.push(`does not begin with ${JSON.stringify(head)}`);
  const [, ...sections] = text.split(/^## /m);
  const headings = sections.map((section) => section.split("\n", 1)[0]);
  if (headings.join() !== SECTIONS.join()) {
    faults.push(`has sections ${headings.join(", ")} instead of ${SECTIONS.join(", ")}`);
  }
  for (const section of sections) {
    const [heading = "", ...lines] = section.split("\n");
    if (lines.join("").trim() === "") faults.push(`says nothing under ${heading}`);
  }
  return faults;
}
