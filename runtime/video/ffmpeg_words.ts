import type { ColorMatrix, FileVideo } from "../../core/base/mod.ts";

/** Matrices by the names of ffmpeg. */
const MATRICES: Readonly<Record<string, ColorMatrix>> = {
  bt709: "bt709",
  smpte170m: "bt601",
  bt470bg: "bt601",
  bt2020nc: "bt2020",
  bt2020c: "bt2020",
};

/** Reads what ffmpeg says of the first video of a file before it begins. */
export function describeVideo(
  words: string,
): Omit<FileVideo, "width" | "height" | "pictures"> | undefined {
  const input = words.split(/^Output /m)[0]!;
  const stream = /Stream #\S+.*: Video: (\w+)(.*)/.exec(input);
  if (stream === null) return undefined;
  const [line, codec = "", rest = ""] = stream;
  const fps = Number(/([\d.]+) fps/.exec(rest)?.[1] ?? NaN);
  const matrix = Object.entries(MATRICES).find(([name]) =>
    new RegExp(`[(, /]${name}\\b`).test(rest)
  );
  const behind = input.slice(input.indexOf(line)).split(/^ *Stream #/m)[1] ?? "";
  const turn = /rotation of (-?[\d.]+) degrees/.exec(behind)?.[1] ?? "0";
  // ffmpeg counts against the clock.
  const quarter = ((Math.round(-Number(turn) / 90) % 4) + 4) % 4;
  return {
    codec,
    nominalFps: fps > 0 ? fps : NaN,
    matrix: matrix?.[1],
    fullRange: /\(pc\b|yuvj/.test(rest),
    rotation: ([0, 90, 180, 270] as const)[quarter]!,
  };
}
