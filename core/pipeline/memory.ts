import type { FolderSink } from "../base/mod.ts";
import { type Journal, readState, WORK_FOLDER, writeState } from "./journal.ts";

/** Gives the result of a step, from an earlier run where there is one. */
export interface StepMemory {
  /** Returns what `make` returned when this step was finished before, or runs it and remembers. */
  recall<Value>(step: string, make: () => Promise<Value>): Promise<Value>;
}

/** Runs every step: for commands that write nothing. */
export const NO_MEMORY: StepMemory = { recall: (_step, make) => make() };

/** Remembers the results of steps as files in the work folder. */
export function journalMemory(journal: Journal, output: FolderSink): StepMemory {
  return {
    async recall<Value>(step: string, make: () => Promise<Value>): Promise<Value> {
      const path = `${WORK_FOLDER}/state/${fileNameOf(step)}.json`;
      if (await journal.isDone(step)) {
        const known = await readState(output, path);
        if (known !== undefined) return known as Value;
      }
      const value = await make();
      await journal.finish(step, [await writeState(output, path, value)]);
      return value;
    },
  };
}

/**
 * A file name for any text: letters, digits, `.`, `-` and `_` stay, everything else becomes its UTF-8 bytes in
 * hexadecimal after a `%`, so that different texts get different names.
 */
export function fileNameOf(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const name = [...bytes].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9._-]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
  }).join("");
  if (name.length <= 150 && !name.startsWith(".")) return name;
  return `${name.replace(/^\.+/, "_").slice(0, 120)}-${checksum(bytes).toString(16)}`;
}

/** FNV-1a (64 bit) of bytes: tells long names apart. */
function checksum(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
