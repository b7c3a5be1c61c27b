/** Whether a program runs. Under `CI=true` a missing one is an error, not a reason to skip. */
export function hasProgram(name: string, args: readonly string[] = ["-version"]): boolean {
  try {
    runProgram(name, args);
    return true;
  } catch (thrown) {
    if (Deno.env.get("CI") === "true") throw thrown;
    // deno-lint-ignore no-console
    console.warn(`Skipped: ${name} ${args.join(" ")} does not run`);
    return false;
  }
}

/** Runs a program and gives what it wrote to standard output. Throws when it fails. */
export function runProgram(name: string, args: readonly string[]): Uint8Array {
  const { success, stdout, stderr } = new Deno.Command(name, { args: [...args] }).outputSync();
  if (!success) throw new Error(`${name} failed: ${new TextDecoder().decode(stderr)}`);
  return stdout;
}

/** Presentation times of all frames of the first video stream in ticks, as ffprobe decodes them. */
export function probeFramePts(path: string): bigint[] {
  return probeColumn(path, ["-show_entries", "frame=pts"]);
}

/** Presentation times of all packets in file order in ticks, as ffprobe lists them. */
export function probePacketPts(path: string, extra: readonly string[] = []): bigint[] {
  return probeColumn(path, [...extra, "-show_entries", "packet=pts"]);
}

function probeColumn(path: string, args: readonly string[]): bigint[] {
  const common = ["-v", "error", "-select_streams", "v:0", "-of", "csv=p=0"];
  const text = new TextDecoder().decode(runProgram("ffprobe", [...common, ...args, path]));
  return text.split("\n").map((line) => line.split(",")[0]!.trim()).filter((value) => value !== "")
    .map(BigInt);
}

/** What ffprobe says of the first video stream. */
export function probeStream(path: string): Record<string, unknown> {
  const args = ["-v", "error", "-select_streams", "v:0", "-show_streams", "-of", "json", path];
  const parsed: unknown = JSON.parse(new TextDecoder().decode(runProgram("ffprobe", args)));
  return (parsed as { streams: Record<string, unknown>[] }).streams[0]!;
}

/** Luma planes of all frames of a 4:2:0 video, as ffmpeg decodes them without turning them. */
export function decodeLuma(path: string, width: number, height: number): Uint8Array[] {
  const args = ["-v", "error", "-noautorotate", "-i", path, "-vsync", "0"];
  const all = runProgram("ffmpeg", [...args, "-pix_fmt", "yuv420p", "-f", "rawvideo", "-"]);
  const step = (width * height * 3) / 2;
  return Array.from(
    { length: all.length / step },
    (_, index) => all.subarray(index * step, index * step + width * height),
  );
}
