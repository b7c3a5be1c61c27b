import assert from "node:assert/strict";
import { MemorySink } from "../../../tests/support/memory_sink.ts";
import { hex } from "../../../tests/support/hex.ts";
import {
  findOctave,
  findPython,
  readMatWithOctave,
  readMatWithSciPy,
} from "../../../tests/support/oracles.ts";
import { type MatValue, writeMat } from "./mod.ts";

/** Numbers from a linear congruential generator, the same in every run. */
class Source {
  #state = 7;

  /** A whole number below `limit`. */
  below(limit: number): number {
    this.#state = Math.imul(this.#state, 1664525) + 1013904223 | 0;
    return (this.#state >>> 8) % limit;
  }

  /** Characters of one to four bytes, none of them a control. */
  text(): string {
    const length = this.below(12);
    const starts = [0x20, 0xe0, 0x4e00, 0x1f600];
    return Array.from({ length }, () => {
      const start = starts[this.below(8)] ?? 0x20;
      return String.fromCodePoint(start + this.below(64));
    }).join("");
  }

  doubles(): Float64Array {
    return Float64Array.from({ length: 1 + this.below(6) }, () => this.below(1e6) / 7);
  }
}

/** Makes a tree of values and adds the lines that a reader must give for it. */
function randomValue(source: Source, path: string, depth: number, lines: string[]): MatValue {
  const choice = source.below(depth > 0 ? 7 : 4);
  if (choice === 0) {
    const text = source.text();
    lines.push(`${path}|char||${hex(new TextEncoder().encode(text))}`);
    return text;
  }
  if (choice === 1) {
    const values = source.doubles();
    lines.push(`${path}|double|${values.length}x1|${hex(values)}`);
    return values;
  }
  if (choice === 2) {
    const values = Uint8Array.from(source.doubles(), (value) => value);
    lines.push(`${path}|uint8|${values.length}x1|${hex(values)}`);
    return values;
  }
  if (choice === 3) {
    const value = BigInt(source.below(1e6)) ** 3n;
    lines.push(`${path}|int64|1x1|${hex(BigInt64Array.of(value))}`);
    return value;
  }
  const size = 1 + source.below(4);
  return choice === 4
    ? randomCells(source, path, depth, lines, size)
    : randomStructs(source, path, depth, lines, choice === 5 ? 1 : size);
}

function randomCells(
  source: Source,
  path: string,
  depth: number,
  lines: string[],
  size: number,
): MatValue {
  lines.push(`${path}|cell|${size}x1|`);
  const values = Array.from(
    { length: size },
    (_, index) => randomValue(source, `${path}{${index + 1}}`, depth - 1, lines),
  );
  return { kind: "cell", values };
}

function randomStructs(
  source: Source,
  path: string,
  depth: number,
  lines: string[],
  size: number,
): MatValue {
  lines.push(`${path}|struct|1x${size}|`);
  const names = Array.from(
    { length: 1 + source.below(3) },
    (_, index) => `f${"x".repeat(source.below(60))}${index}`,
  );
  const elements = Array.from(
    { length: size },
    (_, index) =>
      names.map((name) => randomValue(source, `${path}(${index + 1}).${name}`, depth - 1, lines)),
  );
  return { kind: "struct-array", names, elements };
}

async function writeRandom(compressed: boolean): Promise<{ path: string; lines: string[] }> {
  const source = new Source();
  const lines: string[] = [];
  const variables: Record<string, MatValue> = {};
  for (let index = 0; index < 150; index++) {
    variables[`v${index}`] = randomValue(source, `v${index}`, 4, lines);
  }
  const sink = new MemorySink();
  await writeMat(sink, variables, { compressed });
  const path = await Deno.makeTempFile({ suffix: ".mat" });
  await Deno.writeFile(path, sink.bytes);
  return { path, lines };
}

Deno.test("Octave reads nested values of random shape", async () => {
  const octave = findOctave();
  if (octave === undefined) return;
  const { path, lines } = await writeRandom(false);
  assert.ok(lines.length > 500, `${lines.length}`);
  assert.deepEqual(readMatWithOctave(octave, path), lines);
  await Deno.remove(path);
});

Deno.test("SciPy reads nested values of random shape", async () => {
  const python = findPython();
  if (python === undefined) return;
  const { path, lines } = await writeRandom(true);
  assert.ok(lines.length > 500, `${lines.length}`);
  assert.deepEqual(readMatWithSciPy(python, path), lines);
  await Deno.remove(path);
});
