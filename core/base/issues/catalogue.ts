import type { IssueDefinition } from "../issue.ts";
import { AUDIO_ISSUES } from "./audio.ts";
import { CLOCK_ISSUES } from "./clock.ts";
import { EVENT_ISSUES } from "./event.ts";
import { FILE_ISSUES } from "./file.ts";
import { MODEL_ISSUES } from "./model.ts";
import { HAND_ISSUES } from "./hands.ts";
import { PROCESS_ISSUES } from "./process.ts";
import { SESSION_ISSUES } from "./session.ts";
import { TABLE_ISSUES } from "./table.ts";
import { VIDEO_ISSUES } from "./video.ts";
import { XDF_ISSUES } from "./xdf.ts";

type IssueCatalogue =
  & typeof SESSION_ISSUES
  & typeof FILE_ISSUES
  & typeof TABLE_ISSUES
  & typeof VIDEO_ISSUES
  & typeof XDF_ISSUES
  & typeof AUDIO_ISSUES
  & typeof EVENT_ISSUES
  & typeof CLOCK_ISSUES
  & typeof MODEL_ISSUES
  & typeof HAND_ISSUES
  & typeof PROCESS_ISSUES;

/**
 * The catalogue of everything that can be wrong with a session: one entry per code.
 *
 * Its type has the literal keys, so that a code that is not here does not compile.
 */
export const ISSUES: IssueCatalogue = {
  ...SESSION_ISSUES,
  ...FILE_ISSUES,
  ...TABLE_ISSUES,
  ...VIDEO_ISSUES,
  ...XDF_ISSUES,
  ...AUDIO_ISSUES,
  ...EVENT_ISSUES,
  ...CLOCK_ISSUES,
  ...MODEL_ISSUES,
  ...HAND_ISSUES,
  ...PROCESS_ISSUES,
} satisfies Record<string, IssueDefinition>;
