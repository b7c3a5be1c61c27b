import type { Kernel } from "./kernel.ts";
import { KernelSides, requireTaken } from "./sides.ts";
import { gridFields, type KernelGrid, withArrays } from "./timeline.ts";

const DIRECTION_CODES = { backward: 0, forward: 1, nearest: 2 } as const;
/** What becomes of times beyond the ends, as the kernel numbers it. */
export const OUTSIDE_CODES = { null: 0, hold: 1, error: 2 } as const;

/** A join as the kernel takes it; a limit of -1 is none. */
export interface KernelJoin {
  readonly direction: keyof typeof DIRECTION_CODES;
  readonly toleranceNs: bigint;
  readonly maxGapNs: bigint;
  readonly later: boolean;
  readonly firstBackward: boolean;
  readonly firstForward: boolean;
  readonly allowExact: boolean;
  readonly refuseRepeats: boolean;
  readonly outside: keyof typeof OUTSIDE_CODES;
  /** Whether distances are wanted; without them there are none. */
  readonly withDistances: boolean;
  /** Places that no match crosses. */
  readonly breaks: BigInt64Array;
}

/**
 * Matches of consecutive left times: views of kernel memory that hold until its next call. Distances are empty when
 * they are not wanted.
 */
export interface KernelMatches {
  readonly indexes: Int32Array;
  readonly distances: BigInt64Array;
}

/** Joins two sides in the kernel, chunk by chunk. */
export class KernelJoiner {
  /** The right side are the keys. */
  readonly sides: KernelSides;
  readonly #kernel: Kernel;
  readonly #state: number;
  readonly #withDistances: boolean;

  constructor(kernel: Kernel, join: KernelJoin) {
    this.#kernel = kernel;
    this.#withDistances = join.withDistances;
    this.#state = newJoiner(kernel, join);
    const sides = kernel.call("sp_joiner_sides", this.#state);
    this.sides = new KernelSides(kernel, sides, { keys: "right times", wanted: "left times" });
  }

  /** Matches that are certain by now. Throws `RangeError` when a time lies outside and must not. */
  advance(): KernelMatches {
    const kernel = this.#kernel;
    const length = kernel.call("sp_joiner_advance", this.#state);
    if (length < 0) throw new RangeError("Cannot join: a left time lies outside the right times");
    const found = { pointer: kernel.call("sp_joiner_found", this.#state), bytes: length * 4 };
    const bytes = this.#withDistances ? length * 8 : 0;
    const away = { pointer: kernel.call("sp_joiner_distances", this.#state), bytes };
    return { indexes: kernel.i32(found), distances: kernel.i64(away) };
  }

  /** Gives the memory back; the joiner must not be used afterwards. */
  dispose(): void {
    this.#kernel.call("sp_joiner_free", this.#state);
    this.sides.dispose();
  }
}

/** Direction and flags as the kernel numbers them. */
function codesOf(join: KernelJoin): [direction: number, flags: number] {
  const { later, firstBackward, firstForward, allowExact, refuseRepeats, withDistances } = join;
  const flags = [later, firstBackward, firstForward, allowExact, refuseRepeats, withDistances]
    .reduce((sum, flag, bit) => sum + (flag ? 2 ** bit : 0), 0);
  return [DIRECTION_CODES[join.direction], flags];
}

function newJoiner(kernel: Kernel, join: KernelJoin): number {
  const limits = BigInt64Array.of(join.toleranceNs, join.maxGapNs);
  return withArrays(kernel, [limits, join.breaks], (limit, breaks) => {
    const codes = [...codesOf(join), OUTSIDE_CODES[join.outside]];
    return kernel.call("sp_joiner_new", ...codes, limit!, breaks!, join.breaks.length);
  });
}

/** The kernel's status of a refused right row is this much less than that of a left row. */
const RIGHT_STATUS = 2 ** 30;

/**
 * Joins whole sides so that each right row is used once, and writes the matches. Throws `RangeError` when a side is
 * not sorted, or repeats and must not.
 */
export function joinOneToOne(
  kernel: Kernel,
  join: KernelJoin,
  left: BigInt64Array,
  right: BigInt64Array,
  into: KernelMatches,
): void {
  const limits = BigInt64Array.of(join.toleranceNs, join.maxGapNs);
  const { length } = left;
  withArrays(
    kernel,
    [limits, join.breaks, left, right],
    (limit, places, one, other) =>
      kernel.withBuffer(length * 4, (found) =>
        kernel.withBuffer(length * 8, (away) => {
          const sides = [one!, length, other!, right.length, found.pointer, away.pointer];
          const rules = [...codesOf(join), limit!, places!, join.breaks.length];
          const status = kernel.call("sp_one_to_one", ...rules, ...sides);
          if (status < -RIGHT_STATUS / 2) {
            requireTaken(status + RIGHT_STATUS, 0, right, "right times");
          }
          requireTaken(status, 0, left, "left times");
          into.indexes.set(kernel.i32(found));
          if (join.withDistances) into.distances.set(kernel.i64(away));
        })),
  );
}

/** Ticks that are calculated in one call. */
const TICKS = 16_384;

/**
 * Joins all ticks of a grid with those of another and writes the matches. False when that cannot be calculated tick
 * by tick, and nothing has been written.
 */
export function joinGridTicks(
  kernel: Kernel,
  join: KernelJoin,
  left: KernelGrid,
  right: KernelGrid,
  into: KernelMatches,
): boolean {
  if (join.breaks.length > 0) return false;
  const limits = BigInt64Array.of(join.toleranceNs, join.maxGapNs);
  const grids = BigInt64Array.from([...gridFields(left), ...gridFields(right)]);
  return withArrays(
    kernel,
    [limits, grids],
    (limit, fields) =>
      kernel.withBuffer(TICKS * 4, (found) =>
        kernel.withBuffer(TICKS * 8, (away) => {
          const rules = [...codesOf(join), OUTSIDE_CODES[join.outside], limit!, fields!];
          for (let tick = 0; tick < left.count; tick += TICKS) {
            const length = Math.min(TICKS, left.count - tick);
            const output = [found.pointer, away.pointer, length];
            if (kernel.call("sp_grid_join", ...rules, tick, ...output) === 0) return false;
            into.indexes.set(kernel.i32({ ...found, bytes: length * 4 }), tick);
            const distances = { ...away, bytes: length * 8 };
            if (join.withDistances) into.distances.set(kernel.i64(distances), tick);
          }
          return true;
        })),
  );
}
