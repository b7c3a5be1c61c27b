import {
  type FolderSink,
  type FolderSource,
  type IssueCode,
  ISSUES,
  memoryFolder,
  UsageError,
} from "../../base/mod.ts";
import { sessionIdOf } from "../context.ts";
import { MemoryFolderSink } from "../memory_sink.ts";
import { simulateSession } from "../simulate.ts";
import { basePlan, cleanPlan } from "./bases.ts";
import { AUDIO_FAULTS } from "./audio_faults.ts";
import { CLOCK_FAULTS } from "./clock_faults.ts";
import { EVENT_FAULTS } from "./event_faults.ts";
import type { Fault } from "./fault.ts";
import { FaultFiles } from "./fault_files.ts";
import { FILE_FAULTS } from "./file_faults.ts";
import { METADATA_FAULTS, SESSION_FAULTS } from "./session_faults.ts";
import { TABLE_FAULTS, VALUE_FAULTS } from "./table_faults.ts";
import { TIME_FAULTS } from "./time_faults.ts";
import { THERMAL_FAULTS, VIDEO_FAULTS } from "./video_faults.ts";
import { XDF_FAULTS } from "./xdf_faults.ts";

/** Codes that no recorded data raise by themselves, and why. */
export const WITHOUT_FAULT = {
  VIDEO_PICTURES_DIFFER: "a decoder must be at hand",
  VIDEO_NO_DECODER: "a decoder must be missing",
  VIDEO_CUT_SHORT: "a program must decode it",
  VIDEO_FRAMES_LOST: "a decoder must be at hand",
  VIDEO_FRAMES_UNCERTAIN: "a decoder must fail unnoticed",
  FILE_CHANGED: "a file must change while it is read",
  CHECK_FAILED: "a check itself must be wrong",
  STEP_FAILED: "processing itself must fail",
  OUTPUT_FAILED: "the disk must be full or protected",
  MAT_TOO_LARGE: "it needs 2 GB of data",
  GRID_TOO_LARGE: "it needs a million rows, or a time decades away",
  CLOCK_SET_UNSEEN: "a recording must end before its clocks are compared again",
  XDF_ROWS_LEFT_OUT: "it needs the export to XDF",
  MODEL_MISSING: "networks are no recordings",
  MODEL_HASH_MISMATCH: "networks are no recordings",
  MODEL_UNREADABLE: "networks are no recordings",
  MODEL_UNSUPPORTED: "networks are no recordings",
  MODEL_SHAPE_MISMATCH: "networks are no recordings",
  MODEL_DESCRIPTION_INVALID: "networks are no recordings",
  MODEL_DOWNLOAD_FAILED: "networks are no recordings",
  HANDS_NO_PICTURES: "hands must be looked for",
  HANDS_NO_ENCODER: "hands must be looked for",
  HANDS_NONE_CHOSEN: "hands must be looked for",
  HANDS_NO_MODEL: "hands must be looked for",
  STREAM_SKIPPED: "it follows from other issues of the same file",
} as const satisfies Partial<Record<IssueCode, string>>;

/** An issue code that recorded data can raise and that can be simulated. */
export type FaultCode = Exclude<IssueCode, keyof typeof WITHOUT_FAULT>;

/** How to make each kind of trouble that recorded data can have. */
export const FAULTS: Readonly<Record<FaultCode, Fault>> = {
  ...SESSION_FAULTS,
  ...METADATA_FAULTS,
  ...FILE_FAULTS,
  ...TABLE_FAULTS,
  ...VALUE_FAULTS,
  ...VIDEO_FAULTS,
  ...XDF_FAULTS,
  ...THERMAL_FAULTS,
  ...AUDIO_FAULTS,
  ...EVENT_FAULTS,
  ...TIME_FAULTS,
  ...CLOCK_FAULTS,
};

/** A session with one fault, in memory. */
export interface FaultySession {
  /** Name of the session folder. */
  readonly name: string;
  /** Contents by path. */
  readonly files: Map<string, Uint8Array>;
  /** The session as a folder, with links and other entries that files alone cannot show. */
  readonly folder: FolderSource;
  /** Why it cannot be stored as plain files; absent when it can. */
  readonly memoryOnly?: string;
}

/**
 * Makes a tiny session with one fault, or with none for `"clean"`.
 *
 * @example
 * ```ts
 * import { faultySession } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const { folder } = await faultySession("FOLDER_SYMLINK");
 * const links = [];
 * for await (const entry of folder.list()) if (entry.kind === "symlink") links.push(entry.path);
 * assert.deepEqual(links, ["devices/phone_2"]);
 * ```
 */
export async function faultySession(code: FaultCode | "clean"): Promise<FaultySession> {
  const fault: Fault | undefined = code === "clean" ? undefined : faultOf(code);
  const base = fault === undefined ? cleanPlan() : basePlan(fault.base);
  const plan = fault?.plan?.(base) ?? base;
  const sink = new MemoryFolderSink();
  await simulateSession(plan, sink);
  // Edited files no longer agree with the truth, so tiny sessions go without it.
  sink.files.delete("truth.json");
  const files = new FaultFiles(sink.files);
  fault?.edit?.(files);
  if (fault?.keepSizes !== true) files.correctSizes();
  const name = fault?.folder ?? sessionIdOf(plan);
  return {
    name,
    files: files.files,
    folder: withEntries(memoryFolder(name, Object.fromEntries(files.files)), fault?.entries ?? []),
    ...(fault?.memoryOnly === undefined ? {} : { memoryOnly: fault.memoryOnly }),
  };
}

/**
 * Writes a tiny session with the one fault that raises an issue code.
 *
 * @returns Name that the session folder should have.
 *
 * Throws `UsageError` when the code is not known, cannot be raised by data or needs more than plain files.
 *
 * @example
 * ```ts
 * import { MemoryFolderSink, simulateFault } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const sink = new MemoryFolderSink();
 * assert.equal(await simulateFault("CSV_ROW_SHORT", sink), "session_20250731_143022");
 * assert.ok(sink.files.has("session_metadata.json"));
 * ```
 */
export async function simulateFault(code: string, sink: FolderSink): Promise<string> {
  if (!isFaultCode(code)) throw new UsageError(`Cannot simulate ${code}: ${whyNot(code)}`);
  const { name, files, memoryOnly } = await faultySession(code);
  if (memoryOnly !== undefined) {
    throw new UsageError(`Cannot write a session with ${code}: ${memoryOnly}`);
  }
  for (const [path, bytes] of files) {
    const file = await sink.create(path);
    await file.write(bytes);
    await file.commit();
  }
  return name;
}

/**
 * Whether a text is a code of {@linkcode FAULTS}.
 *
 * @example
 * ```ts
 * import { isFaultCode } from "session-process";
 * import assert from "node:assert/strict";
 *
 * assert.ok(isFaultCode("CSV_ROW_SHORT"));
 * assert.ok(!isFaultCode("STEP_FAILED"));
 * ```
 */
export function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(FAULTS, code);
}

function whyNot(code: string): string {
  if (!Object.hasOwn(ISSUES, code)) return "there is no such issue code";
  const reasons: Partial<Record<string, string>> = WITHOUT_FAULT;
  return reasons[code] ?? "no fault is known that raises it";
}

function faultOf(code: FaultCode): Fault {
  return FAULTS[code];
}

function withEntries(folder: FolderSource, entries: Fault["entries"] = []): FolderSource {
  if (entries.length === 0) return folder;
  return {
    name: folder.name,
    async *list(options) {
      const listed = [...entries];
      for await (const entry of folder.list(options)) listed.push(entry);
      yield* listed.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    open: (path) =>
      entries.some((entry) => entry.path === path)
        ? Promise.reject(new Error(`Cannot open ${path}: it is not a readable file`))
        : folder.open(path),
  };
}
