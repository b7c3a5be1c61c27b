import { MISSING_NS } from "../../base/mod.ts";
import type { AppliedTimes } from "../../clock/mod.ts";
import type { HandRecord } from "../../hands/mod.ts";

/** Times of pictures, as recorded and as placed on the reference clock. */
export interface FrameTimes extends AppliedTimes {
  /** On the clock of the recording; `MISSING_NS` where not known. */
  readonly times: BigInt64Array;
}

/** Says when pictures were taken. Asked for pictures in their order. */
export interface FramePlacer {
  place(records: readonly Pick<HandRecord, "frame" | "timeNs">[]): Promise<FrameTimes>;
  /** Releases what it reads. */
  close(): Promise<void>;
}

/** Takes the times of a recording as they are: of a recording that stands alone. */
export const OWN_TIMES: FramePlacer = {
  place(records) {
    const times = BigInt64Array.from(records, ({ timeNs }) => timeNs ?? MISSING_NS);
    const sigmas = Float64Array.from(times, (time) => time === MISSING_NS ? NaN : 0);
    return Promise.resolve({ times, referenceTimes: times, sigmas });
  },
  close: () => Promise.resolve(),
};

/** Consecutive pictures of a stream with their times. */
export interface PlacedRows extends FrameTimes {
  readonly firstRow: number;
}

/**
 * Finds the times of pictures in those of the stream of their recording, whose rows are its pictures.
 * Pictures that the stream does not list have no time on the reference clock.
 *
 * @param rows The rows of the stream from the first on; read only as far as they are needed.
 */
export function rowTimes(rows: AsyncIterable<PlacedRows>): FramePlacer {
  const walk = rows[Symbol.asyncIterator]();
  let current: PlacedRows | undefined;
  /** Index of a picture within the current rows, which are walked on to it. */
  const reach = async (frame: number): Promise<number | undefined> => {
    while (current === undefined || frame >= current.firstRow + current.times.length) {
      const next = await walk.next();
      if (next.done) return undefined;
      current = next.value;
    }
    return frame - current.firstRow;
  };
  return {
    async place(records) {
      const times = BigInt64Array.from(records, ({ timeNs }) => timeNs ?? MISSING_NS);
      const referenceTimes = new BigInt64Array(records.length).fill(MISSING_NS);
      const sigmas = new Float64Array(records.length).fill(NaN);
      for (const [index, { frame }] of records.entries()) {
        const row = await reach(frame);
        if (row === undefined) break;
        times[index] = current!.times[row]!;
        referenceTimes[index] = current!.referenceTimes[row]!;
        sigmas[index] = current!.sigmas[row]!;
      }
      return { times, referenceTimes, sigmas };
    },
    async close() {
      await walk.return?.();
    },
  };
}
