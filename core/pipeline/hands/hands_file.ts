import { type ClockRef, IssueLog } from "../../base/mod.ts";
import { fileNameOf } from "../memory.ts";
import { guardOutput } from "../output_guard.ts";
import { OWN_TIMES } from "./frame_times.ts";
import {
  handPlaces,
  handsOfRecording,
  type RecordingHands,
  unreported,
} from "./hands_of_recording.ts";
import { type HandsOutcome, type HandsSessionOptions, hasLostPictures } from "./hands_session.ts";
import { type OpenedPictures, withPictures } from "./with_pictures.ts";

/** What {@linkcode handsFile} needs. */
export interface HandsFileOptions extends Omit<HandsSessionOptions, "settings" | "decoder"> {
  /** Path of the recording in the folder; empty for the images of the folder itself. */
  readonly path: string;
}

/**
 * Finds the hands in one recording that stands alone, on its own clock: zero is where the file begins.
 *
 * Rejects with `CancelledError` when the signal is aborted; the next call with the same choices goes on at the
 * frame where it stopped.
 *
 * @example
 * ```ts
 * import { handsFile, Kernel, memoryFolder, MemoryFolderSink, openHandEngine } from "session-process";
 * import { sha256 } from "session-process/runtime";
 * import assert from "node:assert/strict";
 *
 * const kernel = new Kernel();
 * const { loss } = await handsFile({
 *   folder: memoryFolder("clips", { "clip.mp4": "no video" }),
 *   path: "clip.mp4",
 *   output: new MemoryFolderSink(),
 *   kernel,
 *   sha256,
 *   version: "1.0.0",
 *   openEngine: () => openHandEngine({ kernel, method: "color_based" }),
 *   // Videos are opened by openVideo, with the decoders of session-process/video.
 *   openFrames: () => Promise.resolve(undefined),
 * });
 * assert.equal(loss, true);
 * ```
 */
export async function handsFile(options: HandsFileOptions): Promise<HandsOutcome> {
  const name = options.path || options.folder.name;
  const issues = new IssueLog();
  const found = await search(options, issues);
  for (const issue of found === undefined ? [] : unreported(found)) issues.report(issue);
  return {
    name,
    recordings: new Map(found === undefined ? [] : [[name, found.metadata]]),
    issues: issues.issues(),
    written: found?.written ?? [],
    loss: found === undefined || hasLostPictures(issues),
  };
}

/** Undefined when the recording cannot be read, which is reported. */
async function search(
  options: HandsFileOptions,
  issues: IssueLog,
): Promise<RecordingHands | undefined> {
  const { folder, path } = options;
  const name = stemOf(path || folder.name);
  return await withPictures(
    { path, device: "recording", name, format: "mp4" },
    { ...options, report: issues.report },
    (opened) => searchSource(options, opened),
  );
}

async function searchSource(
  options: HandsFileOptions,
  { source, input }: OpenedPictures,
): Promise<RecordingHands> {
  const name = stemOf(options.path || options.folder.name);
  const clock: ClockRef = { id: `${name}/media`, kind: "media" };
  const engine = await options.openEngine();
  try {
    return await handsOfRecording({
      ...options,
      output: guardOutput(options.output),
      name: fileNameOf(name),
      input,
      source,
      engine,
      placer: OWN_TIMES,
      facts: {
        device: "recording",
        name,
        clock,
        referenceClock: clock,
        originNs: 0n,
        maxHands: handPlaces(options, engine),
      },
    });
  } finally {
    await engine.close();
  }
}

/** Name of a file without its folders and its extension. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.replace(/(?<=.)\.[^.]+$/, "");
}
