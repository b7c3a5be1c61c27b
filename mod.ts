/**
 * session-process turns recorded multi-sensor sessions into validated, time-aligned data.
 *
 * @module
 */
export * from "./core/base/mod.ts";
