import type {
  ClockRef,
  FolderSink,
  FolderSource,
  Issue,
  IssueLog,
  MediaDecoder,
  TimeNs,
  WorkOptions,
} from "../base/mod.ts";
import type { ClockModel, LatticeSummary } from "../clock/mod.ts";
import type { ClockSummary } from "../report/mod.ts";
import type { Session } from "../session/mod.ts";
import type { ProjectConfig } from "../validation/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";
import type { HandStream } from "./hands/hand_streams.ts";
import type { InputRecord } from "./inputs.ts";
import { fileNameOf } from "./memory.ts";
import { type Journal, readState, WORK_FOLDER, writeState, type WrittenFile } from "./journal.ts";
import type { StreamScan } from "./scan.ts";
import type { ResolvedSettings } from "./settings.ts";

/** What every step of processing one session works with. */
export interface Run extends WorkOptions {
  readonly folder: FolderSource;
  readonly output: FolderSink;
  readonly kernel: Kernel;
  readonly journal: Journal;
  readonly session: Session;
  readonly config: ProjectConfig;
  readonly settings: ResolvedSettings;
  readonly issues: IssueLog;
  readonly version: string;
  /** Decodes sound and pictures of videos, when there is one. */
  readonly decoder?: MediaDecoder | undefined;
  /** Hands that were found earlier, which are exported like other streams. */
  readonly hands: readonly HandStream[];
}

/** A session whose clocks are known: what the exporting steps need besides the run. */
export interface FittedSession {
  readonly scans: readonly StreamScan[];
  readonly models: ReadonlyMap<string, ClockModel>;
  /** The models of clocks that stamp samples, and of the reference clock. */
  readonly used: readonly ClockModel[];
  /** How each of them runs and how far its times can be trusted. */
  readonly clocks: readonly ClockSummary[];
  readonly inputs: readonly InputRecord[];
  /** The lattice of each regular stream, by its id. */
  readonly lattices: ReadonlyMap<string, LatticeSummary>;
  /** Zero of all relative times: the start of the session on the reference clock. */
  readonly originNs: TimeNs;
  readonly referenceClock: ClockRef;
}

/** What a step that writes files came to. */
export interface StepResult {
  readonly written: readonly WrittenFile[];
  readonly issues: readonly Issue[];
}

/** Runs a step unless it is finished, remembers what it wrote and reports its issues either way. */
export async function runStep(
  run: Run,
  step: string,
  work: () => Promise<StepResult>,
): Promise<void> {
  const path = `${WORK_FOLDER}/state/${fileNameOf(step)}.json`;
  const known = await run.journal.isDone(step) ? await readState(run.output, path) : undefined;
  if (known !== undefined) {
    for (const issue of known as readonly Issue[]) run.issues.report(issue);
    return;
  }
  const { written, issues } = await work();
  const state = await writeState(run.output, path, issues);
  await run.journal.finish(step, [...written, state]);
  for (const issue of issues) run.issues.report(issue);
}

/** Where the aligned samples of a stream wait for the exporters. */
export function storePath({ schema }: StreamScan): string {
  return `${WORK_FOLDER}/aligned/${fileNameOf(schema.id)}`;
}

/** Name of a stream in file names: unique, and safe on every file system. */
export function streamFileName({ schema }: StreamScan): string {
  return `${fileNameOf(schema.device)}.${fileNameOf(schema.name)}`;
}
