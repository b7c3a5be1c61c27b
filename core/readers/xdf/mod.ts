/**
 * XDF recordings of the lab streaming layer.
 *
 * @module
 */
export { type XdfChannel, type XdfStreamInfo } from "./info.ts";
export { type LoadedXdfStream, loadXdf, type XdfValues } from "./load.ts";
export {
  openXdf,
  type XdfBatch,
  type XdfOptions,
  type XdfReader,
  type XdfReaders,
} from "./open.ts";
export type { XdfClockOffsets } from "./survey.ts";
export { parseXml, type XmlElement } from "./xml.ts";
