/**
 * What a recorded session folder holds: its metadata in every layout, its devices, files and streams.
 *
 * @module
 */
export {
  type EpochUnit,
  epochUnitOf,
  parseAnyTime,
  parseDateTime,
  parseEpoch,
  parseJacksonTime,
  parseTimeOfDay,
  type ReadTime,
  wallNs,
  zoneSeconds,
} from "./date_times.ts";
export { type DiscoverOptions, discoverSession, isSelfContained } from "./discover.ts";
export {
  asList,
  asNumber,
  asObject,
  asText,
  field,
  type JsonReading,
  readJson,
  type ReadJsonOptions,
  textOf,
} from "./json.ts";
export type { JsonObject, JsonValue } from "./json_parser.ts";
export { isKotlinMap, parseKotlinMap } from "./kotlin_map.ts";
export type * from "./model.ts";
export {
  buildFileName,
  buildSessionId,
  compactStamp,
  type FileName,
  type FileNameParts,
  isSessionId,
  type NamedTime,
  parseFileName,
  parseSessionName,
  type SessionIdParts,
  type SessionName,
} from "./names.ts";
export { checkPictures, type CheckPicturesOptions } from "./pictures.ts";
export { readSmallFile, type ReadSmallFileOptions, SMALL_FILE_LIMIT } from "./small_file.ts";
export { hostClock, PC, type StampOptions, stampTime } from "./stamps.ts";
export { type DecodedText, decodeText, lineAt } from "./text.ts";
