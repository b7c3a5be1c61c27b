import {
  type FolderSource,
  type Issue,
  Kernel,
  type ProcessSettings,
  type RunOptions,
} from "session-process";
import { openOutput, sha256 } from "session-process/runtime";
import { stringOption } from "./arguments.ts";
import { type CommandContext, EXIT, type ExitCode } from "./command.ts";
import { decoderOption } from "./commands/options.ts";
import { makeFolder } from "./output_folder.ts";
import { ProgressLine } from "./render/progress.ts";
import { openRoots, outputFolder } from "./session_argument.ts";

/** What {@linkcode writeSession} is to do. */
export interface SessionWork<Outcome> {
  readonly settings: ProcessSettings;
  readonly work: (options: RunOptions) => Promise<Outcome>;
  /** Opens the folders that the user named. @default {openRoots} */
  readonly open?: (paths: readonly string[]) => Promise<FolderSource>;
  /** Folder that takes the results unless the user says otherwise. @default {outputFolder} */
  readonly besides?: string;
}

/** Does work that writes beside the session that the user named, with a line that shows how far it is. */
export async function writeSession<Outcome>(
  { args, terminal, signal, version }: CommandContext,
  { settings, work, open = openRoots, besides }: SessionWork<Outcome>,
): Promise<{ readonly outcome: Outcome; readonly out: string }> {
  const out = stringOption(args, "out") ?? besides ??
    await outputFolder(args.positionals[0]!);
  const folder = await open(args.positionals);
  const decoder = await decoderOption(args, folder);
  await makeFolder(out);
  const output = openOutput(out);
  const progress = new ProgressLine(terminal);
  try {
    const outcome = await work({
      folder,
      output,
      kernel: new Kernel(),
      sha256,
      version,
      settings,
      signal,
      progress: progress.report,
      ...decoder,
    });
    return { outcome, out };
  } finally {
    progress.end();
  }
}

/** What the end of such work tells scripts. */
export function exitCodeOf(
  { loss, issues }: { readonly loss: boolean; readonly issues: readonly Issue[] },
): ExitCode {
  if (loss) return EXIT.loss;
  return issues.some(({ severity }) => severity === "error") ? EXIT.sessionErrors : EXIT.clean;
}
