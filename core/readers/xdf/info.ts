import type { XdfFormat } from "../../../wasm/mod.ts";
import { child, childText, type XmlElement } from "./xml.ts";

/** What a channel says of itself. */
export interface XdfChannel {
  readonly label?: string;
  readonly type?: string;
  /** As recorded, such as `microvolts`. */
  readonly unit?: string;
}

/** What the header of a stream says. */
export interface XdfStreamInfo {
  /** Id of its chunks. */
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly format: XdfFormat;
  readonly channelCount: number;
  /** Samples per second that the stream announces; 0 when they come irregularly. */
  readonly nominalRateHz: number;
  /** Described channels; fewer or more than there are where the description is wrong. */
  readonly channels: readonly XdfChannel[];
  /** Computer that sent the stream. */
  readonly hostname?: string;
  readonly sourceId?: string;
  readonly sessionId?: string;
  readonly uid?: string;
  /** When the outlet was made, in seconds of the clock of its computer. */
  readonly createdAt?: number;
  /** Lag in seconds that the sender states for its samples, to be subtracted from their stamps. */
  readonly offsetMean?: number;
  /** The sender says that samples may be missing in between. */
  readonly canDropSamples?: boolean;
  /** The whole header. */
  readonly header: XmlElement;
}

/** Most channels of one stream that are believed. */
const MAX_CHANNELS = 65_536;

/** Other names that programs give the formats. */
const FORMATS: Readonly<Record<string, XdfFormat>> = {
  int8: "int8",
  int16: "int16",
  int32: "int32",
  int64: "int64",
  float32: "float32",
  float: "float32",
  double64: "double64",
  double: "double64",
  float64: "double64",
  string: "string",
};

/** Reads the header of a stream, or says why its samples cannot be read. */
export function readInfo(id: number, header: XmlElement | undefined): XdfStreamInfo | string {
  if (header === undefined) return "it is no XML";
  const text = (name: string) => childText(header, name);
  const format = FORMATS[text("channel_format")?.toLowerCase() ?? ""];
  if (format === undefined) return `channel_format is "${text("channel_format") ?? ""}"`;
  const channelCount = numberOf(text("channel_count"));
  if (!Number.isInteger(channelCount) || channelCount < 0 || channelCount > MAX_CHANNELS) {
    return `channel_count is "${text("channel_count") ?? ""}"`;
  }
  const rate = numberOf(text("nominal_srate"));
  const createdAt = numberOf(text("created_at"));
  const offsetMean = numberOf(childText(header, "desc", "synchronization", "offset_mean"));
  const drops = childText(header, "desc", "synchronization", "can_drop_samples");
  return {
    id,
    name: text("name") ?? "",
    type: text("type") ?? "",
    format,
    channelCount,
    nominalRateHz: rate > 0 && Number.isFinite(rate) ? rate : 0,
    channels: readChannels(header),
    ...optional("hostname", text("hostname")),
    ...optional("sourceId", text("source_id")),
    ...optional("sessionId", text("session_id")),
    ...optional("uid", text("uid")),
    ...optional("createdAt", Number.isFinite(createdAt) ? createdAt : undefined),
    ...optional("offsetMean", Number.isFinite(offsetMean) ? offsetMean : undefined),
    ...optional("canDropSamples", drops === undefined ? undefined : /^true$/i.test(drops)),
    header,
  };
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } {
  return value === undefined ? {} : { [name]: value } as { [Key in Name]?: Value };
}

/** NaN for what is missing or no decimal number. */
function numberOf(text: string | undefined): number {
  return text !== undefined && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
    ? Number(text)
    : NaN;
}

function readChannels(header: XmlElement): XdfChannel[] {
  const list = child(header, "desc", "channels")?.children ?? [];
  return list.filter(({ name }) => name === "channel").map((channel) => ({
    ...optional("label", childText(channel, "label")),
    ...optional("type", childText(channel, "type")),
    ...optional("unit", childText(channel, "unit")),
  }));
}

/** What the footer of a stream says; it is compared and never used. */
export interface XdfFooter {
  readonly sampleCount?: number;
  readonly clockOffsets?: number;
}

/** Reads the footer of a stream. */
export function readFooter(footer: XmlElement | undefined): XdfFooter {
  const count = numberOf(childText(footer, "sample_count"));
  const offsets = child(footer, "clock_offsets")?.children.filter(({ name }) => name === "offset");
  return {
    ...optional("sampleCount", Number.isFinite(count) ? count : undefined),
    ...optional("clockOffsets", offsets?.length),
  };
}
