/**
 * Hands as tables: one row for each hand, or one for each picture.
 *
 * @module
 */
export { HAND_COLUMNS, handRows } from "./hand_table.ts";
export { LANDMARK_NAMES } from "./landmark_names.ts";
export { signalColumns, SignalTable } from "./signal_table.ts";
