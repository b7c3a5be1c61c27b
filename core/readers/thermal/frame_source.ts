import {
  type ByteSource,
  type FrameReadOptions,
  type FrameSource,
  type Issue,
  MISSING_NS,
  type ReportIssue,
  throwIfCancelled,
  type VideoFrame,
} from "../../base/mod.ts";
import { type Kernel, ThermalView, type ThermalViewOptions } from "../../../wasm/mod.ts";
import { openThermal, type ThermalReader } from "./open.ts";

/** Options of {@linkcode openThermalFrames}. */
export interface ThermalFramesOptions extends ThermalViewOptions {
  readonly kernel: Kernel;
  /** Path of the file, for issues. */
  readonly path: string;
  /** Raw value per kelvin: 64 in high gain, 16 in 14-bit modes. @default {64} */
  readonly divisor?: number | undefined;
  /** Receives what is wrong with the file. */
  readonly report?: ReportIssue | undefined;
}

/** A thermal recording as grey pictures, with the temperatures at hand. */
export interface ThermalFrameSource extends FrameSource {
  /** Raw value per kelvin: a raw value divided by it is a temperature in kelvin. */
  readonly divisor: number;
  /** Raw values of the frame that was given last, row by row; empty before the first. Overwritten by the next. */
  raw(): Uint16Array;
}

/**
 * Opens a thermal recording of the phone as grey pictures (`GRAY8`) for whatever looks at video.
 *
 * Each frame is stretched by itself, so that a warm object that comes into view may darken the rest. Frames have the
 * positions of the rows that `openThermal` gives, and their recorded times in ns since 1970 UTC. Temperatures are to
 * be taken from `thermal` of a frame, or from `raw`, never from the grey levels. Undefined, with an issue, when the file has no usable header;
 * the source is closed then, else with the frames.
 *
 * @example
 * ```ts
 * import { bytesSource, Kernel, openThermalFrames } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const file = new Uint8Array(16 + 8 + 4); // a picture of 2 x 1 pixels
 * file.set(new TextEncoder().encode("THERMAL1"));
 * const view = new DataView(file.buffer);
 * view.setInt32(8, 2);
 * view.setInt32(12, 1);
 * view.setBigInt64(16, 1_753_790_000_000n);
 * view.setUint16(24, 64 * 300, true);
 * view.setUint16(26, 64 * 310, true);
 * const source = await openThermalFrames(bytesSource(file), { kernel: new Kernel(), path: "a.dat" });
 * for await (const { data } of source!.frames()) {
 *   assert.deepEqual([...data], [0, 255]);
 *   assert.equal(source!.raw()[1]! / source!.divisor, 310);
 * }
 * ```
 */
export async function openThermalFrames(
  source: ByteSource,
  { kernel, path, divisor, report, ...view }: ThermalFramesOptions,
): Promise<ThermalFrameSource | undefined> {
  const issues: Issue[] = [];
  const [reader] = await openThermal(source, {
    kernel,
    path,
    device: "thermal",
    name: "thermal",
    ...(divisor === undefined ? {} : { divisor }),
    report: (issue) => {
      issues.push(issue);
      report?.(issue);
    },
  });
  if (reader === undefined) return undefined;
  const { width, height } = reader;
  // Wrong options are told now, not with the first frame.
  new ThermalView(kernel, width, height, view).dispose();
  let current = new Uint16Array();
  return {
    // Temperatures depend on the divisor.
    decoder: `thermal at ${reader.divisor} per kelvin`,
    codec: "thermal",
    width,
    height,
    frameCount: reader.frameCount,
    nominalFps: reader.schema.nominalRateHz ?? NaN,
    issues,
    divisor: reader.divisor,
    raw: () => current,
    async *frames(options) {
      const renderer = new ThermalView(kernel, width, height, view);
      try {
        yield* greyFrames(reader, renderer, options, (raw) => current = raw);
      } finally {
        renderer.dispose();
      }
    },
    close: () => reader.close(),
  };
}

async function* greyFrames(
  { frames, width, height, divisor }: ThermalReader,
  renderer: ThermalView,
  { from = 0, to = Infinity, signal }: FrameReadOptions = {},
  keep: (raw: Uint16Array<ArrayBuffer>) => void,
): AsyncGenerator<VideoFrame> {
  for await (const { index, timeNs, raw } of frames({ from, signal })) {
    throwIfCancelled(signal);
    if (index >= to) return;
    keep(raw);
    yield {
      index,
      timeNs: timeNs === MISSING_NS ? undefined : timeNs,
      format: "GRAY8",
      width,
      height,
      data: renderer.render(raw),
      planes: [{ offset: 0, stride: width }],
      matrix: "bt601",
      fullRange: true,
      rotation: 0,
      thermal: { raw, divisor },
    };
  }
}
