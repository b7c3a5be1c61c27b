import {
  ActivityAccumulator,
  type AxisColumns,
  type Kernel,
  type MotionActivity,
  StampUnroller,
  type UnrolledShift,
  type WindowSamples,
} from "../../../wasm/mod.ts";
import { MISSING_NS } from "../../base/mod.ts";
import {
  joinStretches,
  type MotionQuantity,
  type MotionSignal,
  QUANTITIES,
  type Stretch,
} from "./signal.ts";

/** Samples of a stretch that were kept. */
interface Piece {
  readonly timesNs: BigInt64Array;
  readonly rows: Float64Array;
  readonly columns: Partial<Record<MotionQuantity, AxisColumns>>;
}

/** One of the two recordings, read several times: first its activity, then the stretches that are asked for. */
export class MotionRecording {
  readonly #kernel: Kernel;
  readonly #activities = new Map<MotionQuantity, ActivityAccumulator>();
  #unroller: StampUnroller;
  #row = 0;
  /** What to keep in this reading; undefined in the first. */
  #wanted: readonly Stretch[] | undefined;
  #pieces: Piece[] = [];
  #shifts: readonly UnrolledShift[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#unroller = new StampUnroller(kernel);
  }

  /** Adds the next samples of this reading. */
  add(signal: MotionSignal): void {
    const unrolled = this.#unroller.run(signal.timesNs);
    if (this.#wanted === undefined) this.#observe(unrolled, signal);
    else this.#keep(unrolled, signal, this.#wanted);
    this.#row += unrolled.length;
  }

  /** Begins to read anew; only these stretches are kept. */
  restart(wanted: readonly Stretch[]): void {
    this.#shifts = this.#unroller.shifts();
    this.#unroller.dispose();
    this.#unroller = new StampUnroller(this.#kernel);
    this.#row = 0;
    this.#wanted = joinStretches(wanted);
    this.#pieces = [];
  }

  /** Quantities that were recorded. */
  quantities(): MotionQuantity[] {
    return QUANTITIES.filter((quantity) => this.#activities.has(quantity));
  }

  /** How strongly the sensor moved, in bins of at least a length. */
  activity(quantity: MotionQuantity, leastBinNs = 0n): MotionActivity {
    const found = this.#activities.get(quantity);
    return found?.get(leastBinNs) ??
      { binNs: leastBinNs, originNs: 0n, values: new Float64Array(0) };
  }

  /** Samples of a stretch, times in seconds from an origin. */
  samples(quantity: MotionQuantity, { startNs, endNs }: Stretch, originNs: bigint): WindowSamples {
    const times: number[] = [];
    const axes: [number[], number[], number[]] = [[], [], []];
    for (const piece of this.#pieces) {
      const columns = piece.columns[quantity];
      if (columns === undefined) continue;
      const { timesNs } = piece;
      const last = firstNotBelow(timesNs, endNs);
      for (let index = firstNotBelow(timesNs, startNs); index < last; index++) {
        times.push(Number(timesNs[index]! - originNs) / 1e9);
        columns.forEach((column, axis) => axes[axis]!.push(column[index]!));
      }
    }
    const [x, y, z] = axes;
    return {
      times: Float64Array.from(times),
      axes: [Float64Array.from(x), Float64Array.from(y), Float64Array.from(z)],
    };
  }

  /** How many samples were recorded before a time, which must lie in a stretch that was kept. */
  rowAt(timeNs: bigint): number {
    for (const { timesNs, rows } of this.#pieces) {
      const last = timesNs.length - 1;
      if (timesNs[last]! < timeNs) continue;
      return rows[firstNotBelow(timesNs, timeNs)]!;
    }
    return this.#row;
  }

  /** Stamp of an unrolled time; undefined when the clock was set within a stretch about it. */
  stampAt(timeNs: bigint, { startNs, endNs }: Stretch): bigint | undefined {
    let shift = 0n;
    for (const { fromNs, shiftNs } of this.#shifts) {
      if (fromNs > startNs && fromNs < endNs) return undefined;
      if (fromNs <= timeNs) shift = shiftNs;
    }
    return timeNs - shift;
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#unroller.dispose();
    for (const activity of this.#activities.values()) activity.dispose();
  }

  #observe(unrolled: BigInt64Array, signal: MotionSignal): void {
    for (const quantity of QUANTITIES) {
      const columns = signal[quantity];
      if (columns === undefined) continue;
      const known = this.#activities.get(quantity);
      const activity = known ?? new ActivityAccumulator(this.#kernel);
      this.#activities.set(quantity, activity);
      activity.add(unrolled, columns);
    }
  }

  #keep(unrolled: BigInt64Array, signal: MotionSignal, wanted: readonly Stretch[]): void {
    const indexes: number[] = [];
    let next = 0;
    for (const [index, time] of unrolled.entries()) {
      if (time === MISSING_NS) continue;
      while (next < wanted.length && wanted[next]!.endNs < time) next++;
      const stretch = wanted[next];
      if (stretch === undefined) break;
      if (time >= stretch.startNs) indexes.push(index);
    }
    if (indexes.length === 0) return;
    const pick = (column: Float64Array) => Float64Array.from(indexes, (index) => column[index]!);
    const columns: Partial<Record<MotionQuantity, AxisColumns>> = {};
    for (const quantity of QUANTITIES) {
      const found = signal[quantity];
      if (found) columns[quantity] = [pick(found[0]), pick(found[1]), pick(found[2])];
    }
    this.#pieces.push({
      timesNs: BigInt64Array.from(indexes, (index) => unrolled[index]!),
      rows: Float64Array.from(indexes, (index) => this.#row + index),
      columns,
    });
  }
}

/** Index of the first of increasing times that is not below a time. */
function firstNotBelow(times: BigInt64Array, time: bigint): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
