import { rootSumSquares } from "../base/mod.ts";
import {
  type AppliedTimes,
  ClockApplier,
  type ClockModel,
  Dejitterer,
  DejitterSurvey,
} from "../clock/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";
import type { ResolvedSettings } from "./settings.ts";
import type { StreamScan } from "./scan.ts";
import { stampSigma } from "./stamp_sigma.ts";

/** What {@linkcode StreamPlacer} needs of a run. */
export interface PlacingRun {
  readonly kernel: Kernel;
  readonly settings: Pick<ResolvedSettings, "dejitter">;
}

/**
 * Places the samples of one stream on the reference clock, in the second pass over it.
 *
 * Samples of a regular stream are put on its lattice, so that the jitter of their stamps does not reach their times; what
 * jitter cannot tell, such as the coarseness of stamps and the delay of their link, stays in sigma. Of a
 * stream without a lattice the stamps are taken as they are.
 */
export class StreamPlacer {
  readonly #applier: ClockApplier;
  readonly #dejitterer: Dejitterer | undefined;

  constructor(run: PlacingRun, scan: StreamScan, model: ClockModel) {
    this.#dejitterer = latticeOf(run, scan, model);
    const stampSigmaNs = stampSigma(scan, this.#dejitterer?.summary);
    this.#applier = new ClockApplier(run.kernel, model, { ...scan.schema, stampSigmaNs });
  }

  /** Reference times and standard uncertainties of consecutive samples. */
  place(times: BigInt64Array, firstRow: number): AppliedTimes {
    const applied = this.#applier.apply(times, firstRow);
    if (this.#dejitterer === undefined) return applied;
    const placed = this.#dejitterer.apply(times, firstRow);
    const sigmas = applied.sigmas.map((sigma, row) => rootSumSquares(sigma, placed.sigmas[row]!));
    return { referenceTimes: placed.times, sigmas };
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#applier.dispose();
    this.#dejitterer?.dispose();
  }
}

/** The lattice of a stream, or undefined when it has none or the user wants its stamps as they are. */
function latticeOf(
  run: PlacingRun,
  scan: StreamScan,
  model: ClockModel,
): Dejitterer | undefined {
  const dejitterer = usesLattice(run, model) ? solveLattice(run.kernel, scan, model) : undefined;
  if (dejitterer?.summary.skipped === undefined) return dejitterer;
  dejitterer.dispose();
  return undefined;
}

/** Whether samples on a clock are put on their lattices. */
export function usesLattice({ settings }: PlacingRun, model: ClockModel): boolean {
  if (!settings.dejitter || model.method === "none") return false;
  // The lattice was surveyed on stamps of the device, in which a clock that was set looks like lost or doubled samples.
  return model.segments.length === 1;
}

/** Solves the lattice of a stream whose samples scatter: on the reference clock where its own is placed. */
export function solveLattice(
  kernel: Kernel,
  { lattice, schema }: StreamScan,
  model: ClockModel | undefined,
): Dejitterer | undefined {
  if (lattice === undefined) return undefined;
  if (model === undefined || model.method === "none") return onOwnClock(kernel, lattice);
  const applier = new ClockApplier(kernel, model, { id: schema.id, resolutionNs: 0 });
  const survey = DejitterSurvey.restore(kernel, {}, lattice);
  try {
    return survey.solve({ toReference: ({ times, rows }) => applier.applyAt(times, rows) });
  } finally {
    survey.dispose();
    applier.dispose();
  }
}

function onOwnClock(kernel: Kernel, lattice: Uint8Array): Dejitterer {
  const survey = DejitterSurvey.restore(kernel, {}, lattice);
  try {
    return survey.solve();
  } finally {
    survey.dispose();
  }
}
