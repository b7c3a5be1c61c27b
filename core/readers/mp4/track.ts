import type { ColorMatrix } from "../../base/mod.ts";
import type { TablePlace } from "./word_cursor.ts";

/** One entry of an edit list, 14496-12 8.6.6. */
export interface Edit {
  /** In ticks of the movie. */
  readonly duration: bigint;
  /** In ticks of the track; -1 for an empty edit. */
  readonly mediaTime: bigint;
  /** Whether it plays at normal speed. */
  readonly normalRate: boolean;
}

/** What fragments take for samples that do not say otherwise, 8.8.3. */
export interface SampleDefaults {
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

/** Places of the tables that list the samples. */
export interface SampleTables {
  /** Run length and duration. */
  stts?: TablePlace;
  /** Run length and offset from decoding to presentation. */
  ctts?: TablePlace;
  /** First chunk, samples per chunk, description. */
  stsc?: TablePlace;
  /** Offset of each chunk: 32-bit or 64-bit. */
  stco?: TablePlace;
  co64?: TablePlace;
  /** Number of each sample that decoding can start at. */
  stss?: TablePlace;
  /** Size of each sample; no words when all have the same. */
  stsz?: TablePlace;
}

/** What a decoder is told before the first sample. */
export interface DecoderConfiguration {
  /** Type of the box: `avcC`, `hvcC`, `vpcC`, `av1C` or `esds`. */
  readonly box: string;
  /** Its contents. */
  readonly bytes: Uint8Array;
}

/** How luma and chroma make colours, as far as the file says. */
export interface TrackColor {
  readonly matrix?: ColorMatrix;
  readonly fullRange?: boolean;
}

/** What the index says of one track, gathered box by box. */
export interface Track {
  id: number;
  handler: string;
  timescale: number;
  /** As the header states it, in ticks. */
  duration: number;
  width: number;
  height: number;
  rotation: number;
  codec: string;
  configuration: DecoderConfiguration | undefined;
  color: TrackColor;
  edits: Edit[];
  tables: SampleTables;
  /** Samples listed in the index, without those of fragments. */
  sampleCount: number;
  /** Size of every sample, or 0 when they differ. */
  commonSize: number;
}

/** What the index says of the file. */
export interface Movie {
  found: boolean;
  brands: string[];
  timescale: number;
  /** Seconds since 1904-01-01; undefined when there is no header, 0 when it was left empty. */
  creation: bigint | undefined;
  readonly tracks: Track[];
  /** By track number. */
  readonly defaults: Map<number, SampleDefaults>;
  fragmented: boolean;
  /** The file carries the marks of Android's recorder. */
  android: boolean;
}

/** A track of which nothing is known yet. */
export function emptyTrack(): Track {
  return {
    id: 0,
    handler: "",
    timescale: 0,
    duration: 0,
    width: 0,
    height: 0,
    rotation: 0,
    codec: "",
    configuration: undefined,
    color: {},
    edits: [],
    tables: {},
    sampleCount: 0,
    commonSize: 0,
  };
}

/** A movie of which nothing is known yet. */
export function emptyMovie(): Movie {
  return {
    found: false,
    brands: [],
    timescale: 0,
    creation: undefined,
    tracks: [],
    defaults: new Map(),
    fragmented: false,
    android: false,
  };
}
