import { type PictureEncoder, UsageError } from "../../base/mod.ts";
import { createClip } from "../../exporters/mod.ts";
import { type Kernel, rgbToI420 } from "../../../wasm/mod.ts";
import type { OpenClip } from "./clips.ts";

/** One tick of the times of a video. */
const TICK_NS = 1000n;

/** Writes videos as H.264 in MP4. Pictures that do not come later than the one before are shown a tick after it. */
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
        const time = last === undefined || timeNs >= last + TICK_NS ? timeNs : last + TICK_NS;
        last = time;
        await clip.add(time, rgbToI420(kernel, rgb, width, height));
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
