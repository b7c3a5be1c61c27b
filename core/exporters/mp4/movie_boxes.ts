import type { ColorMatrix } from "../../base/mod.ts";
import { box, fullBox, type Piece, raw, text, u16, u32, u32Table, u64 } from "./pieces.ts";
import type { GrowingList, SampleTable } from "./sample_table.ts";

/** Clockwise turn in degrees that a player is told to make. */
export type MovieRotation = 0 | 90 | 180 | 270;

/** Columns and rows of the pictures of a movie. */
export interface MovieSize {
  readonly width: number;
  readonly height: number;
}

/** What the index says of the one track of a movie. */
export interface MovieFacts {
  readonly size: MovieSize;
  /** Ticks per second of movie and track. */
  readonly timescale: number;
  readonly rotation: MovieRotation;
  /** Seconds since 1904-01-01 UTC; 0 when not known. */
  readonly creation: bigint;
  /** How samples are coded: a sample entry. */
  readonly entry: Piece;
  /** Presentation time of the first frame in ticks; told by an edit list unless 0. */
  readonly firstTick: bigint;
}

/** `ftyp` of the files that are written. */
export function fileType(): Piece {
  return box("ftyp", text("isom"), u32(512), text("isomiso2avc1mp41"));
}

/** `moov` without a track, as recorders leave it when they were given no frame. */
export function emptyMovie(facts: Pick<MovieFacts, "timescale" | "creation">): Piece {
  return box("moov", movieHeader(facts, 0n));
}

/** `moov` of a movie whose samples are listed; `ticks` is the length of its media. */
export function movie(facts: MovieFacts, table: SampleTable, ticks: bigint): Piece {
  const shown = shownTicks(facts, ticks);
  return box("moov", movieHeader(facts, shown), track(facts, ticks, sampleBoxes(facts, table)));
}

/** `moov` of a movie whose samples follow in fragments. */
export function fragmentedMovie(facts: MovieFacts): Piece {
  const extends_ = box("mvex", fullBox("trex", 0, 0, u32(1, 1, 0, 0, 0)));
  const samples = box("stbl", sampleDescription(facts), ...emptyTables());
  return box("moov", movieHeader(facts, 0n), track(facts, 0n, samples), extends_);
}

/** How long the movie is shown: the media with the delay before it, or without what is skipped. */
function shownTicks({ firstTick }: MovieFacts, ticks: bigint): bigint {
  const shown = ticks + firstTick;
  return shown > 0n ? shown : 0n;
}

function track(facts: MovieFacts, ticks: bigint, samples: Piece): Piece {
  return box(
    "trak",
    trackHeader(facts, shownTicks(facts, ticks)),
    ...edits(facts, ticks),
    media(facts, ticks, samples),
  );
}

/** Times of a header, with 64 bits where 32 do not hold them: version, then creation to duration. */
function headerTimes(creation: bigint, middle: Piece, duration: bigint): [0 | 1, ...Piece[]] {
  if (duration >= 2n ** 32n || creation >= 2n ** 32n) {
    return [1, u64(creation, creation), middle, u64(duration)];
  }
  return [0, u32(Number(creation), Number(creation)), middle, u32(Number(duration))];
}

function movieHeader(
  { timescale, creation }: Pick<MovieFacts, "timescale" | "creation">,
  ticks: bigint,
): Piece {
  const [version, ...times] = headerTimes(creation, u32(timescale), ticks);
  const rest = [u32(0x10000), u16(0x100, 0), u32(0, 0), u32(...matrix(0, { width: 0, height: 0 }))];
  return fullBox("mvhd", version, 0, ...times, ...rest, u32(0, 0, 0, 0, 0, 0), u32(2));
}

function trackHeader({ creation, rotation, size }: MovieFacts, ticks: bigint): Piece {
  const [version, ...times] = headerTimes(creation, u32(1, 0), ticks);
  const rest = [u32(0, 0), u16(0, 0, 0, 0), u32(...matrix(rotation, size))];
  return fullBox(
    "tkhd",
    version,
    3, // enabled, in movie
    ...times,
    ...rest,
    u32(size.width * 0x10000, size.height * 0x10000),
  );
}

/** Transformation of 14496-12 6.2.2 that turns the picture clockwise and moves it back into view. */
function matrix(rotation: MovieRotation, { width, height }: MovieSize): number[] {
  const one = 0x10000;
  const last = 0x40000000;
  switch (rotation) {
    case 0:
      return [one, 0, 0, 0, one, 0, 0, 0, last];
    case 90:
      return [0, one, 0, -one, 0, 0, height * one, 0, last];
    case 180:
      return [-one, 0, 0, 0, -one, 0, width * one, height * one, last];
    case 270:
      return [0, -one, 0, one, 0, 0, 0, width * one, last];
  }
}

/** An empty edit before media that begin late, or a start inside media that begin early. */
function edits(facts: MovieFacts, ticks: bigint): Piece[] {
  const { firstTick } = facts;
  if (firstTick === 0n) return [];
  const rate = u16(1, 0);
  const list = firstTick > 0n
    ? [u32(2), u64(firstTick, -1n), rate, u64(ticks, 0n), rate]
    : [u32(1), u64(shownTicks(facts, ticks), -firstTick), rate];
  return [box("edts", fullBox("elst", 1, 0, ...list))];
}

function media(facts: MovieFacts, ticks: bigint, samples: Piece): Piece {
  const [version, ...times] = headerTimes(facts.creation, u32(facts.timescale), ticks);
  const undetermined = 0x55c4; // language "und"
  const dataReference = fullBox("dref", 0, 0, u32(1), fullBox("url ", 0, 1));
  return box(
    "mdia",
    fullBox("mdhd", version, 0, ...times, u16(undetermined, 0)),
    fullBox("hdlr", 0, 0, u32(0), text("vide"), u32(0, 0, 0), text("VideoHandler\0")),
    box(
      "minf",
      fullBox("vmhd", 0, 1, u16(0, 0, 0, 0)),
      box("dinf", dataReference),
      samples,
    ),
  );
}

function sampleBoxes(facts: MovieFacts, table: SampleTable): Piece {
  return box(
    "stbl",
    sampleDescription(facts),
    fullBox("stts", 0, 0, u32(table.durations.length / 2), listTable(table.durations)),
    fullBox("stss", 0, 0, u32(table.syncs.length), listTable(table.syncs)),
    fullBox("stsc", 0, 0, ...samplesToChunks(table)),
    sampleSizes(table),
    fullBox("co64", 0, 0, u32(table.chunks.length / 2), listTable(table.chunks)),
  );
}

function sampleSizes({ commonSize, count, sizes }: SampleTable): Piece {
  if (commonSize > 0) return fullBox("stsz", 0, 0, u32(commonSize, count));
  return fullBox("stsz", 0, 0, u32(0, count), listTable(sizes));
}

function samplesToChunks({ count, samplesPerChunk }: SampleTable): Piece[] {
  const whole = Math.floor(count / samplesPerChunk);
  const rest = count % samplesPerChunk;
  const runs: number[] = [];
  if (whole > 0) runs.push(1, samplesPerChunk, 1);
  if (rest > 0) runs.push(whole + 1, rest, 1);
  return [u32(runs.length / 3), u32(...runs)];
}

function listTable(list: GrowingList): Piece {
  return u32Table(list.length, (index) => list.at(index));
}

function emptyTables(): Piece[] {
  return [
    ...["stts", "stsc", "stco"].map((type) => fullBox(type, 0, 0, u32(0))),
    fullBox("stsz", 0, 0, u32(0, 0)),
  ];
}

/** The one description that all samples share, 8.5.2. */
function sampleDescription({ entry }: MovieFacts): Piece {
  return fullBox("stsd", 0, 0, u32(1), entry);
}

/** Sample entry of H.264 pictures, ISO/IEC 14496-15 5.4.2. */
export function avcEntry(
  { width, height }: MovieSize,
  configuration: AvcConfiguration,
  matrix?: ColorMatrix,
): Piece {
  const { sequence, picture } = configuration;
  const described = box(
    "avcC",
    // Version; profile, constraints and level as in the sequence parameters; lengths of four bytes; one set.
    raw(Uint8Array.of(1, sequence[1]!, sequence[2]!, sequence[3]!, 0xff, 0xe1)),
    u16(sequence.length),
    raw(sequence),
    raw(Uint8Array.of(1)),
    u16(picture.length),
    raw(picture),
  );
  const colors = matrix === undefined ? [] : [box("colr", text("nclx"), ...colorCodes(matrix))];
  const dpi72 = 0x480000;
  return box(
    "avc1",
    u16(0, 0, 0, 1), // reserved, data_reference_index
    u32(0, 0, 0, 0),
    u16(width, height),
    u32(dpi72, dpi72, 0),
    u16(1), // frame_count
    raw(new Uint8Array(32)), // compressorname
    u16(24, 0xffff), // depth, pre_defined
    described,
    ...colors,
  );
}

/** Primaries, transfer and matrix of ITU-T H.273, and limited range. */
function colorCodes(matrix: ColorMatrix): Piece[] {
  const codes = { bt601: [6, 6, 6], bt709: [1, 1, 1], bt2020: [9, 14, 9] } as const;
  return [u16(...codes[matrix]), raw(Uint8Array.of(0))];
}

/** Parameter sets of H.264 without start codes. */
export interface AvcConfiguration {
  readonly sequence: Uint8Array;
  readonly picture: Uint8Array;
}
