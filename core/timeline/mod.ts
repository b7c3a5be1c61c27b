/**
 * The common time axis: as-of joins, resampling, and streams side by side on a grid.
 *
 * @module
 */
export type { ResampleMethod } from "../../wasm/mod.ts";
export { asofJoin, type AsofMatches, type AsofOptions } from "./asof.ts";
export { createGrid, type Grid, type GridOptions, readTicks } from "./grid.ts";
export { type JoinedTicks, joinGrids } from "./grid_joiner.ts";
export {
  GridSampler,
  type GridSamplerOptions,
  type GridSamples,
  methodOf,
} from "./grid_sampler.ts";
export { resample, type ResampleOptions } from "./resample.ts";
