/**
 * What a person reads about a processed session.
 *
 * @module
 */
export { type ReportedStream, type ReportInput, sessionReport } from "./markdown.ts";
