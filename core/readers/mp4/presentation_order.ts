import { type Sample, SampleBlock } from "./sample_block.ts";

/** Samples that may wait for one that is shown before them; codecs allow no more than 16. */
const MAX_WAITING = 4096;

/** A sample with its position in decoding order. */
interface Waiting extends Sample {
  readonly index: number;
}

/**
 * Brings samples into the order in which they are shown; equal times stay in decoding order.
 *
 * @param blocks In decoding order.
 * @param minOffset Least of all offsets from decoding to presentation, in ticks: no later sample is
 * shown before its decoding time plus this, so that nothing has to wait longer.
 */
export async function* presentationOrder(
  blocks: AsyncIterable<SampleBlock>,
  minOffset: number,
): AsyncGenerator<SampleBlock> {
  const waiting: Waiting[] = [];
  const out = new SampleBlock();
  for await (const block of blocks) {
    for (let at = 0; at < block.length; at++) {
      const bound = block.dts[at]! + minOffset;
      let ready = 0;
      while (ready < waiting.length && waiting[ready]!.pts <= bound) ready++;
      if (waiting.length - ready >= MAX_WAITING) ready++;
      yield* release(waiting, ready, out);
      insert(waiting, sampleAt(block, at));
    }
  }
  yield* release(waiting, waiting.length, out);
  if (out.length > 0) yield out;
}

/** Moves the first `count` samples that wait to the block, and hands it out whenever it is full. */
function* release(waiting: Waiting[], count: number, out: SampleBlock): Generator<SampleBlock> {
  for (const sample of waiting.splice(0, count)) {
    out.push(sample, sample.index);
    if (!out.full) continue;
    yield out;
    out.length = 0;
  }
}

function insert(waiting: Waiting[], sample: Waiting): void {
  let at = waiting.length;
  while (at > 0 && waiting[at - 1]!.pts > sample.pts) at--;
  waiting.splice(at, 0, sample);
}

function sampleAt(block: SampleBlock, at: number): Waiting {
  return {
    index: block.indices[at]!,
    pts: block.pts[at]!,
    dts: block.dts[at]!,
    duration: block.durations[at]!,
    size: block.sizes[at]!,
    offset: block.offsets[at]!,
    sync: block.syncs[at]!,
    available: block.available[at]!,
  };
}
