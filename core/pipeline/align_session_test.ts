import assert from "node:assert/strict";
import {
  type AlignOutcome,
  alignSession,
  explainClock,
  FAULTS,
  faultySession,
  Kernel,
  memoryFolder,
  MemoryFolderSink,
  plotClock,
  reportedClocks,
  summariseClock,
} from "session-process";
import { sha256 } from "session-process/runtime";

const START_MS = 1_753_965_022_000;

function table(rows: number, first: number): string {
  const lines = Array.from({ length: rows }, (_, index) => `${first + 20 * index},${index % 7}`);
  return ["timestamp_ms,GSR_uS", ...lines, ""].join("\n");
}

const FOLDER = memoryFolder("pilot_20250731_143022", {
  "phone_1_gsr_20250731_143022.csv": table(300, START_MS),
  "phone_2_gsr_20250731_143022.csv": table(200, START_MS + 500),
});

async function align(
  options: Partial<Parameters<typeof alignSession>[0]> = {},
): Promise<AlignOutcome & { readonly paths: readonly string[] }> {
  const output = new MemoryFolderSink();
  const outcome = await alignSession({
    folder: FOLDER,
    output,
    kernel: new Kernel(),
    sha256,
    version: "test",
    ...options,
  });
  const paths = [...output.files.keys()].filter((path) => !path.startsWith("processing/.work/"));
  return { ...outcome, paths: paths.sort() };
}

Deno.test("aligning writes the record, and plots only when asked", async () => {
  const record = "processing/synchronized_data/alignment.json";
  assert.deepEqual((await align()).paths, [record]);
  const plot = "processing/synchronized_data/plots/phone_2.utc.svg";
  assert.deepEqual((await align({ plots: true })).paths, [record, plot]);
  const plots = new MemoryFolderSink();
  const apart = await align({ plots });
  assert.deepEqual(apart.paths, [record]);
  assert.deepEqual([...plots.files.keys()], ["phone_2.utc.svg"]);
  assert.deepEqual(apart.plots.map(({ path }) => path), ["phone_2.utc.svg"]);
});

Deno.test("the reference clock that the user chooses has no offset, and the others follow", async () => {
  const summaries = async (reference?: string) => {
    const found = reportedClocks(await align({ settings: { reference } })).map(summariseClock);
    return new Map(found.map((summary) => [summary.id, summary]));
  };
  const usual = await summaries();
  const chosen = await summaries("phone_2/utc");
  assert.deepEqual([...usual.keys()], ["phone_1/utc", "phone_2/utc"]);
  assert.deepEqual([...chosen.keys()], ["phone_2/utc", "phone_1/utc"]);
  assert.equal(chosen.get("phone_2/utc")?.method, "reference");
  const [there, back] = [usual.get("phone_2/utc")!, chosen.get("phone_1/utc")!];
  assert.ok(Math.abs(back.halfWidthNs / there.halfWidthNs - 1) < 1e-3);
  assert.ok(back.driftPpm + there.driftPpm === 0);
});

Deno.test("clocks are as far apart as the user believes them", async () => {
  const width = async (trustWallClocks: string) => {
    const clocks = reportedClocks(await align({ settings: { trustWallClocks } }));
    return summariseClock(clocks[1]!).halfWidthNs;
  };
  const [near, far] = [await width("0.01"), await width("1")];
  assert.ok(near < 25e6 && near > 19e6, String(near));
  assert.ok(far < 2.1e9 && far > 1.9e9, String(far));
});

for (const code of Object.keys(FAULTS) as (keyof typeof FAULTS)[]) {
  Deno.test(`a session with ${code} can be aligned, explained and drawn`, async () => {
    const { folder } = await faultySession(code);
    const outcome = await align({ folder });
    for (const clock of reportedClocks(outcome)) {
      const { verdict, reasons, advice } = summariseClock(clock);
      assert.ok(reasons.length > 0 && reasons.every((text) => !/undefined|NaN|null/.test(text)));
      assert.ok(verdict === "good" || advice.length > 0, reasons.join());
      assert.equal(explainClock(clock, outcome.fit).path[0], clock.model.clock.id);
      assert.doesNotMatch(plotClock(clock, outcome.fit), /NaN|undefined|Infinity/);
    }
  });
}
