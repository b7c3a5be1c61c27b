/**
 * Writes the index of the issue pages, `docs/issues/README.md`, from the catalogue.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ISSUES } from "../core/base/mod.ts";
import { CLOCK_ISSUES } from "../core/base/issues/clock.ts";
import { EVENT_ISSUES } from "../core/base/issues/event.ts";
import { FILE_ISSUES } from "../core/base/issues/file.ts";
import { PROCESS_ISSUES } from "../core/base/issues/process.ts";
import { SESSION_ISSUES } from "../core/base/issues/session.ts";
import { TABLE_ISSUES } from "../core/base/issues/table.ts";
import { VIDEO_ISSUES } from "../core/base/issues/video.ts";
import { XDF_ISSUES } from "../core/base/issues/xdf.ts";
import { INDEX, PAGES } from "./issue_pages.ts";

const AREAS: Readonly<Record<string, object>> = {
  "Sessions and metadata": SESSION_ISSUES,
  "Files and folders": FILE_ISSUES,
  "Tables": TABLE_ISSUES,
  "Videos, thermal frames and calibration": VIDEO_ISSUES,
  "Recordings of the lab streaming layer": XDF_ISSUES,
  "Events": EVENT_ISSUES,
  "Times, rates and clocks": CLOCK_ISSUES,
  "Processing": PROCESS_ISSUES,
};

const INTRODUCTION = `# Issue codes

Everything that the toolkit finds wrong, assumes or repairs is an issue with a code. Each code has a page that
says what it means, why it matters and what to do.

- **error**: data are lost or cannot be trusted.
- **warning**: somebody should look.
- **info**: good to know, nothing to do.

A project can change the severity of a code, everywhere or for some paths, or switch it off, under \`rules\` in
\`session-process.json\`:

\`\`\`json
{ "rules": [{ "code": "FILE_UNREGISTERED", "path": "devices/phone_*/**", "severity": "off" }] }
\`\`\`
`;

/** The text of the index. */
export function indexText(): string {
  const sections = Object.entries(AREAS).map(([area, issues]) =>
    section(area, Object.keys(issues))
  );
  return [INTRODUCTION, ...sections].join("\n");
}

function section(area: string, codes: readonly string[]): string {
  const rows = codes.map((code) => {
    const { severity, title } = ISSUES[code as keyof typeof ISSUES];
    return `| [${code}](${code}.md) | ${severity} | ${title} |`;
  });
  return [`## ${area}`, "", "| code | severity | what is wrong |", "|---|---|---|", ...rows, ""]
    .join("\n");
}

if (import.meta.main) writeFileSync(join(PAGES, INDEX), indexText());
