import assert from "node:assert/strict";
import { readFile, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import {
  type AlignOutcome,
  alignSession,
  applyClock,
  Kernel,
  MemoryFolderSink,
  rawFromCelsius,
  ThermalWriter,
} from "session-process";
import { ffmpegDecoder, openFolder, openOutput, sha256 } from "session-process/runtime";
import { hasProgram } from "./support/ffmpeg.ts";
import { inTemporaryFolder } from "./support/folders.ts";
import {
  DRIFT,
  film,
  isLit,
  log,
  MOMENTS,
  SECONDS,
  START,
  STEADY,
  unsteady,
  VIDEO,
} from "./support/shared_moments.ts";

const ignore = !hasProgram("ffmpeg");
const kernel = new Kernel();

async function align(folder: string): Promise<AlignOutcome> {
  const source = openFolder(folder);
  return await alignSession({
    folder: source,
    output: new MemoryFolderSink(),
    kernel,
    sha256,
    version: "test",
    decoder: await ffmpegDecoder({ locate: (path) => source.locate?.(path) }),
  });
}

/** Pairs of a flash that was seen and one that was logged. */
function flashPairs({ fit }: AlignOutcome): number {
  return fit.evidence.reduce(
    (sum, found) => sum + (found.kind === "flash" && "sigmasNs" in found ? found.fromNs.length : 0),
    0,
  );
}

/** Errors of the fitted clock of a camera over the session, each with the sigma that is stated. */
function errors(
  { fit }: AlignOutcome,
  device: readonly bigint[],
  truth: readonly bigint[],
  id: string,
) {
  const model = fit.models.get(id);
  assert.ok(model !== undefined, [...fit.models.keys()].join());
  const { referenceTimes, sigmas } = applyClock(kernel, model, BigInt64Array.from(device));
  return truth.map((time, k) => ({ off: Number(referenceTimes[k]! - time), sigma: sigmas[k]! }));
}

/** Truth at moments all over the session, by the clock of the log. */
const CHECKED = Array.from({ length: 60 }, (_, k) => 2 * k);
const TRUTH = CHECKED.map((seconds) => START + BigInt(seconds * 1e9));
const MEDIA = "phone_1/rgb_video/media";

function mediaErrors(outcome: AlignOutcome) {
  const device = CHECKED.map((seconds) => BigInt(Math.round(seconds * (1 + DRIFT) * 1e9)));
  return errors(outcome, device, TRUTH, MEDIA);
}

/** Standard deviation of a moment of which only the frames around it are known, ns. */
function frameSigma(taken: readonly number[]): number {
  const gaps = taken.slice(1).map((at, k) => at - taken[k]!);
  return 1e9 * Math.max(...gaps) / Math.sqrt(12);
}

function withSession(use: (folder: string) => Promise<void>): () => Promise<void> {
  return () => inTemporaryFolder((folder) => use(join(folder, "pilot_20250731_143022")));
}

Deno.test({
  name: "a film is placed by the flashes in its pictures, to a fraction of a frame",
  ignore,
  fn: withSession(async (folder) => {
    await film(folder, STEADY);
    await log(folder, MOMENTS);
    const outcome = await align(folder);
    assert.equal(flashPairs(outcome), MOMENTS.length);
    assert.equal(outcome.fit.referenceClock.id, "pc/utc");
    for (const { off, sigma } of mediaErrors(outcome)) {
      assert.ok(Math.abs(off) < frameSigma(STEADY) && Math.abs(off) < 2 * sigma, `${off} ns`);
    }
    // A turn that players make and pieces of index change neither pictures nor times.
    await film(folder, STEADY, { rotation: 90, index: "fragments" });
    assert.deepEqual((await align(folder)).fit.models.get(MEDIA), outcome.fit.models.get(MEDIA));
  }),
});

Deno.test({
  name: "frames at uneven distances and a log that is late are within what is stated",
  ignore,
  fn: withSession(async (folder) => {
    const taken = unsteady();
    await film(folder, taken);
    const delay = 0.025;
    await log(folder, MOMENTS, { delaySeconds: delay });
    const outcome = await align(folder);
    assert.equal(flashPairs(outcome), MOMENTS.length);
    for (const { off, sigma } of mediaErrors(outcome)) {
      assert.ok(Math.abs(off - 1e9 * delay) < frameSigma(taken), `${off} ns`);
      assert.ok(Math.abs(off) < 2 * sigma, `${off} ns of ${sigma}`);
    }
  }),
});

Deno.test({
  name: "a log of other moments does not place a film",
  ignore,
  fn: withSession(async (folder) => {
    await film(folder, STEADY);
    await log(
      folder,
      MOMENTS.map((seconds, k) => (seconds * 7.31 + 3.3 * k) % SECONDS).sort((a, b) => a - b),
    );
    const outcome = await align(folder);
    assert.equal(flashPairs(outcome), 0);
  }),
});

/** Cuts a film off at a share of it, in the middle of its pictures. */
async function cutOff(folder: string, share: number): Promise<void> {
  const path = join(folder, VIDEO);
  const bytes = await readFile(path);
  const place = Math.round(share * bytes.length);
  const isWhole = !bytes.includes("moof");
  await truncate(path, isWhole ? place : bytes.lastIndexOf("mdat", place) + 40);
}

Deno.test({
  name: "of a film that is cut off the pictures before the cut are used",
  ignore,
  fn: withSession(async (folder) => {
    await log(folder, MOMENTS);
    for (const index of ["fragments", "front"] as const) {
      await film(folder, STEADY, { index, expectedFrames: STEADY.length });
      await cutOff(folder, 0.7);
      const outcome = await align(folder);
      assert.ok(outcome.issues.some(({ code }) => code === "MP4_DATA_CUT"), index);
      const pairs = flashPairs(outcome);
      assert.ok(pairs >= 8 && pairs < MOMENTS.length, `${index}: ${pairs}`);
      for (const { off, sigma } of mediaErrors(outcome)) assert.ok(Math.abs(off) < 2 * sigma);
    }
  }),
});

Deno.test({
  name: "a film without its index and an empty one give nothing",
  ignore,
  fn: withSession(async (folder) => {
    await log(folder, MOMENTS);
    await film(folder, STEADY);
    for (const share of [0.7, 0]) {
      const { size } = await stat(join(folder, VIDEO));
      await truncate(join(folder, VIDEO), Math.floor(share * size));
      const outcome = await align(folder);
      assert.equal(flashPairs(outcome), 0);
      assert.ok(outcome.issues.some(({ code }) => code === "MP4_NO_MOOV"));
    }
  }),
});

/** Films a plate that is warm while it is lit, stamped by the phone in ms. */
async function filmHeat(folder: string, offsetMs: number): Promise<void> {
  const sink = await openOutput(folder).create("phone_1_thermal_20250731_143022.dat");
  const writer = new ThermalWriter(sink, { width: 16, height: 12 });
  const pixels = new Uint16Array(16 * 12);
  for (let frame = 0; frame < 25 * SECONDS; frame++) {
    const seconds = frame / 25;
    pixels.forEach((_, k) =>
      pixels[k] = rawFromCelsius(
        22 + 0.2 * ((frame * 31 + k * 17) % 7) / 7 + (isLit(seconds) ? 6 : 0),
      )
    );
    const ms = Math.round(seconds * 1e3 * (1 + DRIFT)) + offsetMs;
    await writer.addFrame(START / 1_000_000n + BigInt(ms), pixels);
  }
  await writer.finish();
  await sink.commit();
}

Deno.test(
  "a thermal recording is placed by a plate that is warmed, without a decoder",
  withSession(async (folder) => {
    await filmHeat(folder, 4_700);
    await log(folder, MOMENTS);
    const source = openFolder(folder);
    const output = new MemoryFolderSink();
    const settings = { reference: "pc/utc" };
    const outcome = await alignSession({
      folder: source,
      output,
      kernel,
      sha256,
      version: "test",
      settings,
    });
    assert.equal(flashPairs(outcome), MOMENTS.length);
    const device = CHECKED.map((seconds) =>
      START + BigInt(Math.round(seconds * 1e9 * (1 + DRIFT)) + 4_700_000_000)
    );
    for (const { off, sigma } of errors(outcome, device, TRUTH, "phone_1/utc")) {
      assert.ok(
        Math.abs(off) < 40e6 / Math.sqrt(12) && Math.abs(off) < 2 * sigma,
        `${off} ns of ${sigma}`,
      );
    }
  }),
);
