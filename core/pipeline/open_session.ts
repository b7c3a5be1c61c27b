import {
  createIssue,
  type FolderSource,
  type Issue,
  IssueLog,
  readAll,
  reasonOf,
  type WorkOptions,
} from "../base/mod.ts";
import type { Session } from "../session/mod.ts";
import { gradeIssues, parseConfig, type ProjectConfig } from "../validation/mod.ts";
import { eventStreams } from "./event_stream.ts";
import { loadSession } from "./load_session.ts";

/** Name of the file beside the recordings that holds the user's defaults. */
export const CONFIG_NAME = "session-process.json";
const CONFIG_LIMIT = 1 << 20;

/** A session folder whose metadata have been read. */
export interface OpenedSession {
  readonly folder: FolderSource;
  readonly session: Session;
  readonly config: ProjectConfig;
  /** What was wrong so far, before re-grading. */
  readonly issues: IssueLog;
}

/** Reads everything about a session but its samples. */
export async function openSession(
  folder: FolderSource,
  options: WorkOptions = {},
): Promise<OpenedSession> {
  const issues = new IssueLog();
  const config = await readConfig(folder, issues);
  const session = await loadSession(folder, { report: issues.report, signal: options.signal });
  const streams = [...session.streams, ...eventStreams(session)];
  return { folder, session: { ...session, streams }, config, issues };
}

async function readConfig(folder: FolderSource, issues: IssueLog): Promise<ProjectConfig> {
  const opened = await folder.open(CONFIG_NAME).catch(() => undefined);
  if (opened === undefined) return {};
  try {
    const text = new TextDecoder().decode(await readAll(opened, CONFIG_LIMIT));
    const { config, issues: found } = parseConfig(text, CONFIG_NAME);
    for (const issue of found) issues.report(issue);
    return config;
  } catch (error) {
    issues.report(
      createIssue("CONFIG_INVALID", { reason: reasonOf(error) }, { path: CONFIG_NAME }),
    );
    return {};
  } finally {
    await opened.close();
  }
}

/** The issues of a log as the user's configuration grades them. */
export function gradedIssues(issues: IssueLog, config: ProjectConfig): Issue[] {
  return [...gradeIssues(issues.issues(), config)];
}
