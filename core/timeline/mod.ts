/**
 * The common time axis: as-of joins, resampling, and streams side by side on a grid.
 *
 * @module
 */
export type { GridMethod, ResampleMethod } from "../../wasm/mod.ts";
export { asofJoin } from "./asof.ts";
export type { AsofMatches, AsofOptions, Label, Matches, MatchOptions } from "./asof_options.ts";
export { AsofJoiner, type AsofJoinerOptions, type AsofPart } from "./asof_joiner.ts";
export { createGrid, type Grid, type GridOptions, readTicks } from "./grid.ts";
export { type JoinedTicks, joinGrids } from "./grid_joiner.ts";
export {
  GridSampler,
  type GridSamplerOptions,
  type GridSamples,
  methodOf,
} from "./grid_sampler.ts";
export { type CurveOptions, resample, type ResampleOptions } from "./resample.ts";
export { Resampler, type ResamplerOptions } from "./resampler.ts";
