import { groupBy } from "../base/mod.ts";
import type { FoundFile } from "./entries.ts";
import type { MetadataFacts } from "./metadata_facts.ts";
import { deviceOfName, parseSessionName } from "./names.ts";

/** Names of files that only phones write, without the device id that a transfer puts before them. */
const PHONE_FILE_REGEXP =
  /^(session_info\.txt|session_config\.json|(video_)?session_\d{13}.*|thermal_.*\.dat|(raw_)?session_\d{13}_.*\.dng|(flash|beep|stimulus)_sync_.*\.txt|rgb_video\.mp4|stimulus_(events\.csv|metadata\.json))$/i;
const PC_FILE_REGEXP = /^(session_metadata\.json|webcam_.*|.*_log\.json)$/i;

/** Folders that hold the folders of many phones or sessions, so that they name no phone. */
const GENERIC_FOLDER_REGEXP =
  /^(multisensorrecording|sessions?|recordings?|devices|files|movies|data|emulated|0|storage|phones?|android)$/i;

/** Whether a device is a phone: by its type, or by its id when no type is known. */
export function isPhone(id: string, type: string | undefined): boolean {
  if (type !== undefined) return /phone|android|mobile/i.test(type);
  return /^(android|.*phone|pixel|galaxy|samsung)/i.test(id);
}

/** Whether a file was written by a phone and bears the name that the phone gave it. */
export function isPhoneFile(fileName: string): boolean {
  return PHONE_FILE_REGEXP.test(fileName);
}

/** A folder with files of a phone. */
export interface PhoneFolder {
  /** Id of the phone. */
  readonly id: string;
  /** It is the folder of a PC session, into which files of the phone were copied. */
  readonly mixed: boolean;
}

/**
 * The folders of phones in a session, by their path.
 *
 * @param folderName Name of the session folder, which may be that of a phone.
 */
export function findPhones(
  folderName: string,
  files: readonly FoundFile[],
  facts: readonly MetadataFacts[],
): ReadonlyMap<string, PhoneFolder> {
  const free = freePhones(files, facts);
  const phones = new Map<string, PhoneFolder>();
  let unnamed: string | undefined;
  for (const [home, inside] of phoneFolders(folderName, files)) {
    const { root } = inside[0]!.place;
    const named = statedId(home, facts) ?? parentFolder(home, root) ?? namedByFiles(inside);
    // Videos and pictures lie beside the session folder of the phone: they are of the same one.
    const same = hasOwnSession(home || folderName, inside) ? undefined : unnamed;
    const id = named ?? same ?? free.shift() ?? nextName(phones);
    if (named === undefined) unnamed = id;
    phones.set(home, { id, mixed: hasPcFiles(inside) });
  }
  return phones;
}

/** Folders of phones, first those that hold a whole session. */
function phoneFolders(
  folderName: string,
  files: readonly FoundFile[],
): readonly (readonly [string, FoundFile[]])[] {
  const folders = [...groupBy(files, ({ place }) => place.home)].filter(([home, inside]) =>
    isPhoneFolder(home || folderName, inside)
  );
  const order = ([home, inside]: readonly [string, FoundFile[]]) =>
    hasOwnSession(home || folderName, inside) ? 0 : 1;
  return folders.sort((a, b) => order(a) - order(b));
}

function hasOwnSession(home: string, inside: readonly FoundFile[]): boolean {
  return isNamedByPhone(home) ||
    inside.some(({ place }) => /^session_(info\.txt|config\.json)$/i.test(place.fileName));
}

function isNamedByPhone(home: string): boolean {
  const folder = home.slice(home.lastIndexOf("/") + 1).replace(/^@/, "");
  return parseSessionName(folder)?.writer === "phone";
}

/** Phones of the metadata that no file name or device folder is about. */
function freePhones(files: readonly FoundFile[], facts: readonly MetadataFacts[]): string[] {
  const ids = facts.flatMap(({ devices }) => devices)
    .filter(({ id, type }) => isPhone(id, type)).map(({ id }) => id);
  return [...new Set(ids)].filter((id) =>
    !files.some(({ place }) => place.deviceFolder === id || place.fileName.startsWith(`${id}_`))
  );
}

function isPhoneFolder(home: string, inside: readonly FoundFile[]): boolean {
  const hasPhoneFiles = inside.some(({ place }) =>
    place.deviceFolder === undefined && isPhoneFile(place.fileName)
  );
  return hasPhoneFiles || (isNamedByPhone(home) && !hasPcFiles(inside));
}

function hasPcFiles(inside: readonly FoundFile[]): boolean {
  return inside.some(({ place }) => PC_FILE_REGEXP.test(place.fileName));
}

/** The id that metadata in the folder of the phone give. */
function statedId(home: string, facts: readonly MetadataFacts[]): string | undefined {
  const inHome = facts.filter(({ path, variant }) =>
    (variant === "phone" || variant === "M5") &&
    path.slice(0, Math.max(0, path.lastIndexOf("/"))) === home
  );
  return inHome.flatMap(({ devices }) => devices)[0]?.id;
}

/** A phone's session folder is often copied into a folder with the name of the phone. */
function parentFolder(home: string, root: string): string | undefined {
  const parent = home.split("/").at(-2);
  if (parent === undefined || parent === root || GENERIC_FOLDER_REGEXP.test(parent)) {
    return undefined;
  }
  return parseSessionName(parent) === undefined ? parent : undefined;
}

/** The phone that recordings in its folder are named for, unless the folder holds those of several. */
function namedByFiles(inside: readonly FoundFile[]): string | undefined {
  if (hasPcFiles(inside)) return undefined;
  const ids = new Set(
    inside.flatMap(({ name, place }) =>
      place.deviceFolder === undefined ? deviceOfName(name) ?? [] : []
    ),
  );
  const phones = [...ids].filter((id) => isPhone(id, undefined));
  return phones.length === 1 ? phones[0] : undefined;
}

function nextName(phones: ReadonlyMap<string, PhoneFolder>): string {
  const taken = new Set([...phones.values()].map(({ id }) => id));
  if (!taken.has("phone")) return "phone";
  for (let number = 2;; number++) {
    if (!taken.has(`phone_${number}`)) return `phone_${number}`;
  }
}
