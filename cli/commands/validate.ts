import { groupIssues, type Issue, issueMessage } from "session-process";
import { flagOption } from "../arguments.ts";
import { type Command, type CommandContext, EXIT, type ExitCode } from "../command.ts";
import { readSession } from "../read_session.ts";
import { countIssues, renderIssues } from "../render/issues.ts";
import { renderJson } from "../render/json.ts";
import { createStyle } from "../render/style.ts";
import { JSON_OPTION, TIMEZONE_OPTION } from "./options.ts";

/** `validate`: what is wrong with a session. */
export const validateCommand: Command = {
  name: "validate",
  summary: "Say what is wrong with a session",
  usage: "SESSION...",
  arity: { min: 1, max: Infinity },
  options: {
    ...JSON_OPTION,
    ...TIMEZONE_OPTION,
    notes: { type: "boolean", help: "Show notes of a clean session, too" },
    quiet: { type: "boolean", short: "q", help: "Leave out notes; show warnings and errors" },
  },
  examples: [
    "session-process validate recordings/session_20250731_143022",
    "session-process validate recordings/session_20250731_143022 --json > findings.json",
  ],
  run: validate,
};

async function validate(context: CommandContext): Promise<ExitCode> {
  const { session, found } = await readSession(context);
  const { args, terminal } = context;
  if (flagOption(args, "json")) {
    const issues = found.map((issue) => ({ ...issue, message: issueMessage(issue) }));
    terminal.out(renderJson({ session: session.id, groups: groupIssues(found, 0), issues }));
  } else {
    terminal.out(renderText(session.id, found, {
      notes: flagOption(args, "notes"),
      quiet: flagOption(args, "quiet"),
    }, terminal.colour));
  }
  return found.some(({ severity }) => severity === "error") ? EXIT.sessionErrors : EXIT.clean;
}

function renderText(
  id: string,
  found: readonly Issue[],
  { notes, quiet }: { readonly notes: boolean; readonly quiet: boolean },
  colour: boolean,
): string {
  const style = createStyle(colour);
  const clean = found.every(({ severity }) => severity === "info");
  if (clean && !notes) {
    const count = found.length === 0 ? "" : `, ${countIssues(found)} (--notes shows them)`;
    return `${style.green("clean")}  ${id}${count}\n`;
  }
  const shown = quiet ? found.filter(({ severity }) => severity !== "info") : found;
  return `${renderIssues(shown, style)}\n${id}: ${countIssues(found)}\n`;
}
