import { type PictureEncoder, UsageError } from "../../base/mod.ts";
import { createClip } from "../../exporters/mod.ts";
import { type Kernel, rgbToI420 } from "../../../wasm/mod.ts";
import type { OpenClip } from "./clips.ts";

/** One tick of the times of a video. */
const TICK_NS = 1000n;

/** An hour: longer than this no picture is shown, whatever goes by until the next one. */
const MAX_STEP_NS = 3_600_000_000_000n;

/**
 * Writes videos as H.264 in MP4. Pictures that do not come later than the one before are shown a tick after it, those
 * that come more than an hour later an hour after it.
 */
export function h264Clips(kernel: Kernel, encoder: PictureEncoder): OpenClip {
  return async (create, { width, height, nominalFps }) => {
    const sink = await create("mp4");
    const clip = createClip(sink, { encoder, width, height, nominalFps });
    if (typeof clip === "string") {
      await sink.abort();
      throw new UsageError(
        `Cannot write a video of ${width}x${height}: ${clip}`,
        "Leave --overlay and --crop out",
      );
    }
    let last: bigint | undefined;
    return {
      async add(rgb, timeNs) {
        last = last === undefined ? timeNs : last + stepOf(timeNs - last);
        await clip.add(last, rgbToI420(kernel, rgb, width, height));
      },
      async finish() {
        await clip.finish();
        await sink.commit();
      },
      async abort() {
        clip.close();
        await sink.abort();
      },
    };
  };
}

function stepOf(stepNs: bigint): bigint {
  if (stepNs < TICK_NS) return TICK_NS;
  return stepNs > MAX_STEP_NS ? MAX_STEP_NS : stepNs;
}
