import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { reasonOf } from "../base/mod.ts";
import { asofJoin } from "./asof.ts";
import { resample } from "./resample.ts";

/** Runs Python on JSON; undefined where its packages are absent, which is an error in CI. */
async function python(script: string, input: unknown): Promise<unknown> {
  const head = "import json, sys\nimport numpy as np, pandas as pd\ndata = json.load(sys.stdin)\n";
  try {
    const child = new Deno.Command("/usr/bin/python3", {
      args: ["-c", head + script],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify(input)));
    await writer.close();
    const { success, stdout, stderr } = await child.output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } catch (thrown) {
    if (Deno.env.get("CI") === "true") throw thrown;
    Deno.stderr.writeSync(new TextEncoder().encode(`skipped: ${reasonOf(thrown)}\n`));
    return undefined;
  }
}

function randomTimes(seed: number, length: number, span: number): number[] {
  let state = seed;
  const next = () => (state = (state * 48271) % 2147483647) % span;
  return Array.from({ length }, next).sort((a, b) => a - b);
}

const LEFT = randomTimes(3, 3000, 20_000);
const RIGHT = randomTimes(5, 1000, 20_000);

for (const direction of ["backward", "forward", "nearest"] as const) {
  for (const tolerance of [undefined, 0, 5]) {
    for (const allowExact of [true, false]) {
      const name = `${direction}, tolerance ${tolerance}, exact ${allowExact}`;
      Deno.test(`asofJoin agrees with pandas.merge_asof: ${name}`, async () => {
        const expected = await python(
          `
left = pd.DataFrame({"t": np.array(data["left"], dtype="int64")})
right = pd.DataFrame({"t": np.array(data["right"], dtype="int64")})
right["index"] = np.arange(len(right)).astype(float)
found = pd.merge_asof(left, right, on="t", direction=data["direction"],
    tolerance=data["tolerance"], allow_exact_matches=data["exact"])
json.dump(found["index"].fillna(-1).astype(int).tolist(), sys.stdout)
`,
          { left: LEFT, right: RIGHT, direction, tolerance: tolerance ?? null, exact: allowExact },
        );
        if (expected === undefined) return;
        const { indexes } = asofJoin(
          BigInt64Array.from(LEFT, BigInt),
          BigInt64Array.from(RIGHT, BigInt),
          {
            kernel: new Kernel(),
            direction,
            allowExact,
            ...(tolerance === undefined ? {} : { toleranceNs: BigInt(tolerance) }),
          },
        );
        assert.deepEqual([...indexes], expected);
      });
    }
  }
}

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
