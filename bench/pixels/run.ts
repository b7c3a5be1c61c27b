/**
 * Work on pixels, with this toolkit's kernel and with OpenCV on one thread.
 *
 * `OPENCV_PYTHONPATH=folder deno run -A bench/pixels/run.ts [--rounds 60] [--turns 3]`
 *
 * `folder` holds `opencv-python-headless`. The answers of both are compared before anything is timed. Each side is a
 * process of its own, in turns; the least time of all rounds counts, as other work on the machine only adds to it.
 * Our times include the copies into and out of the memory of the kernel.
 *
 * @module
 */
import { FrameImage, Kernel, labelBitmap, morphBitmap } from "../../wasm/mod.ts";
import { option, output, print } from "../support/process.ts";
import { HEIGHT, spottedMask, wavyPicture, WIDTH } from "./data.ts";

/** Largest difference between both answers that is let pass, in the unit of the answer, and why. */
const TOLERANCES: Readonly<Record<string, number>> = {
  // Both round to whole numbers in their own way.
  colour: 2,
  // OpenCV rounds places to 1/32 of a pixel.
  crop: 4 / 255,
  letterbox: 2 / 255,
  shrink: 2,
  open3: 0,
  open15: 0,
  components: 0,
};

interface Times {
  readonly version: string;
  readonly times: Readonly<Record<string, readonly number[]>>;
}

/** Our side of the work, by name. */
function ourWork(
  picture: Uint8Array,
  mask: Uint8Array,
): Record<string, () => Uint8Array | Float32Array | Float64Array> {
  const kernel = new Kernel();
  const image = new FrameImage(kernel);
  const small = new FrameImage(kernel);
  const luma = WIDTH * HEIGHT;
  const load = () =>
    image.load({
      format: "I420",
      width: WIDTH,
      height: HEIGHT,
      data: picture,
      planes: [0, luma, luma * 1.25].map((offset, at) => ({
        offset,
        stride: at === 0 ? WIDTH : WIDTH / 2,
      })),
      matrix: "bt601",
      fullRange: false,
      rotation: 0,
    });
  load();
  const box = { centerX: 600, centerY: 300, width: 300, height: 300, angle: 0.4 };
  const whole = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
  const empty = new Uint8Array(0);
  return {
    colour: () => (load(), empty),
    crop: () => image.cropTensor(box, { width: 224, height: 224, layout: "nhwc" }),
    letterbox: () => image.letterboxTensor(whole, { width: 192, height: 192, layout: "nhwc" }).data,
    shrink: () => (small.shrink(image, 4), empty),
    open3: () => morphBitmap(kernel, mask, WIDTH, "open", 3),
    open15: () => morphBitmap(kernel, mask, WIDTH, "open", 15),
    components: () =>
      Float64Array.from(labelBitmap(kernel, mask, WIDTH).components, ({ area }) => area).sort(),
    // What has no result of its own to time is read once for the comparison.
    "answer colour": () => image.rgb(),
    "answer shrink": () => small.rgb(),
  };
}

function runOurs(folder: string, rounds: number): void {
  const work = ourWork(Deno.readFileSync(`${folder}/picture`), Deno.readFileSync(`${folder}/mask`));
  const times: Record<string, number[]> = {};
  for (const name of Object.keys(TOLERANCES)) {
    const run = work[name]!;
    const answer = run();
    const { buffer } = work[`answer ${name}`]?.() ?? answer;
    Deno.writeFileSync(`${folder}/ours.${name}`, new Uint8Array(buffer));
    times[name] = Array.from({ length: rounds }, () => {
      const started = performance.now();
      run();
      return performance.now() - started;
    });
  }
  print(JSON.stringify({ version: "", times }));
}

/** Largest difference between two answers. */
function difference(folder: string, name: string): number {
  const read = (side: string) => {
    const { buffer } = Deno.readFileSync(`${folder}/${side}.${name}`);
    if (name === "components") return new Float64Array(buffer);
    return name === "crop" || name === "letterbox"
      ? new Float32Array(buffer)
      : new Uint8Array(buffer);
  };
  const [ours, theirs] = [read("ours"), read("peer")];
  if (ours.length !== theirs.length) return Infinity;
  let worst = 0;
  for (let at = 0; at < ours.length; at++) {
    worst = Math.max(worst, Math.abs(ours[at]! - theirs[at]!));
  }
  return worst;
}

function compare(folder: string): void {
  for (const [name, tolerance] of Object.entries(TOLERANCES)) {
    const found = difference(folder, name);
    print(`${name}: answers differ by at most ${found}`);
    if (!(found <= tolerance)) {
      throw new Error(`Cannot compare ${name}: answers differ by ${found}`);
    }
  }
}

function measure(): void {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.writeFileSync(`${folder}/picture`, wavyPicture());
    Deno.writeFileSync(`${folder}/mask`, spottedMask());
    const rounds = String(option("rounds", 60));
    const script = new URL("peer.py", import.meta.url).pathname;
    const python = [
      "env",
      `PYTHONPATH=${Deno.env.get("OPENCV_PYTHONPATH") ?? ""}`,
      "/usr/bin/python3",
    ];
    const sides = {
      ours: [Deno.execPath(), "run", "-A", "--no-check", import.meta.url, "--ours", folder],
      peer: [...python, script, folder],
    };
    const run = (command: readonly string[], count: string) =>
      JSON.parse(output([...command, count])) as Times;
    run(sides.ours, "1");
    const { version } = run(sides.peer, "1");
    compare(folder);
    const least: Record<string, [number, number]> = {};
    for (let turn = 0; turn < option("turns", 3); turn++) {
      for (const [at, command] of [sides.ours, sides.peer].entries()) {
        for (const [name, spent] of Object.entries(run(command, rounds).times)) {
          const best = least[name] ??= [Infinity, Infinity];
          best[at as 0 | 1] = Math.min(best[at as 0 | 1], ...spent);
        }
      }
    }
    for (const [name, [ours, theirs]] of Object.entries(least)) {
      const parts = [`${ours.toFixed(3)} ms`, `OpenCV ${version} ${theirs.toFixed(3)} ms`];
      print(`${name}: ${parts.join(", ")}, ratio ${(theirs / ours).toFixed(2)}`);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const ours = Deno.args.indexOf("--ours");
if (ours < 0) measure();
else runOurs(Deno.args[ours + 1] ?? "", Number(Deno.args[ours + 2]));
