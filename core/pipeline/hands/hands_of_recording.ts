import {
  createIssue,
  type FolderSink,
  type FrameSource,
  type Issue,
  type PictureEncoder,
  renderIssue,
  type StartSha256,
  type WorkOptions,
} from "../../base/mod.ts";
import { type FrameChoice, type HandEngine, writeCocoMasks } from "../../hands/mod.ts";
import type { Kernel } from "../../../wasm/mod.ts";
import type { InputRecord } from "../inputs.ts";
import { WORK_FOLDER, writeBytes, writeText, type WrittenFile } from "../journal.ts";
import { ContactSheet, type RgbPicture } from "./contact_sheet.ts";
import { drawTile } from "./draw_hands.ts";
import type { FramePlacer } from "./frame_times.ts";
import { h264Clips } from "./h264_clips.ts";
import { type HandsMetadata, handsMetadata } from "./metadata.ts";
import { RecordStore } from "./record_store.ts";
import { type RenderChoice, renderRecording } from "./render_recording.ts";
import { notesOf, searchRecording } from "./search_recording.ts";
import { type OnHandTables, type TableFacts, writeTables } from "./write_tables.ts";

/** Where the hands of all recordings of a session lie. */
export const HANDS_FOLDER = "processing/hand_segmentation";

/** What finding hands in one recording needs. */
export interface RecordingHandsOptions extends FrameChoice, RenderChoice, WorkOptions {
  readonly output: FolderSink;
  readonly kernel: Kernel;
  readonly sha256: StartSha256;
  readonly version: string;
  /** Name of the folder of the results. */
  readonly name: string;
  readonly input: InputRecord;
  readonly source: FrameSource;
  readonly engine: HandEngine;
  /** What was wrong with the networks, and that another method stands in. @default {nothing} */
  readonly methodIssues?: readonly Issue[] | undefined;
  readonly placer: FramePlacer;
  readonly facts: TableFacts;
  /** Milliseconds that go by, to say how long the stages take. @default {none is told} */
  readonly now?: (() => number) | undefined;
  /** Takes the tables of hands, too, as they are written. @default {nobody does} */
  readonly onTables?: OnHandTables | undefined;
  /** Writes a picture as PNG. @default {no contact sheet is made} */
  readonly encodePng?: EncodePng | undefined;
  /** Writes videos. @default {none are made, whatever is chosen} */
  readonly encoder?: PictureEncoder | undefined;
}

/** Places for hands of a method that does not say how many it finds. */
const DEFAULT_PLACES = 2;

/** Writes a picture in red, green and blue as a PNG file. */
export type EncodePng = (picture: RgbPicture) => Uint8Array;

/** What finding hands in one recording came to. */
export interface RecordingHands {
  readonly metadata: HandsMetadata;
  /** Issues that an earlier run met in pictures that this one did not decode again. */
  readonly earlier: readonly Issue[];
  readonly written: readonly WrittenFile[];
}

/** Where the records of a recording wait for a search that goes on, and for the exports. */
export function recordsFolder(name: string): string {
  return `${WORK_FOLDER}/hands/${name}`;
}

/**
 * Finds the hands of one recording and writes tables, masks and how they were made.
 *
 * A search that was cut short goes on at its frame when everything that results depend on is as it was.
 */
export async function handsOfRecording(options: RecordingHandsOptions): Promise<RecordingHands> {
  const { output, name, source, engine, input, version } = options;
  const store = await RecordStore.open(output, recordsFolder(name), {
    key: keyOf(options),
    about: options.facts,
  });
  const folder = `${HANDS_FOLDER}/${name}`;
  if (store.length === 0) await removeVideos(output, folder);
  const sheet = await ContactSheet.open(output, recordsFolder(name), notesOf(store).searched);
  const notes = await searchRecording({
    ...options,
    store,
    onFrame: (record, place) => sheet.offer(place, () => drawTile(engine.image, record)),
    onCommit: () => sheet.save(),
  });
  options.progress?.({ task: `Write hands of ${name}`, done: 0 });
  const written = [
    ...await writeTables({ ...options, folder, store }),
    await writeMasks(options, `${folder}/masks.json`, store),
    ...await writeSheet(options, `${folder}/contact_sheet.png`, sheet),
    ...await writeVideos(options, folder, store),
  ];
  const { issues } = notes;
  const metadata = handsMetadata({
    version,
    input,
    source,
    engine,
    choice: options,
    notes,
    tables: options.facts,
    issues: [...options.methodIssues ?? [], ...issues],
    written,
    timed: options.now !== undefined,
  });
  const path = `${folder}/processing_metadata.json`;
  const record = await writeText(output, path, `${JSON.stringify(metadata, null, 2)}\n`);
  const met = new Set(source.issues.map(renderIssue));
  const earlier = issues.filter((issue) => !met.has(renderIssue(issue)));
  return { metadata, earlier, written: [...written, record] };
}

/** Places for hands side by side: as many as are asked for, else as many as the method finds. */
export function handPlaces(
  { maxHands }: { readonly maxHands?: number | undefined },
  { method: { parameters } }: Pick<HandEngine, "method">,
): number {
  const found = maxHands ?? parameters["maxHands"];
  return typeof found === "number" ? found : DEFAULT_PLACES;
}

/** What nobody has reported yet: earlier issues, and that no picture was searched, which empty tables do not say. */
export function unreported(
  { metadata: { frames, input }, earlier }: Pick<RecordingHands, "metadata" | "earlier">,
): readonly Issue[] {
  if (frames.searched > 0) return earlier;
  const { decoded } = frames;
  return [...earlier, createIssue("HANDS_NONE_CHOSEN", { decoded }, { path: input.path })];
}

/** Beside results that are made anew, videos of older ones would be taken for theirs. */
async function removeVideos(output: FolderSink, folder: string): Promise<void> {
  await output.remove(`${folder}/overlay.mp4`);
  await output.remove(`${folder}/crops`);
}

/** Stands for everything that records depend on. */
function keyOf(
  { sha256, version, input, source, engine, every, fromSeconds, toSeconds }: RecordingHandsOptions,
): string {
  const hash = sha256();
  const { method, models, backend } = engine;
  hash.update(new TextEncoder().encode(JSON.stringify([
    version,
    input.sha256,
    source.decoder,
    [method.name, method.parameters, models, backend],
    [every, fromSeconds, toSeconds],
  ])));
  return hash.hex();
}

async function writeSheet(
  { output, encodePng }: RecordingHandsOptions,
  path: string,
  sheet: ContactSheet,
): Promise<WrittenFile[]> {
  const picture = sheet.compose();
  if (picture === undefined || encodePng === undefined) return [];
  return [await writeBytes(output, path, encodePng(picture))];
}

async function writeVideos(
  { encoder, engine, ...options }: RecordingHandsOptions,
  folder: string,
  store: RecordStore,
): Promise<readonly WrittenFile[]> {
  if (encoder === undefined) return [];
  const openClip = h264Clips(options.kernel, encoder);
  const records = recordsFolder(options.name);
  return await renderRecording({
    ...options,
    openClip,
    image: engine.image,
    folder,
    records,
    store,
  });
}

async function writeMasks(
  { output, kernel, name, version, signal }: RecordingHandsOptions,
  path: string,
  store: RecordStore,
): Promise<WrittenFile> {
  const sink = await output.create(path);
  try {
    const info = { description: "Hands in a recording", version };
    await writeCocoMasks(kernel, sink, () => store.read(signal), { recording: name, info });
    await sink.commit();
    return { path, size: sink.position };
  } finally {
    await sink.abort();
  }
}
