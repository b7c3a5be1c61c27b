import {
  DEFAULT_WALL_CLOCK_SIGMA_S,
  EVIDENCE_KINDS,
  type FolderSource,
  type MediaDecoder,
  type ProcessSettings,
} from "session-process";
import { ffmpegDecoder } from "session-process/runtime";
import { flagOption, listOption, stringOption, textsOption } from "../arguments.ts";
import type { Arguments, OptionSpec } from "../command.ts";

/** Options that several commands take; they read the same everywhere. */
export const JSON_OPTION = {
  json: { type: "boolean", help: "Write one JSON document instead of text" },
} as const satisfies Record<string, OptionSpec>;

/** How naive times are read. */
export const TIMEZONE_OPTION = {
  timezone: {
    type: "string",
    value: "ZONE",
    help: "Zone of times without one: +02:00 or Europe/London",
  },
} as const satisfies Record<string, OptionSpec>;

/** Where results go. */
export const OUT_OPTION = {
  out: {
    type: "string",
    short: "o",
    value: "DIR",
    help: "Write here instead of into the session",
  },
} as const satisfies Record<string, OptionSpec>;

/** How clocks are aligned. */
export const CLOCK_OPTIONS = {
  reference: { type: "string", value: "CLOCK", help: "Clock on which everything is placed" },
  evidence: {
    type: "string",
    multiple: true,
    value: "KINDS",
    help: `Use only these, of ${EVIDENCE_KINDS.join(",")}`,
  },
  without: { type: "string", multiple: true, value: "KINDS", help: "Leave these kinds out" },
  anchor: {
    type: "string",
    multiple: true,
    value: "CLOCK=TIME",
    help: "Time of the first sample of a clock, stream or device, or CLOCK@READING=TIME; " +
      "+-SECONDS behind it says how certain",
  },
  "trust-wall-clocks": {
    type: "string",
    value: "SECONDS",
    help: "How far clocks that claim UTC may be apart, one sigma, or none " +
      `(default: ${DEFAULT_WALL_CLOCK_SIGMA_S})`,
  },
  "no-dejitter": { type: "boolean", help: "Leave the jitter of stamps in regular streams" },
  ffmpeg: {
    type: "string",
    value: "PROGRAM",
    help: "Compare sound and flashes of videos, decoded by this ffmpeg; Deno needs " +
      "--allow-run=PROGRAM --allow-env=NODE_V8_COVERAGE",
  },
  ...TIMEZONE_OPTION,
} as const satisfies Record<string, OptionSpec>;

/** The decoder of `--ffmpeg`, if it was given. */
export async function decoderOption(
  args: Arguments,
  folder: FolderSource,
): Promise<{ readonly decoder?: MediaDecoder }> {
  const program = stringOption(args, "ffmpeg");
  if (program === undefined) return {};
  const decoder = await ffmpegDecoder({ program, locate: (path) => folder.locate?.(path) });
  return { decoder };
}

const KINDS_REMEDY = `Give some of ${EVIDENCE_KINDS.join(",")}`;

/** What {@linkcode CLOCK_OPTIONS} were given. */
export function clockSettings(args: Arguments): ProcessSettings {
  return {
    timezone: stringOption(args, "timezone"),
    reference: stringOption(args, "reference"),
    evidence: listOption(args, "evidence", KINDS_REMEDY),
    without: listOption(args, "without", KINDS_REMEDY),
    anchors: textsOption(args, "anchor"),
    trustWallClocks: stringOption(args, "trust-wall-clocks"),
    dejitter: flagOption(args, "no-dejitter") ? false : undefined,
  };
}
