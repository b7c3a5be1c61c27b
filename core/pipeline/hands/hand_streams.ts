import {
  type FolderSink,
  MISSING_NS,
  type ReadOptions,
  type StreamReader,
} from "../../base/mod.ts";
import { SignalTable } from "../../hands/mod.ts";
import type { Session, Stream } from "../../session/mod.ts";
import { HANDS_FOLDER, recordsFolder } from "./hands_of_recording.ts";
import { RecordStore } from "./record_store.ts";
import { fileNameOf } from "../memory.ts";
import { signalSchema, type TableFacts } from "./write_tables.ts";

/** The signals of the hands of a recording as a stream, and what they were made with. */
export interface HandStream {
  readonly stream: Stream;
  /** Id of the stream of the recording. */
  readonly recording: string;
  readonly key: string;
}

/** The streams of hands that were found earlier in the recordings of a session, to the end of each. */
export async function handStreams(
  output: FolderSink,
  { streams }: Session,
): Promise<readonly HandStream[]> {
  const found: HandStream[] = [];
  for (const recording of streams) {
    const name = folderOf(recording);
    const store = await RecordStore.find(output, recordsFolder(name));
    if (!store?.progress.finished || !isAbout(store.about, recording)) continue;
    const { id, name: streamName } = signalSchema(store.about);
    const stream: Stream = {
      ...recording,
      id,
      name: streamName,
      kind: "hands",
      format: "hands",
      path: `${HANDS_FOLDER}/${name}/frames.csv`,
      anchors: [],
    };
    found.push({ stream, recording: recording.id, key: store.key });
  }
  return found;
}

/** Name of the folder in which the hands of a recording lie; its first dot ends the device. */
export function folderOf({ device, name }: Pick<Stream, "device" | "name">): string {
  return `${fileNameOf(device).replaceAll(".", "%2e")}.${fileNameOf(name)}`;
}

function isAbout(about: unknown, { device, name }: Stream): about is TableFacts {
  const facts = (about ?? {}) as Partial<TableFacts>;
  return facts.device === device && facts.name === name && typeof facts.maxHands === "number";
}

/** Opens the signals of hands that were found earlier. Rejects when they are gone. */
export async function handReaders(
  { path }: Stream,
  output: FolderSink | undefined,
): Promise<readonly StreamReader[]> {
  const name = path.split("/").at(-2)!;
  const store = output && await RecordStore.find(output, recordsFolder(name));
  if (store === undefined) throw new Error(`Cannot read the hands of ${name}: find them again`);
  const facts = store.about as TableFacts;
  return [{
    schema: signalSchema(facts),
    batches: (options) => signalBatches(store, facts, options),
    close: () => Promise.resolve(),
  }];
}

async function* signalBatches(store: RecordStore, facts: TableFacts, { signal }: ReadOptions = {}) {
  const table = new SignalTable(facts.maxHands);
  let firstRow = 0;
  for await (const records of store.read(signal)) {
    const times = BigInt64Array.from(records, ({ timeNs }) => timeNs ?? MISSING_NS);
    yield { firstRow, length: records.length, times, columns: table.rows(records) };
    firstRow += records.length;
  }
}
