const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A JSON object that a fault may change. */
export type JsonObject = Record<string, unknown>;

/** The files of a tiny session, with ways to damage them. */
export class FaultFiles {
  /** Contents by path. */
  readonly files: Map<string, Uint8Array>;

  constructor(files: Map<string, Uint8Array>) {
    this.files = files;
  }

  /** The one path that ends as told. Throws `RangeError` when there is none. */
  find(ending: string): string {
    const found = [...this.files.keys()].find((path) => path.endsWith(ending));
    if (found === undefined) throw new RangeError(`Cannot find a file to damage: *${ending}`);
    return found;
  }

  /** Contents of the file whose path ends as told. */
  bytes(ending: string): Uint8Array {
    return this.files.get(this.find(ending))!;
  }

  /** Adds or replaces a file. */
  write(path: string, contents: string | Uint8Array): void {
    this.files.set(path, typeof contents === "string" ? encoder.encode(contents) : contents);
  }

  /** Adds or replaces a JSON file. */
  writeJson(path: string, value: unknown): void {
    this.write(path, JSON.stringify(value, null, 2));
  }

  remove(ending: string): void {
    this.files.delete(this.find(ending));
  }

  /** Changes the bytes of a file in place of a copy of them, or replaces them by what is returned. */
  edit(ending: string, change: (bytes: Uint8Array) => Uint8Array | void): void {
    const path = this.find(ending);
    const copy = this.files.get(path)!.slice();
    this.files.set(path, change(copy) ?? copy);
  }

  /** Changes the text of a file. */
  editText(ending: string, change: (text: string) => string): void {
    this.edit(ending, (bytes) => encoder.encode(change(decoder.decode(bytes))));
  }

  /** Changes the lines of a table; the first is the header, the last end of line is kept. */
  editLines(ending: string, change: (lines: string[]) => string[] | void): void {
    this.editText(ending, (text) => {
      const lines = text.trimEnd().split("\n");
      return `${(change(lines) ?? lines).join("\n")}\n`;
    });
  }

  /** Changes the cells of each row of a table; rows count from 0, the header is left alone. */
  editRows(ending: string, change: (cells: string[], row: number) => string[] | void): void {
    this.editLines(ending, ([header, ...rows]) => {
      const changed = rows.map((line, row) => {
        const cells = line.split(",");
        return (change(cells, row) ?? cells).join(",");
      });
      return [header!, ...changed];
    });
  }

  /** Changes a JSON object. */
  editJson(ending: string, change: (value: JsonObject) => void): void {
    this.editText(ending, (text) => {
      const value: JsonObject = JSON.parse(text);
      change(value);
      return JSON.stringify(value, null, 2);
    });
  }

  /** Changes the metadata of the session. */
  metadata(change: (metadata: MetadataJson) => void): void {
    this.editJson(METADATA, (value) => change(value as unknown as MetadataJson));
  }

  /** Changes the list of events of the session log. */
  events(change: (events: JsonObject[]) => JsonObject[] | void): void {
    this.editJson(LOG_ENDING, (log) => {
      const events = log["events"] as JsonObject[];
      log["events"] = change(events) ?? events;
    });
  }

  /** Moves a file, in the metadata and in the log too. */
  move(ending: string, to: string): void {
    const from = this.find(ending);
    this.files.set(to, this.files.get(from)!);
    this.files.delete(from);
    for (const [path, bytes] of this.files) {
      if (!path.endsWith(".json")) continue;
      const text = decoder.decode(bytes);
      const moved = text.replaceAll(from, to).replaceAll(nameOf(from), nameOf(to));
      if (moved !== text) this.write(path, moved);
    }
  }

  /** Adds a recording to the metadata. */
  list(device: string, type: string, path: string): void {
    this.metadata(({ files, end_time }) => {
      const file_size = this.files.get(path)?.length ?? null;
      (files[device] ??= []).push({
        file_type: type,
        file_path: path,
        file_size,
        created_time: end_time,
      });
    });
  }

  /** Makes the metadata agree with the sizes of the files again, as far as they can be read. */
  correctSizes(): void {
    const files = listedFiles(this.files.get(METADATA));
    if (files === undefined) return;
    const wrong = files.some(({ file_path, file_size }) =>
      file_size !== null && (this.files.get(file_path)?.length ?? file_size) !== file_size
    );
    if (!wrong) return;
    this.metadata(({ files }) => {
      for (const file of Object.values(files).flat()) {
        file.file_size = this.files.get(file.file_path)?.length ?? file.file_size;
      }
    });
  }
}

const METADATA = "session_metadata.json";

/** The files that metadata list; undefined when they cannot be read. */
function listedFiles(bytes: Uint8Array | undefined): ListedFileJson[] | undefined {
  try {
    const metadata: Partial<MetadataJson> = JSON.parse(decoder.decode(bytes));
    return Object.values(metadata.files ?? {}).flat();
  } catch {
    return undefined;
  }
}

/** How the name of the event log of the session ends. */
export const LOG_ENDING = "_log.json";

/** The metadata as simulated sessions hold them. */
export interface MetadataJson extends JsonObject {
  session_id: string;
  devices: Record<string, JsonObject>;
  files: Record<string, ListedFileJson[]>;
  end_time: string | null;
}

interface ListedFileJson extends JsonObject {
  file_path: string;
  file_size: number | null;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Position of ASCII text in bytes. Throws `RangeError` when it is not there. */
export function positionOf(bytes: Uint8Array, text: string, from = 0): number {
  const wanted = encoder.encode(text);
  for (let at = from; at <= bytes.length - wanted.length; at++) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  throw new RangeError(`Cannot find bytes to damage: ${text}`);
}

/** Big-endian view of bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
