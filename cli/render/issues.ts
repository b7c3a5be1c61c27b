import { groupIssues, type Issue, type IssueSummary, renderIssue } from "session-process";
import { printable, type Style } from "./style.ts";

/** Lists findings grouped by code, worst first, each with its count, two examples and the remedy. */
export function renderIssues(issues: readonly Issue[], style: Style): string {
  return groupIssues(issues).map((group) => renderGroup(group, style)).join("\n");
}

function renderGroup(group: IssueSummary, style: Style): string {
  const paint = { error: style.red, warning: style.yellow, info: style.dim }[group.severity];
  const times = group.count === 1 ? "" : ` x ${group.count}`;
  const lines = [
    `${paint(group.severity.padEnd(7))}  ${style.bold(group.code)}${times}  ${group.title}`,
    ...group.examples.map((issue) => `           ${printable(renderIssue(issue))}`),
  ];
  const more = group.count - group.examples.length;
  if (more > 0) lines.push(style.dim(`           and ${more} more`));
  lines.push(style.dim(`         > ${group.remedy}`));
  return `${lines.join("\n")}\n`;
}

/** One line that counts findings by severity. */
export function countIssues(issues: readonly Issue[]): string {
  const count = (severity: Issue["severity"], word: string) => {
    const number = issues.filter((issue) => issue.severity === severity)
      .reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
    return `${number} ${word}${number === 1 ? "" : "s"}`;
  };
  return `${count("error", "error")}, ${count("warning", "warning")}, ${count("info", "note")}`;
}
