import type { IssueDefinition } from "../issue.ts";
import { CLOCK_ISSUES } from "./clock.ts";
import { EVENT_ISSUES } from "./event.ts";
import { FILE_ISSUES } from "./file.ts";
import { PROCESS_ISSUES } from "./process.ts";
import { SESSION_ISSUES } from "./session.ts";
import { TABLE_ISSUES } from "./table.ts";
import { VIDEO_ISSUES } from "./video.ts";

/**
 * The catalogue of everything that can be wrong with a session: one entry per code.
 *
 * `satisfies` keeps the literal keys, so that a code that is not here does not compile.
 */
export const ISSUES = {
  ...SESSION_ISSUES,
  ...FILE_ISSUES,
  ...TABLE_ISSUES,
  ...VIDEO_ISSUES,
  ...EVENT_ISSUES,
  ...CLOCK_ISSUES,
  ...PROCESS_ISSUES,
} as const satisfies Record<string, IssueDefinition>;
