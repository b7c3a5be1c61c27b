import { type Issue, reasonOf, type ReportIssue, throwIfCancelled } from "../base/mod.ts";
import { NO_MEMORY, type StepMemory } from "./memory.ts";

/** What {@linkcode rememberFound} needs. */
export interface RememberOptions {
  readonly memory?: StepMemory | undefined;
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks for evidence, or recalls what was found before, and reports what was wrong either way. A recording that cannot
 * be read to its end gives none: `failed` makes the issue that says so.
 */
export async function rememberFound<Found>(
  step: string,
  find: (report: ReportIssue) => Promise<readonly Found[]>,
  failed: (reason: string) => Issue,
  { memory = NO_MEMORY, report, signal }: RememberOptions,
): Promise<readonly Found[]> {
  const { found, issues } = await memory.recall(step, async () => {
    const issues: Issue[] = [];
    try {
      return { found: await find((issue) => void issues.push(issue)), issues };
    } catch (error) {
      throwIfCancelled(signal);
      return { found: [], issues: [...issues, failed(reasonOf(error))] };
    }
  });
  for (const issue of issues) report?.(issue);
  return found;
}
