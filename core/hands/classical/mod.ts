/**
 * Hands by colour and shape alone: what can be done where there is no network.
 *
 * @module
 */
export { type ClassicalOptions, colorMethod, contourMethod } from "./classical_method.ts";
