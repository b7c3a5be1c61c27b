import { type ColumnBatch, MISSING_NS } from "../base/mod.ts";
import type { AppliedTimes } from "../clock/mod.ts";
import { type PlacedRows, rowTimes } from "./hands/frame_times.ts";
import { readAgain } from "./read_again.ts";
import type { FittedSession, Run } from "./run.ts";
import type { StreamScan } from "./scan.ts";
import { StreamPlacer } from "./stream_placer.ts";

/** Places the batches of a stream on the reference clock, in their order. */
export interface RowPlacer {
  place(batch: ColumnBatch): AppliedTimes | Promise<AppliedTimes>;
  /** Gives back what it holds. */
  close(): Promise<void>;
}

/** Places a stream: by its own stamps, or by the rows of its recording where it was made of one. */
export function rowPlacer(
  run: Run,
  models: FittedSession["models"],
  scan: StreamScan,
): RowPlacer {
  return scan.recording === undefined
    ? ownPlacer(run, models, scan)
    : recordingPlacer(placedRows(run, models, scan.recording));
}

function ownPlacer(run: Run, models: FittedSession["models"], scan: StreamScan): RowPlacer {
  const placer = new StreamPlacer(run, scan, models.get(scan.schema.clock.id)!);
  return {
    place: ({ times, firstRow }) => placer.place(times, firstRow),
    close: () => Promise.resolve(placer.dispose()),
  };
}

/** The first column names the rows of the recording, whose times are taken as they are: to the last bit. */
function recordingPlacer(rows: AsyncIterable<PlacedRows>): RowPlacer {
  const placer = rowTimes(rows);
  return {
    place({ times, columns }) {
      const frames = Array.from(columns[0]!, Number);
      return placer.place(frames.map((frame, row) => {
        const timeNs = times[row]!;
        return { frame, timeNs: timeNs === MISSING_NS ? undefined : timeNs };
      }));
    },
    close: () => placer.close(),
  };
}

/** Reads the times of a stream once more, each with its place on the reference clock. */
export async function* placedRows(
  run: Run,
  models: FittedSession["models"],
  scan: StreamScan,
): AsyncGenerator<PlacedRows> {
  const placer = new StreamPlacer(run, scan, models.get(scan.schema.clock.id)!);
  try {
    for await (const { times, firstRow } of readAgain(scan, run)) {
      yield { firstRow, times, ...placer.place(times, firstRow) };
    }
  } finally {
    placer.dispose();
  }
}
