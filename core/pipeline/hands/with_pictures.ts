import { createIssue, type FrameSource, reasonOf, throwIfCancelled } from "../../base/mod.ts";
import type { Stream } from "../../session/mod.ts";
import { hashRecording, type InputRecord } from "../inputs.ts";
import type { HandsSessionOptions, OpenFramesOptions } from "./hands_session.ts";

/** Pictures of a recording, and what they were read from. */
export interface OpenedPictures {
  readonly source: FrameSource;
  readonly input: InputRecord;
}

/**
 * Opens the pictures of a recording for some work and closes them afterwards. Undefined when the recording cannot be
 * read, which is reported; what the work throws is thrown.
 */
export async function withPictures<Result>(
  recording: Pick<Stream, "path" | "format" | "device" | "name">,
  options: Pick<HandsSessionOptions, "openFrames" | "sha256"> & OpenFramesOptions,
  work: (opened: OpenedPictures) => Promise<Result>,
): Promise<Result | undefined> {
  const { path } = recording;
  let source: FrameSource | undefined;
  try {
    const input = await hashRecording(options.folder, path, options);
    source = await options.openFrames(recording, options);
    return source && await work({ source, input });
  } catch (error) {
    throwIfCancelled(options.signal);
    if (source !== undefined) throw error;
    options.report(createIssue("FILE_UNREADABLE", { reason: reasonOf(error) }, { path }));
    return undefined;
  } finally {
    await source?.close();
  }
}
