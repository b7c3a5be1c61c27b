import assert from "node:assert/strict";
import { type CsvColumnType, CsvScanner, Kernel } from "../mod.ts";
import { Random } from "./_support.ts";

const ROWS = 100_000;
const MISSING = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** Texts and the integers that they must be read as. */
type Case = readonly [string, bigint];

function assertReads(type: CsvColumnType, cases: readonly Case[], decimalComma = false): void {
  const scanner = new CsvScanner(new Kernel(), { separator: ";", columns: [type], decimalComma });
  const bytes = new TextEncoder().encode(cases.map(([text]) => text).join("\n"));
  let row = 0;
  for (const { columns } of [...scanner.push(bytes), ...scanner.end()]) {
    for (const value of columns[0] as BigInt64Array) {
      const [text, expected] = cases[row++] ?? ["", MISSING];
      if (value !== expected) assert.equal(value, expected, text);
    }
  }
  scanner.dispose();
  assert.equal(row, cases.length);
}

/** `digits * 10^exponent`, ties to even, or missing where it does not fit. */
function scaled(digits: bigint, exponent: number): bigint {
  if (exponent >= 0) return fitting(digits * 10n ** BigInt(exponent));
  const unit = 10n ** BigInt(-exponent);
  const twice = 2n * (digits % unit);
  const up = twice > unit || (twice === unit && (digits / unit) % 2n === 1n);
  return fitting(digits / unit + (up ? 1n : 0n));
}

function fitting(value: bigint): bigint {
  return value > MAX ? MISSING : value;
}

Deno.test("CsvScanner scales random decimal times as exact arithmetic does", () => {
  const random = new Random(21);
  for (const timeExponent of [0, 3, 6, 9] as const) {
    const cases = Array.from({ length: ROWS }, (): Case => {
      const digits = random.digits(1 + random.below(24)) + random.pick(["", "5", "50", "500001"]);
      const point = random.below(digits.length + 1);
      const exponent = random.pick([0, 0, 0, random.below(30) - 15]);
      const negative = random.below(4) === 0;
      const value = scaled(BigInt(digits), exponent + timeExponent + point - digits.length);
      const text = `${digits.slice(0, point)},${digits.slice(point)}`;
      const ending = exponent === 0 ? "" : `E${exponent}`;
      return [
        `${negative ? "-" : ""}${text}${ending}`,
        negative && value !== MISSING ? -value : value,
      ];
    });
    assertReads({ timeExponent }, cases, true);
  }
});

Deno.test("CsvScanner reads random integers as the platform does", () => {
  const random = new Random(22);
  const cases = Array.from({ length: ROWS }, (): Case => {
    const digits = random.digits(1 + random.below(20));
    const value = fitting(BigInt(digits));
    return random.below(2) ? [digits, value] : [`-${digits}`, value === MISSING ? value : -value];
  });
  assertReads("i64", cases);
});

Deno.test("CsvScanner reads random dates as the platform does", () => {
  const random = new Random(23);
  const cases = Array.from({ length: ROWS }, (): Case => {
    const seconds = (random.bits() - 2 ** 31) * 4 + random.below(4);
    const minutes = random.below(2 * 1439 + 1) - 1439;
    const fraction = random.digits(random.below(10));
    const wall = new Date((seconds + minutes * 60) * 1000).toISOString();
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    const zone = `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}${
      random.pick([":", ""])
    }${String(rest).padStart(2, "0")}`;
    const text = wall.slice(0, 19).replace("T", random.pick(["T", " "])) +
      (fraction && random.pick([".", ","]) + fraction) + zone;
    const dashes = random.pick([text, text.replace("-", "/").replace("-", "/")]);
    return [dashes, BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"))];
  });
  assertReads("iso", cases);
});
