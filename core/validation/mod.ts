/**
 * The rules that a recorded session is held against: facts gathered in one pass, small pure checks over them,
 * and the project's own say in what matters.
 *
 * @module
 */
export type { Check, CheckContext, UtcOffset, ValidationInput } from "./check.ts";
export { CHECKS } from "./checks/mod.ts";
export {
  type ClockSetting,
  type ColumnUnitSetting,
  type ExpectedRate,
  type ExportSetting,
  parseConfig,
  type ParsedConfig,
  type ProjectConfig,
  type RangeSetting,
  type RuleSetting,
  type TimeColumnSetting,
} from "./config.ts";
export { CONFIG_SCHEMA } from "./config_schema.ts";
export { matchesGlob } from "./glob.ts";
export { gradeIssues, groupIssues, type IssueSummary } from "./grade.ts";
export type { JsonSchema } from "./json_schema.ts";
export { plausibleRange, type Quantity, quantityOf } from "./quantities.ts";
export type {
  AccelerationStatistics,
  ColumnStatistics,
  SamplingFacts,
  StreamReport,
  TableStatistics,
  VideoFacts,
} from "./report.ts";
export { ColumnAccumulator, type ColumnAccumulatorOptions } from "./statistics.ts";
export { type ValidateOptions, validateSession } from "./validate.ts";
