import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import {
  createIssue,
  type EncodePng,
  type FolderSource,
  type FrameChoice,
  handsFile,
  type HandsOutcome,
  handsSession,
  type HandsSessionOptions,
  type Issue,
  issueMessage,
  type OpenFrames,
  openThermalFrames,
  openVideo,
  type PictureEncoder,
  type RenderChoice,
  type RunOptions,
  UsageError,
  type VideoDecoders,
} from "session-process";
import { openFileFolder, openFolder } from "session-process/runtime";
import { flagOption, listOption, optionalOption, stringOption } from "../arguments.ts";
import type { Arguments, Command, CommandContext, ExitCode } from "../command.ts";
import { countOption, secondsOption } from "../hand_arguments.ts";
import { HAND_OPTIONS, handDecoders, handEngines } from "../hand_engines.ts";
import { renderHands } from "../render/hands.ts";
import { renderJson } from "../render/json.ts";
import { exitCodeOf, writeSession } from "../write_session.ts";
import { CLOCK_OPTIONS, clockSettings, JSON_OPTION, OUT_OPTION } from "./options.ts";

/** Side of the videos of hands. */
const CROP_SIDE = 256;

/** `hands`: hands, landmarks and masks of recorded pictures. */
export const handsCommand: Command = {
  name: "hands",
  summary: "Find hands in the videos of a session, with landmarks and masks",
  usage: "VIDEO|IMAGES|SESSION...",
  arity: { min: 1, max: Infinity },
  options: {
    ...HAND_OPTIONS,
    every: { type: "string", value: "N", help: "Search one picture of N (default: 1)" },
    from: { type: "string", value: "TIME", help: "Begin so far into the recording: 90, 1:30" },
    to: { type: "string", value: "TIME", help: "End so far into the recording" },
    overlay: { type: "boolean", help: "Write a video with the hands drawn into it" },
    crop: {
      type: "string",
      optional: true,
      value: "SIDE",
      help: `Write a video of each hand, of so many pixels (default: ${CROP_SIDE})`,
    },
    streams: {
      type: "string",
      multiple: true,
      value: "GLOB",
      help: "Only these recordings of a session, such as phone_1/* (default: all)",
    },
    ...OUT_OPTION,
    ...CLOCK_OPTIONS,
    ...JSON_OPTION,
  },
  examples: [
    "session-process hands recordings/session_20250731_143022",
    "session-process hands webcam.mp4 --max-hands 1 --from 0:30 --to 1:00",
    "session-process hands thermal_pictures --max-hands 2",
    "session-process hands recordings/session_20250731_143022 --method color_based --every 5",
  ],
  run: hands,
};

async function hands(context: CommandContext): Promise<ExitCode> {
  const { args, terminal } = context;
  const alone = await recordingAlone(args.positionals[0]!);
  const choice = { ...frameChoice(args), ...renderChoice(args) };
  const settings = { ...clockSettings(args), streams: streamsOption(args) };
  const engines = await handEngines(args);
  const { encoder, issues } = await encoderFor(choice, args);
  const { encodePng } = await import("session-process/video");
  const pngOf: EncodePng = ({ width, height, rgb }) =>
    encodePng({ width, height, format: "RGB", data: rgb });
  const openFrames = framesOpener(await handDecoders(args));
  const { outcome, out } = await writeSession(context, {
    settings,
    work: (options: RunOptions): Promise<HandsOutcome> => {
      const chosen: HandsSessionOptions = {
        ...options,
        ...choice,
        ...engines,
        methodIssues: engines.issues,
        encoder,
        openFrames,
        now: () => performance.now(),
        encodePng: pngOf,
      };
      return alone === undefined
        ? handsSession(chosen)
        : handsFile({ ...chosen, path: alone.path });
    },
    ...(alone !== undefined && { open: openOne(alone.folder), besides: alone.besides }),
  });
  const found = { ...outcome, issues: [...engines.issues, ...issues, ...outcome.issues] };
  terminal.out(
    flagOption(args, "json")
      ? renderJson(document(found, out))
      : renderHands(found, out, terminal.colour),
  );
  return exitCodeOf(found);
}

/** A recording that belongs to no session: a file, or a folder of images. */
interface RecordingAlone {
  readonly folder: FolderSource;
  /** Within the folder; empty for all of its images. */
  readonly path: string;
  /** Folder that takes the results. */
  readonly besides: string;
}

async function recordingAlone(path: string): Promise<RecordingAlone | undefined> {
  const found = await stat(path).catch((error: { readonly code?: string }) => {
    if (error.code === "ENOENT") throw new UsageError(`No such file or folder: ${path}`);
  });
  if (found?.isFile() && !/\.xdf$/i.test(path)) {
    return { folder: openFileFolder(path), path: basename(path), besides: dirname(path) };
  }
  if (!found?.isDirectory()) return undefined;
  const folder = openFolder(path);
  return await hasOnlyImages(folder) ? { folder, path: "", besides: path } : undefined;
}

const IMAGE_REGEXP = /\.(png|jpe?g)$/i;
/** What earlier runs have left in a folder of images. */
const RESULTS_REGEXP = /^(processing|exports)$/;

async function hasOnlyImages(folder: FolderSource): Promise<boolean> {
  let images = 0;
  for await (const { path } of folder.list({ maxDepth: 1 })) {
    if (IMAGE_REGEXP.test(path)) images++;
    else if (!RESULTS_REGEXP.test(path)) return false;
  }
  return images > 0;
}

/** Several videos are no session. */
function openOne(folder: FolderSource) {
  return (paths: readonly string[]): Promise<FolderSource> => {
    if (paths.length === 1) return Promise.resolve(folder);
    throw new UsageError(
      `Cannot search several recordings at once: ${paths.join(", ")}`,
      "Give one video, or the folders of one session; the size of crops follows an equals sign: --crop=256",
    );
  };
}

function framesOpener(decoders: VideoDecoders): OpenFrames {
  return async ({ path, format }, { folder, report, signal, kernel, divisor }) => {
    if (format !== "thermal-dat" && !THERMAL_REGEXP.test(path)) {
      return await openVideo(folder, path, { decoders, report, signal });
    }
    return await openThermalFrames(await folder.open(path), { kernel, path, divisor, report });
  };
}

/** Thermal recordings of the phone. */
const THERMAL_REGEXP = /\.dat$/i;

function streamsOption(args: Arguments): readonly string[] | undefined {
  return listOption(args, "streams", "Give globs of stream ids, such as phone_1/*");
}

/** What encodes videos, when some are wanted, and why there is nothing: a named ffmpeg stands in for the embedded one. */
async function encoderFor({ overlay, cropSide }: RenderChoice, args: Arguments): Promise<{
  readonly encoder?: PictureEncoder;
  readonly issues: readonly Issue[];
}> {
  if (!overlay && cropSide === undefined) return { issues: [] };
  const { embeddedEncoder, ffmpegEncoder } = await import("session-process/video");
  const embedded = await embeddedEncoder();
  if (typeof embedded !== "string") return { encoder: embedded, issues: [] };
  const program = stringOption(args, "ffmpeg");
  const encoder = program === undefined ? embedded : await ffmpegEncoder(program);
  if (typeof encoder !== "string") return { encoder, issues: [] };
  return { issues: [createIssue("HANDS_NO_ENCODER", { reason: encoder })] };
}

function renderChoice(args: Arguments): RenderChoice {
  const crop = optionalOption(args, "crop");
  const cropSide = crop === "" ? CROP_SIDE : countOption(args, "crop");
  if (cropSide !== undefined && (cropSide < 16 || cropSide > 1024)) {
    throw new UsageError(`--crop needs 16 to 1024 pixels: current value is "${cropSide}"`);
  }
  return { overlay: flagOption(args, "overlay"), cropSide };
}

function frameChoice(args: Arguments): FrameChoice {
  const [fromSeconds, toSeconds] = [secondsOption(args, "from"), secondsOption(args, "to")];
  if (fromSeconds !== undefined && toSeconds !== undefined && toSeconds <= fromSeconds) {
    throw new UsageError("Cannot end before the beginning: --to must be after --from");
  }
  return { every: countOption(args, "every"), fromSeconds, toSeconds };
}

function document({ name, recordings, issues, written, loss }: HandsOutcome, out: string) {
  return {
    name,
    out,
    loss,
    recordings: Object.fromEntries(recordings),
    issues: issues.map((issue) => ({ ...issue, message: issueMessage(issue) })),
    written,
  };
}
