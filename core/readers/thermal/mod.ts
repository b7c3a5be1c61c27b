/**
 * Thermal recordings of the phone: frame times, frame statistics and pictures.
 *
 * @module
 */
export {
  openThermalFrames,
  type ThermalFramesOptions,
  type ThermalFrameSource,
} from "./frame_source.ts";
export { openThermal, type ThermalFrame, type ThermalOptions, type ThermalReader } from "./open.ts";
