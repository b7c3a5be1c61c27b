import { createGrid } from "./grid.ts";
import { asofJoin } from "./asof.ts";
import { resample } from "./resample.ts";
import { Kernel } from "../../wasm/mod.ts";

/** Sum of all bits of the answers to many joins and resamplings, to compare runtimes by (FNV-1a, 32 bits). */
export function packedAnswers(): string {
  const kernel = new Kernel();
  let hash = 0x811c9dc5;
  const pack = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => {
    for (const byte of new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)) {
      hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    }
  };
  let state = 7;
  const random = () => (state = (state * 48271) % 2147483647);
  const times = (length: number, span: bigint) => {
    let now = 1_700_000_000_000_000_000n;
    return BigInt64Array.from({ length }, () => now += BigInt(random()) % span);
  };
  const [left, right] = [times(40_000, 2_000_000n), times(20_000, 4_000_000n)];
  const values = Float64Array.from(right, () => random() % 50 === 0 ? NaN : random() / 12_345);
  const grid = createGrid({
    startNs: left[0]!,
    endNs: left.at(-1)!,
    rateHz: { numerator: 30_000n * 33n, denominator: 1001n },
  });
  for (const direction of ["backward", "forward", "nearest"] as const) {
    for (const toleranceNs of [0n, 1_000_000n]) {
      for (const oneToOne of [true, false]) {
        const options = { kernel, direction, toleranceNs, oneToOne };
        for (const side of [left, grid]) {
          const found = asofJoin(side, right, options);
          pack(found.indexes);
          pack(found.distances);
        }
      }
    }
  }
  for (const method of ["linear", "pchip", "previous", "mean"] as const) {
    for (const at of [left, grid]) {
      const options = { kernel, method, maxGapNs: 3_900_000n, binNs: 9_000_000n };
      // Which of the many NaN an engine keeps is its own affair.
      pack(
        resample({ times: right, values }, at, options).map((value) => value === value ? value : 0),
      );
    }
  }
  return hash.toString(16);
}
