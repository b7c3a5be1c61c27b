/** A number of 1, 4 or 8 bytes behind a byte that says how many. */
export function variable(number: number, size: 1 | 4 | 8 = number < 256 ? 1 : 4): number[] {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number), true);
  return [size, ...bytes.subarray(0, size)];
}

/** Bytes of a float, little-endian. */
export function double(value: number): number[] {
  return [...new Uint8Array(Float64Array.of(value).buffer)];
}

/** Bytes of text in UTF-8. */
export function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

/** A chunk of an XDF file. */
export function chunk(tag: number, content: readonly number[], size?: 1 | 4 | 8): number[] {
  return [...variable(content.length + 2, size), tag & 255, tag >> 8, ...content];
}

/** A chunk that belongs to a stream. */
export function streamChunk(tag: number, id: number, content: readonly number[]): number[] {
  return chunk(tag, [...new Uint8Array(Uint32Array.of(id).buffer), ...content]);
}

/** What a header says; any further XML goes behind. */
export interface HeaderParts {
  readonly name?: string;
  readonly format?: string;
  readonly channels?: number | string;
  readonly rate?: number | string;
  readonly more?: string;
}

/** The header of a stream. */
export function header(
  id: number,
  { name = "A", format = "int16", channels = 1, rate = 10, more = "" }: HeaderParts = {},
): number[] {
  const xml = `<?xml version="1.0"?><info><name>${name}</name><type>T</type>` +
    `<channel_count>${channels}</channel_count><nominal_srate>${rate}</nominal_srate>` +
    `<channel_format>${format}</channel_format>${more}</info>`;
  return streamChunk(2, id, utf8(xml));
}

/** A sample: its stamp, if it has one, and the bytes of its values. */
export interface SampleBytes {
  readonly at?: number;
  readonly values: readonly number[];
}

/** A chunk of samples. */
export function samples(id: number, list: readonly SampleBytes[]): number[] {
  const body = list.flatMap(({ at, values }) => [
    ...(at === undefined ? [0] : [8, ...double(at)]),
    ...values,
  ]);
  return streamChunk(3, id, [...variable(list.length), ...body]);
}

/** A text as samples hold it. */
export function text(value: string | readonly number[]): number[] {
  const bytes = typeof value === "string" ? utf8(value) : value;
  return [...variable(bytes.length), ...bytes];
}

/** A reading of the clock of a stream. */
export function offset(id: number, time: number, value: number): number[] {
  return streamChunk(4, id, [...double(time), ...double(value)]);
}

/** A boundary chunk. */
export function boundary(): number[] {
  const uuid = "43a546dccbf5410fb30ed5467383cbe4";
  return chunk(5, uuid.match(/../g)!.map((pair) => Number.parseInt(pair, 16)));
}

/** The footer of a stream. */
export function footer(id: number, xml = "<info/>"): number[] {
  return streamChunk(6, id, utf8(xml));
}

/** A whole file. */
export function xdfFile(...chunks: readonly (readonly number[])[]): Uint8Array {
  const start = [...utf8("XDF:"), ...chunk(1, utf8("<info><version>1.0</version></info>"))];
  return Uint8Array.from([start, ...chunks].flat());
}
