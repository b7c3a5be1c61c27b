import type { FoundFile } from "./entries.ts";
import { deviceOfName, parseSessionName } from "./names.ts";
import type { DeviceFacts, MetadataFacts } from "./metadata_facts.ts";
import type { Device } from "./model.ts";
import { findPhones, isPhone, isPhoneFile, type PhoneFolder } from "./phones.ts";
import { PC, stampTime } from "./stamps.ts";

/** Whose a file is. */
export interface FileOwner {
  /** Device that measured; absent for what belongs to the session as a whole. */
  readonly device?: string;
  /** The device, or `pc`, whose clock named and stamped it. */
  readonly host: string;
}

interface KnownId {
  readonly id: string;
  readonly plain: string;
}

/** Decides which device each file belongs to. */
export class DeviceResolver {
  readonly #listed = new Map<string, DeviceFacts>();
  readonly #known: readonly KnownId[];
  readonly #phones: ReadonlyMap<string, PhoneFolder>;
  readonly #folderName: string;

  /** @param folderName Name of the session folder. */
  constructor(folderName: string, files: readonly FoundFile[], facts: readonly MetadataFacts[]) {
    for (const device of facts.flatMap(({ devices }) => devices)) {
      if (!this.#listed.has(device.id)) this.#listed.set(device.id, device);
    }
    this.#folderName = folderName;
    this.#phones = findPhones(folderName, files, facts);
    const folders = files.flatMap(({ place }) => place.deviceFolder ?? []);
    const ids = new Set([...this.#listed.keys(), ...folders, ...this.#phoneIds()]);
    // The longest id first, so that `phone_10` is not taken for `phone_1`.
    this.#known = [...ids].map((id) => ({ id, plain: normalId(id) }))
      .sort((a, b) => b.id.length - a.id.length || (a.id < b.id ? -1 : 1));
  }

  /** Phone whose folder a path lies in. */
  phoneAt(home: string): string | undefined {
    return this.#phones.get(home)?.id;
  }

  /** @param registeredFor Device under which the metadata list the file. */
  ownerOf(file: FoundFile, registeredFor?: string): FileOwner {
    const { place, name, class: { role, kind, tool } } = file;
    if (role === "output" && tool === undefined) return { host: PC };
    const folder = place.deviceFolder;
    const prefix = this.#knownPrefix(name.stem);
    const phone = this.#phones.get(place.home);
    const carrier = [folder, prefix].find((id) => id !== undefined && this.#isPhone(id)) ??
      (prefix === undefined && phone !== undefined && isOfPhone(file, phone)
        ? phone.id
        : undefined);
    const shimmer = shimmerOnPhone(name.head, prefix);
    if (shimmer !== undefined && carrier !== undefined) return { device: shimmer, host: carrier };
    const received = prefix === undefined ? RECEIVED_SHIMMER_REGEXP.exec(name.head) : null;
    if (received !== null) return { device: received[2]!, host: received[1]! };
    const known = folder ?? (registeredFor || undefined) ?? prefix;
    const device = known ?? (role === "recording" ? this.#byName(file, carrier) : carrier);
    if (device === undefined) return { host: PC };
    return { device, host: carrier ?? this.#hostOf(device, kind) };
  }

  /** All devices: the listed ones in their order, then those known from files alone. */
  devices(owners: Iterable<FileOwner>): readonly Device[] {
    const listed = [...this.#listed.values()].map((facts) => this.#listedDevice(facts));
    const others = new Set<string>();
    for (const { device } of owners) {
      if (device !== undefined && !this.#listed.has(device)) others.add(device);
    }
    const found = [...others].map((id): Device => {
      const type = this.#inferredType(id);
      return { id, ...(type !== undefined && { type }), capabilities: [], listed: false };
    });
    return [...listed, ...found];
  }

  #listedDevice({ id, type, status, capabilities, added, details }: DeviceFacts): Device {
    const source = "metadata added_time";
    return {
      id,
      ...(type !== undefined && { type }),
      ...(status !== undefined && { status }),
      capabilities,
      listed: true,
      ...(added !== undefined && { addedTime: stampTime(added.time, PC, { source }) }),
      ...(Object.keys(details).length > 0 && { details }),
    };
  }

  #knownPrefix(stem: string): string | undefined {
    const plain = normalId(stem);
    return this.#known.find((known) =>
      plain.startsWith(known.plain) && /^(_|$)/.test(plain.slice(known.plain.length))
    )?.id;
  }

  #isPhone(id: string): boolean {
    return isPhone(id, this.#listed.get(id)?.type) || this.#phoneIds().includes(id);
  }

  #phoneIds(): string[] {
    return [...this.#phones.values()].map(({ id }) => id);
  }

  /** Device of a recording that no known id stands before: from the patterns of the recorders. */
  #byName({ name, place }: FoundFile, carrier: string | undefined): string {
    const camera = /^(webcam(?:_\d{1,2})?|camera[12])(?=_|$)/i.exec(name.head)?.[1];
    if (camera !== undefined) return this.#webcam(camera);
    const received = /^(.+)_(?:video_)?Session$/.exec(name.head) ??
      /^(.+)_thermal_session$/.exec(name.head);
    if (received !== null && !/^(video|raw)$/.test(received[1]!)) return received[1]!;
    if (carrier !== undefined) return carrier;
    const dataFile = /^(.+)_data$/.exec(name.stem);
    if (dataFile !== null && /(^|\/)shimmer\//.test(place.inner)) return dataFile[1]!;
    const shimmer = shimmerOnPhone(name.head) ?? CONSENSYS_REGEXP.exec(name.stem)?.[1];
    if (shimmer !== undefined) return shimmer;
    if (/^shimmer(_gsr|_data)?(_session)?$/.test(name.head)) return "shimmer";
    if (/(^|\/)webcam\//.test(place.inner)) return this.#webcam("webcam");
    const folder = place.home.split("/").at(-1)!.replace(/^@/, "") || this.#folderName;
    return parseSessionName(folder)?.device ?? deviceOfName(name) ??
      /^(.+)_session$/.exec(name.head)?.[1] ?? "unknown";
  }

  /** `webcam` stands for the only listed webcam, whatever its id. */
  #webcam(id: string): string {
    if (id !== "webcam") return id;
    const webcams = [...this.#listed.values()].filter(({ type }) => type === "pc_webcam");
    return webcams.length === 1 ? webcams[0]!.id : id;
  }

  /** What a PC reads is stamped by the PC; any other device stamps its own files. */
  #hostOf(device: string, kind: string | undefined): string {
    const type = this.#listed.get(device)?.type ?? this.#inferredType(device);
    const isRead = type === "pc_webcam" || type === "shimmer_gsr" || type === "thermal_camera" ||
      kind === "webcam_video" || device === "unknown";
    return isRead ? PC : device;
  }

  #inferredType(id: string): string | undefined {
    if (/^(webcam|camera[12])/i.test(id)) return "pc_webcam";
    if (/^shimmer/i.test(id)) return "shimmer_gsr";
    return this.#isPhone(id) ? "android_phone" : undefined;
  }
}

/** The PC puts the id of the phone, which it lists nowhere, before the name that the phone gave the file. */
const RECEIVED_SHIMMER_REGEXP = /^((?!shimmer_).+?)_(shimmer_(?!(?:gsr|data)_session$).+)_session$/;

/** Shimmer's own program exports as `<experiment>_<session>_Shimmer_<serial>_Calibrated_PC`. */
const CONSENSYS_REGEXP = /(?:^|_)(Shimmer_[0-9A-F]{4})_(?:un)?calibrated_(?:PC|SD)$/i;

/** A folder of a PC session may hold files of a phone; only those that it named are its own. */
function isOfPhone({ place, name }: FoundFile, { mixed }: PhoneFolder): boolean {
  return !mixed || isPhoneFile(place.fileName) || shimmerOnPhone(name.head) !== undefined;
}

/** Phones name the file of a sensor `shimmer_<name>_session_<date>`. */
function shimmerOnPhone(head: string, prefix = ""): string | undefined {
  const own = prefix !== "" && head.startsWith(`${prefix}_`) ? head.slice(prefix.length + 1) : head;
  return /^(shimmer_(?!(?:gsr|data)_session$).+)_session$/.exec(own)?.[1];
}

/** Ids are compared without regard to case and to what separates their parts. */
function normalId(id: string): string {
  return id.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_");
}
