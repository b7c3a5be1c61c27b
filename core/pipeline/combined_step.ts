import {
  type ColumnSpec,
  createIssue,
  type StreamSchema,
  throwIfCancelled,
  type TimeSpan,
} from "../base/mod.ts";
import { type GridColumn, gridColumnName, GridCsvExporter } from "../exporters/mod.ts";
import {
  createGrid,
  type Grid,
  GridSampler,
  type GridSamples,
  joinGrids,
} from "../timeline/mod.ts";
import type { AlignedStore } from "./aligned_store.ts";
import { writeText } from "./journal.ts";
import { union } from "./reference.ts";
import type { FittedSession, Run, StepResult } from "./run.ts";
import { withStores } from "./stores.ts";
import { spanOnReference } from "./validate_step.ts";

const PATH = "exports/csv/combined.csv";
const DESCRIPTION_PATH = "exports/csv/combined.json";

/** A table of a healthy session has fewer ticks for each sample than this; one wrong time can make it endless. */
const MOST_TICKS_PER_SAMPLE = 10;
/** Tables up to this length are written whatever the session holds. */
const FREE_TICKS = 1e6;

/** Writes all streams of samples side by side on a common grid. */
export async function writeCombined(run: Run, fitted: FittedSession): Promise<StepResult> {
  const scans = fitted.scans.filter(({ stream }) => stream.kind !== "events");
  const spans = scans.map((scan) => spanOnReference(run.kernel, scan, fitted));
  const span = spans.reduce(union, undefined);
  if (span === undefined) return { written: [], issues: [] };
  const grid = gridOf(run, span);
  const samples = scans.reduce((sum, { sampling }) => sum + sampling.count, 0);
  if (grid.count > FREE_TICKS + MOST_TICKS_PER_SAMPLE * samples) {
    const params = { rows: grid.count, samples };
    return { written: [], issues: [createIssue("GRID_TOO_LARGE", params, { path: PATH })] };
  }
  const placed = scans.filter((_, index) => spans[index] !== undefined);
  return await withStores(run, placed, (stores) => writeTable(run, fitted, grid, stores));
}

/** Ticks at whole multiples of the period from the first whole second, so that tables of sessions agree. */
function gridOf({ settings }: Run, { startNs, endNs }: TimeSpan): Grid {
  const second = 1_000_000_000n;
  const whole = startNs - ((startNs % second) + second) % second;
  return createGrid({ startNs: whole, endNs, rateHz: settings.gridRateHz });
}

async function writeTable(
  run: Run,
  fitted: FittedSession,
  grid: Grid,
  stores: readonly AlignedStore[],
): Promise<StepResult> {
  const sink = await run.output.create(PATH);
  const columns = stores.flatMap(({ schema }) => gridColumns(schema));
  const exporter = new GridCsvExporter(run.kernel, sink, columns, { originNs: fitted.originNs });
  try {
    for await (
      const ticks of joinGrids(stores.map((store) => sampleStore(run, fitted, grid, store)))
    ) {
      throwIfCancelled(run.signal);
      const done = ticks.firstTick;
      run.progress?.({ task: "Write combined table", done, total: grid.count, unit: "rows" });
      await exporter.write(ticks);
    }
    await exporter.finish();
    const table = { path: PATH, size: sink.position };
    const description = await writeText(
      run.output,
      DESCRIPTION_PATH,
      describe(run, fitted, stores),
    );
    return { written: [table, description], issues: [] };
  } finally {
    await exporter.abort();
  }
}

/** Times would only repeat the time of the tick; text is kept in the file of its stream. */
function isTabled({ kind, unit }: ColumnSpec): boolean {
  return kind !== "text" && unit !== "ns";
}

function gridColumns(schema: StreamSchema): GridColumn[] {
  const values = schema.columns.filter(isTabled)
    .map(({ name, kind }) => ({ name: gridColumnName(schema, name), kind }));
  return [...values, { name: gridColumnName(schema, "sigma_s"), kind: "f64" }];
}

/** The columns of a stream at the ticks, and behind them the uncertainty of their time in seconds. */
async function* sampleStore(
  run: Run,
  { scans }: FittedSession,
  grid: Grid,
  store: AlignedStore,
): AsyncGenerator<GridSamples> {
  const { columns, id } = store.schema;
  const rateHz = scans.find(({ schema }) => schema.id === id)?.sampling.rateHz;
  const tabled = [...columns.keys()].filter((index) => isTabled(columns[index]!));
  const schema = { ...store.schema, columns: columns.filter(isTabled) };
  const sampler = new GridSampler(run.kernel, { grid, schema, rateHz });
  try {
    for await (const batch of store.batches(tabled, run.signal)) {
      for (const samples of sampler.push(batch)) yield withSigma(samples);
    }
    for (const samples of sampler.end()) yield withSigma(samples);
  } finally {
    sampler.dispose();
  }
}

function withSigma(samples: GridSamples): GridSamples {
  return { ...samples, columns: [...samples.columns, samples.sigmas.map((sigma) => sigma / 1e9)] };
}

function describe(
  { settings }: Run,
  { referenceClock, originNs }: FittedSession,
  stores: readonly AlignedStore[],
): string {
  const columns = stores.flatMap(({ schema }) => [
    ...schema.columns.filter(isTabled).map((spec) => ({
      name: gridColumnName(schema, spec.name),
      ...(spec.unit === undefined ? {} : { unit: spec.unit }),
    })),
    { name: gridColumnName(schema, "sigma_s"), unit: "s" },
  ]);
  const description = {
    reference_clock: referenceClock.id,
    session_start_ns: String(originNs),
    rate_hz: settings.gridRateHz,
    columns,
  };
  return `${JSON.stringify(description, null, 2)}\n`;
}
