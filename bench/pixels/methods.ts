/**
 * Time of the classical methods for each picture of a recording, on one core.
 *
 * `deno run -A bench/pixels/methods.ts VIDEO [--frames 120] [--turns 3]`
 *
 * ffmpeg decodes the pictures before anything is timed; they must be 4:2:0. Each method goes through them some times.
 * Of each picture the least time counts, as other work on the machine only adds to it; their mean is printed.
 *
 * @module
 */
import { colorMethod, contourMethod, type HandMethod } from "../../core/hands/mod.ts";
import { FrameImage, Kernel } from "../../wasm/mod.ts";
import { option, output, print } from "../support/process.ts";

function decode(
  path: string,
  frames: number,
): { width: number; height: number; bytes: Uint8Array } {
  const probe = [
    "ffprobe",
    "-v",
    "error",
    "-select_streams",
    "v",
    "-show_entries",
    "stream=width,height",
  ];
  const [width = 0, height = 0] = output([...probe, "-of", "csv=p=0", path]).split(",").map(Number);
  const folder = Deno.makeTempDirSync();
  try {
    const input = ["ffmpeg", "-v", "error", "-i", path, "-frames:v", String(frames)];
    output([...input, "-pix_fmt", "yuv420p", "-f", "rawvideo", `${folder}/pictures`]);
    return { width, height, bytes: Deno.readFileSync(`${folder}/pictures`) };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const mean = (times: readonly number[]) =>
  times.reduce((sum, time) => sum + time, 0) / times.length;

async function measure(path: string): Promise<void> {
  const { width, height, bytes } = decode(path, option("frames", 120));
  const luma = width * height;
  const chroma = Math.ceil(width / 2) * Math.ceil(height / 2);
  const size = luma + 2 * chroma;
  const planes = [0, luma, luma + chroma].map((offset, at) => ({
    offset,
    stride: at === 0 ? width : Math.ceil(width / 2),
  }));
  const facts = {
    format: "I420",
    width,
    height,
    planes,
    matrix: "bt709",
    fullRange: false,
    rotation: 0,
  } as const;
  const kernel = new Kernel();
  const image = new FrameImage(kernel);
  const makers: (() => HandMethod)[] = [
    () => colorMethod({ kernel, image }),
    () => contourMethod({ kernel, image }),
  ];
  const count = Math.floor(bytes.length / size);
  for (const make of makers) {
    const [loads, finds] = [
      new Array<number>(count).fill(Infinity),
      new Array<number>(count).fill(Infinity),
    ];
    let name = "";
    for (let turn = 0; turn < option("turns", 3); turn++) {
      const method = make();
      name = method.name;
      for (let index = 0; index < count; index++) {
        const started = performance.now();
        image.load({ ...facts, data: bytes.subarray(index * size, (index + 1) * size) });
        const loaded = performance.now();
        await method.process({ index, timeNs: undefined });
        loads[index] = Math.min(loads[index]!, loaded - started);
        finds[index] = Math.min(finds[index]!, performance.now() - loaded);
      }
      await method.close();
    }
    const [load, find] = [mean(loads), mean(finds)];
    const rate = (1000 / (load + find)).toFixed(0);
    print(
      `${name} ${width}x${height}: ${load.toFixed(2)} ms for colours, ${
        find.toFixed(2)
      } ms for hands, ${rate} pictures a second`,
    );
  }
}

await measure(Deno.args[0] ?? "");
