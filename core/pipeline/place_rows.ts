import type { WorkOptions } from "../base/mod.ts";
import {
  type ClockModel,
  type ClockSegment,
  JumpSurvey,
  offsetAt,
  type StampJumps,
} from "../clock/mod.ts";
import type { SessionFit } from "./fit.ts";
import type { StepMemory } from "./memory.ts";
import type { OpenStreamOptions } from "./open_stream.ts";
import { readAgain } from "./read_again.ts";
import type { StreamScan } from "./scan.ts";

/** What {@linkcode placeRows} needs. */
export interface PlaceRowsOptions extends WorkOptions, Omit<OpenStreamOptions, "report"> {
  readonly memory: StepMemory;
}

/** A jump and a step are the same when they differ by less than this share of the step. */
const SAME = 0.5;

/**
 * Finds out at which of its samples each stretch of a clock begins, for streams that show it only by their stamps.
 *
 * A clock that was set back shows the same times twice. Streams whose pairs or probes the fit saw know their rows; of the
 * others that run on such a clock the stamps are read once more, for the places where they jump by as much as
 * the clock was set. A stream in which the jumps are not found is divided by time.
 */
export async function placeRows(
  fit: SessionFit,
  scans: readonly StreamScan[],
  options: PlaceRowsOptions,
): Promise<SessionFit> {
  const models = new Map(fit.models);
  for (const scan of scans) {
    const model = models.get(scan.schema.clock.id);
    if (model === undefined || !isAmbiguous(model, scan)) continue;
    const jumps = await options.memory.recall(
      `jumps ${scan.schema.id} ${scan.stream.path}`,
      () => jumpsOf(scan, options),
    );
    models.set(model.clock.id, withRows(model, scan.schema.id, jumps));
  }
  return { ...fit, models, used: fit.used.map((model) => models.get(model.clock.id) ?? model) };
}

/** Whether stamps of the stream may lie in two stretches of its clock, and its rows are not known. */
function isAmbiguous({ segments }: ClockModel, { schema, sampling }: StreamScan): boolean {
  return segments.length > 1 && sampling.backwards > 0 &&
    segments.some(({ firstRows }) => firstRows[schema.id] === undefined);
}

async function jumpsOf(scan: StreamScan, options: PlaceRowsOptions): Promise<StampJumps> {
  const survey = new JumpSurvey(options.kernel);
  try {
    for await (const batch of readAgain(scan, options)) {
      options.progress?.({
        task: `Find where ${scan.schema.id} was set`,
        done: batch.firstRow,
        total: scan.table.rows,
        unit: "rows",
      });
      survey.add(batch.times);
    }
    return survey.get();
  } finally {
    survey.dispose();
  }
}

/** The model with the first rows of a stream, where its stamps show every step. */
export function withRows(model: ClockModel, streamId: string, jumps: StampJumps): ClockModel {
  const rows = [0];
  for (const [index, after] of model.segments.slice(1).entries()) {
    const row = rowOf(model.segments[index]!, after, jumps, rows.at(-1)!);
    if (row === undefined) return model;
    rows.push(row);
  }
  return {
    ...model,
    segments: model.segments.map((segment, index) => ({
      ...segment,
      firstRows: { ...segment.firstRows, [streamId]: rows[index]! },
    })),
  };
}

/** The row after the last one given at which the stamps jump by what the clock was set, nearest to where it was. */
function rowOf(
  before: ClockSegment,
  after: ClockSegment,
  { rows, deviceNs, sizesNs }: StampJumps,
  last: number,
): number | undefined {
  const change = Number(
    offsetAt(after, after.fromNs).offsetNs - offsetAt(before, before.toNs).offsetNs,
  );
  let best: number | undefined;
  let least = Infinity;
  for (const [index, row] of rows.entries()) {
    const off = Math.abs(Number(sizesNs[index]!) + change);
    if (row <= last || off > SAME * Math.abs(change)) continue;
    const distance = Math.abs(Number(deviceNs[index]! - after.fromNs)) + off;
    if (distance < least) [best, least] = [row, distance];
  }
  return best;
}
