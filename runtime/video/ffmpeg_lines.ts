/** What ffmpeg says of one picture. */
export interface FrameLine {
  /** Presentation time in ticks; undefined when it has none. */
  readonly ticks: number | undefined;
  /** ffmpeg's name of the pixel format. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
}

/** Milliseconds between looks for a line that is late. */
const LOOK_MS = 5;

/** Looks after which a line is given up: the program has written the picture and said nothing of it. */
const MAX_LOOKS = 2000;

/** Takes the lines of ffmpeg's filter `showinfo` out of all that it says. */
export class FrameLines {
  readonly seen: FrameLine[] = [];
  /** Numerator and denominator of a tick in seconds. */
  tick: readonly [number, number] = [1, 1];
  #rest = "";

  /** Adds what was said, in pieces of any length. */
  add(said: string): void {
    const lines = (this.#rest + said).split(/\r?\n|\r/);
    this.#rest = (lines.pop() ?? "").slice(-MAX_LINE);
    for (const line of lines) this.#read(line);
  }

  /** The next line; waits for it a while, because pictures and words come by different ways. */
  async next(): Promise<FrameLine | undefined> {
    for (let looks = 0; this.seen.length === 0 && looks < MAX_LOOKS; looks++) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return this.seen.shift();
  }

  #read(line: string): void {
    if (!line.includes("showinfo")) return;
    const base = /config in time_base: (\d+)\/(\d+)/.exec(line);
    if (base !== null) this.tick = [Number(base[1]), Number(base[2])];
    const picture = /\bpts: *(\S+) .*\bfmt:(\S+) .*\bs:(\d+)x(\d+)/.exec(line);
    if (picture === null) return;
    const [, pts, format = "", width, height] = picture;
    const ticks = Number(pts);
    this.seen.push({
      ticks: Number.isFinite(ticks) ? ticks : undefined,
      format,
      width: Number(width),
      height: Number(height),
    });
  }
}

/** Longest line that is kept until its end comes. */
const MAX_LINE = 1 << 16;
