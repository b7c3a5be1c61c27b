import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { generator, python, sortedNumbers, timesFrom } from "./_oracle.ts";
import { asofJoin } from "./asof.ts";
import type { MatchOptions } from "./asof_options.ts";
import { resample } from "./resample.ts";

const LEFT = sortedNumbers(generator(3), 3000, 20_000);
const RIGHT = sortedNumbers(generator(5), 1000, 20_000);

interface Case extends MatchOptions {
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly groups?: readonly [left: readonly number[], right: readonly number[]];
}

/** Random tables for every option that pandas has too, among them equal times and zero tolerance. */
function randomCases(count: number): Case[] {
  const random = generator(41);
  return Array.from({ length: count }, (_, index) => {
    const span = 20 + random(400);
    const sides = [
      sortedNumbers(random, random(80), span),
      sortedNumbers(random, random(80), span),
    ];
    const [left, right] = sides as [number[], number[]];
    const labels = sides.map((side) => side.map(() => random(4))) as [number[], number[]];
    return {
      left,
      right,
      direction: (["backward", "forward", "nearest"] as const)[index % 3]!,
      allowExact: random(2) === 1,
      ...(random(3) === 0 ? {} : { toleranceNs: BigInt(random(12)) }),
      ...(random(2) === 0 ? {} : { groups: labels }),
    };
  });
}

Deno.test("asofJoin agrees with pandas.merge_asof on random tables, also by label", async () => {
  const cases = randomCases(240);
  const expected = await python(
    `
answers = []
for case in data:
    left = pd.DataFrame({"t": np.array(case["left"], dtype="int64")})
    right = pd.DataFrame({"t": np.array(case["right"], dtype="int64")})
    right["index"] = np.arange(len(right)).astype(float)
    by = None
    if case["groups"] is not None:
        left["by"], right["by"], by = np.array(case["groups"][0], dtype="int64"), np.array(case["groups"][1], dtype="int64"), "by"
    found = pd.merge_asof(left, right, on="t", by=by, direction=case["direction"],
        tolerance=case["tolerance"], allow_exact_matches=case["exact"])
    answers.append(found["index"].fillna(-1).astype(int).tolist())
json.dump(answers, sys.stdout)
`,
    cases.map(({ left, right, direction, toleranceNs, allowExact, groups }) => ({
      left,
      right,
      direction,
      tolerance: toleranceNs === undefined ? null : Number(toleranceNs),
      exact: allowExact,
      groups: groups ?? null,
    })),
  );
  if (expected === undefined) return;
  for (const [index, { left, right, groups, ...options }] of cases.entries()) {
    const by = groups === undefined ? {} : { by: { left: groups[0], right: groups[1] } };
    const kernel = new Kernel();
    const { indexes } = asofJoin(timesFrom(left), timesFrom(right), { kernel, ...by, ...options });
    assert.deepEqual(
      [...indexes],
      (expected as number[][])[index],
      JSON.stringify({ left, right, groups }),
    );
  }
});

Deno.test("resample agrees with numpy.interp where that is defined", async () => {
  const times = [...new Set(RIGHT)];
  const values = times.map((time, index) => (index % 7 === 3 ? null : Math.sin(time)));
  const expected = await python(
    `
t = np.array(data["times"], dtype="int64"); v = np.array([np.nan if x is None else x for x in data["values"]])
at = np.array(data["at"], dtype="int64"); ok = ~np.isnan(v)
found = np.interp(at, t[ok], v[ok], left=np.nan, right=np.nan)
json.dump([None if np.isnan(x) else x for x in found], sys.stdout)
`,
    { times, values, at: LEFT },
  );
  if (expected === undefined) return;
  const found = resample(
    {
      times: BigInt64Array.from(times, BigInt),
      values: Float64Array.from(values, (value) => value ?? NaN),
    },
    BigInt64Array.from(LEFT, BigInt),
    { kernel: new Kernel() },
  );
  for (const [index, value] of (expected as (number | null)[]).entries()) {
    if (value === null) assert.ok(Number.isNaN(found[index]));
    else assert.ok(Math.abs(found[index]! - value) < 1e-12);
  }
});

Deno.test("bin means agree with pandas.cut and mean", async () => {
  const values = RIGHT.map((time) => Math.cos(time));
  const at = Array.from({ length: 100 }, (_, index) => 100 + 200 * index);
  const expected = await python(
    `
t = np.array(data["times"]); v = pd.Series(data["values"])
edges = np.array(data["at"] + [data["at"][-1] + 200]) - 100
means = v.groupby(pd.cut(t, edges, right=False), observed=False).mean()
json.dump([None if np.isnan(x) else x for x in means], sys.stdout)
`,
    { times: RIGHT, values, at },
  );
  if (expected === undefined) return;
  const found = resample(
    { times: BigInt64Array.from(RIGHT, BigInt), values: Float64Array.from(values) },
    BigInt64Array.from(at, BigInt),
    { kernel: new Kernel(), method: "mean", binNs: 200n },
  );
  for (const [index, value] of (expected as (number | null)[]).entries()) {
    assert.ok(
      value === null ? Number.isNaN(found[index]) : Math.abs(found[index]! - value) < 1e-12,
    );
  }
});

Deno.test("cubics agree with scipy.interpolate.PchipInterpolator, each stretch for itself", async () => {
  const random = generator(77);
  const times = [...new Set(sortedNumbers(random, 400, 100_000))];
  const values = times.map(() => random(1000) / 100 - (random(3) === 0 ? 5 : 0));
  const at = sortedNumbers(random, 3000, 100_000);
  const maxGap = 600;
  const expected = await python(
    `
from scipy.interpolate import PchipInterpolator
t, v = np.array(data["times"], dtype=float), np.array(data["values"])
out = np.full(len(data["at"]), np.nan)
at = np.array(data["at"], dtype=float)
cuts = np.flatnonzero(np.diff(t) > data["gap"]) + 1
for part in np.split(np.arange(len(t)), cuts):
    inside = (at >= t[part[0]]) & (at <= t[part[-1]])
    if len(part) > 1:
        out[inside] = PchipInterpolator(t[part], v[part])(at[inside])
    else:
        out[inside] = v[part[0]]
json.dump([None if np.isnan(x) else x for x in out], sys.stdout)
`,
    { times, values, at, gap: maxGap },
  );
  if (expected === undefined) return;
  const samples = { times: timesFrom(times), values: Float64Array.from(values) };
  const options = { kernel: new Kernel(), method: "pchip", maxGapNs: BigInt(maxGap) } as const;
  const found = resample(samples, timesFrom(at), options);
  let bridged = 0;
  for (const [index, value] of (expected as (number | null)[]).entries()) {
    if (value === null) assert.ok(Number.isNaN(found[index]), `${at[index]}`);
    else {assert.ok(
        Math.abs(found[index]! - value) < 1e-9,
        `${at[index]}: ${found[index]} ${value}`,
      );}
    bridged += Number(value !== null);
  }
  assert.ok(bridged > 1500 && bridged < 2950, `${bridged}`);
});
