/**
 * MAT-files of level 5, written as a stream.
 *
 * @module
 */
export { matData } from "./data.ts";
export { matFieldName } from "./names.ts";
export type { ByteTransform } from "./output.ts";
export {
  type AlignedColumns,
  type AlignedPart,
  type MatSession,
  matSession,
  type MatSessionStream,
} from "./session_struct.ts";
export { MatTextSizer } from "./text.ts";
export type {
  MatCell,
  MatChunk,
  MatColumn,
  MatColumnClass,
  MatFields,
  MatLogical,
  MatMatrix,
  MatStruct,
  MatStructArray,
  MatTextColumn,
  MatValue,
} from "./values.ts";
export {
  MAT_LIMIT_BYTES,
  writeMat,
  type WriteMatOptions,
  type WriteMatResult,
} from "./write_mat.ts";
