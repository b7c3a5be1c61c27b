import assert from "node:assert/strict";
import { CsvScanner, Kernel } from "../mod.ts";
import { Random } from "./_support.ts";

const PER_BLOCK = 50_000;

/** Number in the language's own reading, bit for bit. */
function assertSameAsPlatform(texts: readonly string[]): void {
  const scanner = new CsvScanner(new Kernel(), { separator: ";", columns: ["f64"] });
  const bytes = new TextEncoder().encode(texts.join("\n"));
  let row = 0;
  for (const rows of [...scanner.push(bytes), ...scanner.end()]) {
    assert.deepEqual(rows.defects, []);
    for (const value of rows.columns[0] as Float64Array) {
      const expected = Number(texts[row]);
      if (!Object.is(value, expected)) assert.equal(value, expected, texts[row] ?? "");
      row++;
    }
  }
  scanner.dispose();
  assert.equal(row, texts.length);
}

function assertRandom(seed: number, blocks: number, make: (random: Random) => string): void {
  const random = new Random(seed);
  for (let block = 0; block < blocks; block++) {
    assertSameAsPlatform(Array.from({ length: PER_BLOCK }, () => make(random)));
  }
}

const cell = new DataView(new ArrayBuffer(8));

function randomBits(random: Random): number {
  cell.setUint32(0, random.bits());
  cell.setUint32(4, random.bits());
  return cell.getFloat64(0);
}

/** Exact decimal text of a finite float that is at least 1e-30 and below 1e21, as a binary fraction. */
function exactDecimal(value: number): string {
  let places = 0;
  let scaled = Math.abs(value);
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    places++;
  }
  const digits = String(BigInt(scaled) * 5n ** BigInt(places)).padStart(places + 1, "0");
  const point = digits.length - places;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The exact middle of a float and the next one above. */
function halfway(random: Random): string {
  const exponent = random.below(140) - 90;
  const mantissa = 2n ** 52n + (BigInt(random.bits()) << 20n) + BigInt(random.below(1 << 20));
  const twice = 2n * mantissa + 1n;
  const power = exponent - 1;
  if (power >= 0) return String(twice << BigInt(power));
  const digits = String(twice * 5n ** BigInt(-power)).padStart(1 - power, "0");
  const point = digits.length + power;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

Deno.test("CsvScanner reads the shortest text of random bit patterns as the platform does", () => {
  assertRandom(1, 12, (random) => {
    const value = randomBits(random);
    return Number.isNaN(value) || !Number.isFinite(value) ? "1" : String(value);
  });
});

Deno.test("CsvScanner reads random digits with exponents as the platform does", () => {
  assertRandom(2, 14, (random) => {
    const digits = random.digits(1 + random.below(40));
    const point = random.below(digits.length + 1);
    const exponent = random.pick(["", `e${random.below(700) - 350}`, `E+${random.below(30)}`]);
    return `${random.pick(["", "-", "+"])}${digits.slice(0, point)}.${
      digits.slice(point)
    }${exponent}`;
  });
});

Deno.test("CsvScanner reads what sensors write as the platform does", () => {
  assertRandom(3, 10, (random) => {
    const value = (random.bits() / 2 ** 32 - 0.5) * 10 ** random.below(14);
    return random.pick([String(value), value.toFixed(random.below(17)), value.toExponential(9)]);
  });
});

Deno.test("CsvScanner rounds numbers halfway between two floats, and beside it, to even", () => {
  assertRandom(4, 4, (random) => {
    const text = halfway(random);
    const ending = random.pick(["", "0", "1", "000000000000000000001"]);
    return text.includes(".") ? text + ending : `${text}.${ending}`;
  });
});

Deno.test("CsvScanner reads the exact expansion of a float as that float", () => {
  assertRandom(5, 1, (random) => {
    return exactDecimal((random.bits() + 1) * 2 ** (random.below(80) - 90) * (1 + 2 ** -30));
  });
});

Deno.test("CsvScanner reads subnormal and overflowing numbers as the platform does", () => {
  assertRandom(6, 1, (random) => {
    const [base, step] = random.pick([[-325, 20], [300, 15]] as const);
    return `${random.digits(1 + random.below(25))}e${base + random.below(step)}`;
  });
});

Deno.test("CsvScanner reads numbers that broke other readers", () => {
  const zeros = "0".repeat(400);
  assertSameAsPlatform([
    "2.2250738585072012e-308",
    "2.2250738585072011e-308",
    "9007199254740993",
    "9007199254740992.999999999999999999999999",
    "1e23",
    "8.5e22",
    "6.0221409e23",
    "5e-324",
    "2.4703282292062327e-324",
    "2.4703282292062328e-324",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.7976931348623159e308",
    "-0",
    "0e999999999",
    "1e-999999999",
    `1${zeros}e-400`,
    `0.${zeros}1e401`,
    "100000000000000016777215",
    "100000000000000016777216",
    "3.1415926535897932384626433832795028841971693993751058209749445923",
    "1.00000000000000011102230246251565404236316680908203125",
    "1.00000000000000011102230246251565404236316680908203124",
    "1.00000000000000011102230246251565404236316680908203126",
    ".5",
    "5.",
  ]);
});
