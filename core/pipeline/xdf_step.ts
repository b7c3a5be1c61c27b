import { type AlignedBatch, MISSING_NS, throwIfCancelled } from "../base/mod.ts";
import { XdfWriter } from "../exporters/mod.ts";
import type { AlignedStore } from "./aligned_store.ts";
import { fileNameOf } from "./memory.ts";
import type { FittedSession, Run, StepResult } from "./run.ts";
import { largestSigma } from "./stamp_sigma.ts";
import { withStores } from "./stores.ts";

/** A stream on its way into the file. */
interface Feed {
  readonly id: string;
  readonly batches: AsyncIterator<AlignedBatch>;
  next: IteratorResult<AlignedBatch>;
}

/** Writes `exports/xdf/<session>.xdf`: all streams, chunk by chunk in the order of their times. */
export async function writeXdf(run: Run, fitted: FittedSession): Promise<StepResult> {
  const { session, kernel, output } = run;
  const path = `exports/xdf/${fileNameOf(session.id)}.xdf`;
  return await withStores(run, fitted.scans, async (stores) => {
    const sink = await output.create(path);
    const writer = new XdfWriter(kernel, sink, {
      reference: fitted.referenceClock,
      startNs: fitted.originNs,
      sessionId: session.id,
    });
    try {
      for (const scan of fitted.scans) {
        await writer.addStream(scan.schema, {
          type: scan.stream.kind,
          effectiveRateHz: scan.sampling.rateHz,
          largestSigmaNs: largestSigma(
            scan,
            fitted.models.get(scan.schema.clock.id),
            fitted.lattices.get(scan.schema.id),
          ),
        });
      }
      await pour(run, stores, writer);
      const issues = (await writer.finish()).map((issue) => ({ ...issue, where: { path } }));
      return { written: [{ path, size: sink.position }], issues };
    } finally {
      // Does nothing to a file that is finished.
      await writer.abort();
    }
  });
}

/** Takes the batch that begins first, again and again. */
async function pour(run: Run, stores: readonly AlignedStore[], writer: XdfWriter): Promise<void> {
  const feeds: Feed[] = [];
  for (const store of stores) {
    const batches = store.batches(store.schema.columns.map((_, index) => index), run.signal);
    feeds.push({ id: store.schema.id, batches, next: await batches.next() });
  }
  for (;;) {
    throwIfCancelled(run.signal);
    const first = earliest(feeds);
    if (first === undefined || first.next.done) return;
    await writer.write(first.id, first.next.value);
    first.next = await first.batches.next();
  }
}

function earliest(feeds: readonly Feed[]): Feed | undefined {
  let best: Feed | undefined;
  let least = 0n;
  for (const feed of feeds) {
    if (feed.next.done) continue;
    const start = feed.next.value.referenceTimes[0] ?? MISSING_NS;
    if (best === undefined || start < least) [best, least] = [feed, start];
  }
  return best;
}
