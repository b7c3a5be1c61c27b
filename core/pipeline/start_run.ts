import type {
  FolderSink,
  FolderSource,
  MediaDecoder,
  StartSha256,
  WorkOptions,
} from "../base/mod.ts";
import type { Session } from "../session/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";
import { type HandStream, handStreams } from "./hands/hand_streams.ts";
import { Journal, type JournalKey } from "./journal.ts";
import { type OpenedSession, openSession } from "./open_session.ts";
import { guardOutput } from "./output_guard.ts";
import type { Run } from "./run.ts";
import { type ProcessSettings, type ResolvedSettings, resolveSettings } from "./settings.ts";

/** What every command that writes into a session needs. */
export interface RunOptions extends WorkOptions {
  readonly folder: FolderSource;
  /** Takes `processing/` and `exports/`; usually the session folder itself. */
  readonly output: FolderSink;
  readonly kernel: Kernel;
  readonly sha256: StartSha256;
  /** Version of the toolkit, for the provenance. */
  readonly version: string;
  readonly settings?: ProcessSettings;
  /** Decodes sound and pictures of videos, which then tie clocks too. @default {none: videos are not decoded} */
  readonly decoder?: MediaDecoder | undefined;
}

/** Whether a run writes exports, which then must fit its settings. */
interface RunKind {
  readonly exports: boolean;
}

/** Opens a session and the journal of its output folder, so that finished steps are not done again. */
export async function startRun(options: RunOptions, kind: RunKind): Promise<Run> {
  const opened = await openSession(options.folder, options);
  const { folder, session, config, issues } = opened;
  const settings = resolveSettings(options.settings ?? {}, config, session);
  const { kernel, version, signal, progress, decoder } = options;
  const output = guardOutput(options.output);
  const hands = kind.exports ? await handStreams(output, session) : [];
  const key = journalKey(options, opened, settings, hands);
  const { exports: _exports, ...alone } = key;
  const journal = await Journal.open(output, kind.exports ? key : alone);
  // An output that cannot be written should fail now, not after everything was read.
  await journal.save();
  await removeLeftovers(output, session);
  return {
    folder,
    output,
    kernel,
    journal,
    session,
    config,
    settings,
    issues,
    version,
    signal,
    progress,
    decoder,
    hands,
  };
}

/** The key tells runs apart: other inputs or version start anew, other settings keep what was read. */
function journalKey(
  { sha256, version, decoder }: RunOptions,
  { session, config }: OpenedSession,
  settings: ResolvedSettings,
  hands: readonly HandStream[],
): JournalKey {
  const files = session.files.filter(({ role }) => role !== "output").map((file) =>
    `${file.path} ${file.size} ${file.modifiedNs}`
  );
  const hashOf = (...parts: readonly string[]) => {
    const hash = sha256();
    hash.update(new TextEncoder().encode(parts.join("\n")));
    return hash.hex();
  };
  // Formats are left out: files that another choice of them has written are as valid as new ones.
  const { formats: _formats, gridRateHz, compressMat, streams, ...clocks } = settings;
  return {
    inputs: hashOf(version, JSON.stringify(config), ...files),
    clocks: hashOf(textOf(clocks), ...(decoder === undefined ? [] : [decoder.name])),
    exports: hashOf(
      textOf({ gridRateHz, compressMat, streams }),
      ...hands.map(({ stream, key }) => `${stream.id} ${key}`),
    ),
  };
}

/** JSON that keeps integers of 64 bits and the infinite. */
function textOf(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) => typeof item === "bigint" || item === Infinity ? String(item) : item,
  );
}

/** Files below the output folders that a sink has not committed. */
const LEFTOVER_REGEXP = /^(processing|exports)\/.*\.partial$/;

/** Deletes what a run that was killed had begun to write; the steps write it again. */
async function removeLeftovers(output: FolderSink, { files }: Session): Promise<void> {
  for (const { path } of files) {
    if (LEFTOVER_REGEXP.test(path)) await output.remove(path);
  }
}
