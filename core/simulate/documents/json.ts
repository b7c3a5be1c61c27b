import type { FolderSink } from "../../base/mod.ts";

/** Writes a small text file. */
export async function writeText(folder: FolderSink, path: string, text: string): Promise<void> {
  const sink = await folder.create(path);
  await sink.write(new TextEncoder().encode(text));
  await sink.commit();
}

/** Writes a JSON file with an indent of two, as the recorder does. */
export async function writeJson(folder: FolderSink, path: string, value: unknown): Promise<void> {
  await writeText(folder, path, JSON.stringify(value, null, 2));
}
