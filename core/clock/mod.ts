/**
 * Clock evidence, clock models and their application.
 *
 * @module
 */
export * from "./model.ts";
