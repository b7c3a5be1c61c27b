import { type FrameSource, type Issue, issueMessage } from "../../base/mod.ts";
import type { FrameChoice, HandEngine } from "../../hands/mod.ts";
import type { InputRecord } from "../inputs.ts";
import type { WrittenFile } from "../journal.ts";
import type { SearchNotes } from "./search_recording.ts";
import type { TableFacts } from "./write_tables.ts";

/** How left and right are told, in every record of results. */
const HANDEDNESS =
  "Side of the person, for pictures that are not mirrored; of a mirrored recording left and right change places";

/** What {@linkcode handsMetadata} tells. */
export interface HandsFacts {
  readonly version: string;
  readonly input: InputRecord;
  readonly source: FrameSource;
  readonly engine: HandEngine;
  readonly choice: FrameChoice;
  readonly notes: SearchNotes;
  readonly tables: TableFacts;
  readonly issues: readonly Issue[];
  readonly written: readonly WrittenFile[];
  /** Whether stages were timed. */
  readonly timed: boolean;
}

/** What `processing_metadata.json` holds. */
export interface HandsMetadata {
  readonly generator: { readonly name: "session-process"; readonly version: string };
  readonly input: InputRecord & {
    readonly codec: string;
    readonly decoder: string;
    readonly width: number;
    readonly height: number;
  };
  readonly method: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly models: HandEngine["models"];
  readonly backend: string | null;
  readonly handedness: string;
  readonly selection: {
    readonly every: number;
    readonly from_s: number;
    readonly to_s: number | null;
  };
  readonly frames: {
    /** In the index of the file; null where it has none. */
    readonly listed: number | null;
    readonly decoded: number;
    readonly searched: number;
    readonly with_hands: number;
    readonly without_hands: number;
    /** Share of the searched frames in which hands were found. */
    readonly detected_share: number | null;
    readonly whole_picture_searches: number;
  };
  readonly hands: { readonly detections: number; readonly ids: number };
  readonly clocks: {
    readonly recording: string;
    readonly reference: string;
    readonly session_start_ns: string;
  };
  readonly issues: readonly {
    readonly code: string;
    readonly severity: string;
    readonly message: string;
  }[];
  readonly outputs: readonly string[];
  /** Seconds that the stages took on the machine that ran them; the one thing here that differs from run to run. */
  readonly timing?: {
    readonly decode_s: number;
    readonly search_s: number;
    readonly frames_per_second: number | null;
  };
}

/** Everything that a reader of the results has to know about how they were made. */
export function handsMetadata(facts: HandsFacts): HandsMetadata {
  const { version, input, source, engine, notes, tables, issues, written, choice } = facts;
  const { codec, decoder, width, height } = source;
  return {
    generator: { name: "session-process", version },
    input: { ...input, codec, decoder, width, height },
    method: engine.method.name,
    parameters: engine.method.parameters,
    models: engine.models,
    backend: engine.backend ?? null,
    handedness: HANDEDNESS,
    selection: {
      every: choice.every ?? 1,
      from_s: choice.fromSeconds ?? 0,
      to_s: choice.toSeconds ?? null,
    },
    frames: {
      listed: source.frameCount ?? null,
      decoded: notes.decoded,
      searched: notes.searched,
      with_hands: notes.withHands,
      without_hands: notes.searched - notes.withHands,
      detected_share: share(notes.withHands, notes.searched),
      whole_picture_searches: notes.whole,
    },
    hands: { detections: notes.hands, ids: notes.lastId + 1 },
    clocks: {
      recording: tables.clock.id,
      reference: tables.referenceClock.id,
      session_start_ns: String(tables.originNs),
    },
    issues: issues.map((issue) => ({
      code: issue.code,
      severity: issue.severity,
      message: issueMessage(issue),
    })),
    outputs: written.map(({ path }) => path.slice(path.lastIndexOf("/hand_segmentation/") + 1)),
    ...(facts.timed && { timing: timingOf(notes) }),
  };
}

function timingOf({ decodeSeconds, searchSeconds, searched }: SearchNotes) {
  return {
    decode_s: decodeSeconds,
    search_s: searchSeconds,
    frames_per_second: share(searched, decodeSeconds + searchSeconds),
  };
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
