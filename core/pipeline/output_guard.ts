import { type ByteSink, createIssue, type FolderSink, IssueError, reasonOf } from "../base/mod.ts";

/** An output folder whose failures say which file could not be written and what to do about it. */
export function guardOutput(output: FolderSink): FolderSink {
  return {
    create: async (path) => guardSink(path, await guarded(path, () => output.create(path))),
    open: (path) => output.open(path),
    remove: (path) => guarded(path, () => output.remove(path)),
  };
}

function guardSink(path: string, sink: ByteSink): ByteSink {
  return {
    get position() {
      return sink.position;
    },
    write: (bytes) => guarded(path, () => sink.write(bytes)),
    writeAt: (offset, bytes) => guarded(path, () => sink.writeAt(offset, bytes)),
    commit: () => guarded(path, () => sink.commit()),
    abort: () => sink.abort(),
  };
}

async function guarded<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new IssueError(createIssue("OUTPUT_FAILED", { reason: reasonOf(error) }, { path }));
  }
}
