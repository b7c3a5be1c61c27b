import { AlignedStore } from "./aligned_store.ts";
import { type Run, storePath } from "./run.ts";
import type { StreamScan } from "./scan.ts";

/** Runs work with the aligned samples of all streams open, and closes them whatever happens. */
export async function withStores<Result>(
  run: Run,
  scans: readonly StreamScan[],
  work: (stores: readonly AlignedStore[]) => Promise<Result>,
): Promise<Result> {
  const stores: AlignedStore[] = [];
  try {
    for (const scan of scans) {
      const source = await run.output.open(storePath(scan));
      if (source === undefined) throw new Error(`Aligned samples of ${scan.schema.id} are missing`);
      stores.push(await AlignedStore.open(source, scan.schema));
    }
    return await work(stores);
  } finally {
    for (const store of stores) await store.close();
  }
}
