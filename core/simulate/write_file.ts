import type { ByteSink, FolderSink } from "../base/mod.ts";

/** Writes a file with a function and commits it; leaves nothing behind when the function fails. */
export async function writeFile(
  folder: FolderSink,
  path: string,
  write: (sink: ByteSink) => Promise<void>,
): Promise<number> {
  const sink = await folder.create(path);
  try {
    await write(sink);
    const bytes = sink.position;
    await sink.commit();
    return bytes;
  } catch (thrown) {
    await sink.abort();
    throw thrown;
  }
}
