/**
 * Event logs, sync markers, stored clock offsets and calibration results.
 *
 * @module
 */
export type { LogContents } from "./contents.ts";
export { readLogs, type ReadLogsOptions } from "./read_logs.ts";
