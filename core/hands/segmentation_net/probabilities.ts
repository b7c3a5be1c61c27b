import { createIssue, exponential, IssueError, type Tensor } from "../../base/mod.ts";
import type { MaskOutput } from "../manifest/mod.ts";

/** Probabilities of a hand, row after row. */
export interface ProbabilityMap {
  readonly values: Float32Array;
  readonly columns: number;
  readonly rows: number;
}

/** How the numbers of a tensor lie. */
interface Layout {
  readonly channels: number;
  readonly columns: number;
  readonly rows: number;
  /** Numbers from one channel of a pixel to the next, and from one pixel to the next. */
  readonly channelStep: number;
  readonly pixelStep: number;
}

/**
 * The probability of a hand at each place that a network tells of: the sum over the channels that are hands.
 *
 * Throws `IssueError` when the numbers have another shape than described.
 *
 * @param path Name of the network, for the message.
 */
export function handProbabilities(tensor: Tensor, mask: MaskOutput, path: string): ProbabilityMap {
  const { data } = tensor;
  const layout = layoutOf(tensor, mask);
  const { channels: chosen = [0], activation = "none" } = mask;
  if (
    layout === undefined || !(data instanceof Float32Array) ||
    chosen.some((channel) => channel >= layout.channels)
  ) {
    const found = `${tensor.type} of ${tensor.shape.join("x")}`;
    const expected = `float32, ${mask.layout}, with channels ${chosen.join(", ")}`;
    const params = { part: `Output ${mask.output}`, found, expected };
    throw new IssueError(createIssue("MODEL_SHAPE_MISMATCH", params, { path }));
  }
  const { columns, rows } = layout;
  const values = new Float32Array(columns * rows);
  for (let pixel = 0; pixel < values.length; pixel++) {
    const start = pixel * layout.pixelStep;
    values[pixel] = activation === "softmax"
      ? softmaxShare(data, start, layout, chosen)
      : channelSum(data, start, layout, chosen, activation === "sigmoid");
  }
  return { values, columns, rows };
}

/** One picture with channels before or behind its pixels, or without an axis for them. */
function layoutOf({ shape, data }: Tensor, { layout }: MaskOutput): Layout | undefined {
  const [first, ...rest] = shape.length === 2 ? [1, ...shape] : shape;
  if (first !== 1 || rest.length < 2 || rest.length > 3) return undefined;
  const isFlat = rest.length === 2;
  const [channels, rows, columns] = isFlat
    ? [1, rest[0]!, rest[1]!]
    : layout === "nchw"
    ? [rest[0]!, rest[1]!, rest[2]!]
    : [rest[2]!, rest[0]!, rest[1]!];
  if (data.length !== channels * rows * columns || data.length === 0) return undefined;
  const isPlanar = isFlat || layout === "nchw";
  return {
    channels,
    rows,
    columns,
    channelStep: isPlanar ? rows * columns : 1,
    pixelStep: isPlanar ? 1 : channels,
  };
}

function channelSum(
  data: Float32Array,
  start: number,
  { channelStep }: Layout,
  chosen: readonly number[],
  isLogit: boolean,
): number {
  let sum = 0;
  for (const channel of chosen) {
    const value = data[start + channel * channelStep]!;
    sum += isLogit ? 1 / (1 + exponential(-value)) : value;
  }
  return sum;
}

/** Shares of exponentials; the greatest logit is taken off first, so that none overflows. */
function softmaxShare(
  data: Float32Array,
  start: number,
  { channels, channelStep }: Layout,
  chosen: readonly number[],
): number {
  let greatest = -Infinity;
  for (let channel = 0; channel < channels; channel++) {
    greatest = Math.max(greatest, data[start + channel * channelStep]!);
  }
  let [sum, hand] = [0, 0];
  for (let channel = 0; channel < channels; channel++) {
    const share = exponential(data[start + channel * channelStep]! - greatest);
    sum += share;
    if (chosen.includes(channel)) hand += share;
  }
  return hand / sum;
}
