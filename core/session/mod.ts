/**
 * The model of a recorded session folder.
 *
 * @module
 */
export * from "./model.ts";
