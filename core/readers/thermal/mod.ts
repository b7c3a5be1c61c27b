/**
 * Thermal recordings of the phone: frame times, frame statistics and pictures.
 *
 * @module
 */
export { openThermal, type ThermalFrame, type ThermalOptions, type ThermalReader } from "./open.ts";
