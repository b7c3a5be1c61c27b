import type { FolderSource, ReportIssue, StreamReader } from "../base/mod.ts";
import { openCsv, openMp4 } from "../readers/mod.ts";
import type { Session, Stream } from "../session/mod.ts";
import type { ProjectConfig } from "../validation/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";
import { eventReaders } from "./event_stream.ts";

/** What {@linkcode openStream} needs. */
export interface OpenStreamOptions {
  readonly folder: FolderSource;
  readonly kernel: Kernel;
  readonly session: Session;
  readonly config: ProjectConfig;
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens the streams of one file of a session. Rejects when the file cannot be opened. */
export async function openStream(
  stream: Stream,
  options: OpenStreamOptions,
): Promise<StreamReader[]> {
  if (stream.format === "events") return eventReaders(stream, options.session.events);
  const source = await options.folder.open(stream.path);
  const { start, end } = options.session;
  const common = {
    kernel: options.kernel,
    path: stream.path,
    device: stream.device,
    name: stream.name,
    report: options.report,
    signal: options.signal,
    ...(start === undefined ? {} : {
      sessionWindow: { startNs: start.ns, endNs: end?.ns ?? start.ns },
    }),
  };
  try {
    if (stream.format === "mp4") return await openMp4(source, common);
    return await openCsv(source, common);
  } catch (error) {
    await source.close();
    throw error;
  }
}
