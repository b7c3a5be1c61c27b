/**
 * Time to fit a week of probes, 120,960 of them, against the fit of pyxdf.
 *
 * `deno run -A bench/fit/run.ts [--probes 120960] [--runs 3]` compares the two fits with the truth first. pyxdf is found
 * where `PYXDF_PYTHONPATH` says, the Python that has NumPy is `PYTHON` or else `python3`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { applyClock, type ClockModel, fitClock, Kernel } from "../../mod.ts";
import { option, print } from "../support/process.ts";

const PEER = fileURLToPath(new URL("peer.py", import.meta.url));
const BAR = 50;
const EVERY_SECONDS = 5;
const SKEW = 2e-5;
const OFFSET_NS = 1e9;
const SIGMA_NS = 1e5;

interface Week {
  readonly deviceNs: BigInt64Array;
  readonly referenceNs: BigInt64Array;
}

interface PeerFit {
  readonly intercept: number;
  readonly slope: number;
  readonly seconds: number;
  readonly versions: string;
}

/** Probes of a clock that runs 20 ppm slow and starts a second late, with errors of 0.1 ms. */
function drawWeek(count: number): Week {
  let state = 1;
  const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
  // Twelve uniforms have the variance of a normal number.
  const normal = () => Array.from({ length: 12 }, uniform).reduce((sum, one) => sum + one, -6);
  const device = Float64Array.from(
    { length: count },
    (_, index) => Math.round((index + 0.2 * uniform()) * EVERY_SECONDS * 1e9),
  );
  return {
    deviceNs: BigInt64Array.from(device, BigInt),
    referenceNs: BigInt64Array.from(
      device,
      (time) => BigInt(Math.round(time + OFFSET_NS + SKEW * time + SIGMA_NS * normal())),
    ),
  };
}

function fitOurs(week: Week, runs: number): { model: ClockModel; seconds: number } {
  const kernel = new Kernel();
  let { model } = fitClock(kernel, week);
  let seconds = Infinity;
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    ({ model } = fitClock(kernel, week));
    seconds = Math.min(seconds, (performance.now() - started) / 1e3);
  }
  return { model, seconds };
}

async function fitPeer(
  { deviceNs, referenceNs }: Week,
  runs: number,
): Promise<PeerFit | undefined> {
  const seconds = (times: BigInt64Array) => Float64Array.from(times, (time) => Number(time) / 1e9);
  const process = new Deno.Command(Deno.env.get("PYTHON") ?? "python3", {
    args: [PEER, String(runs)],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    env: { PYTHONPATH: Deno.env.get("PYXDF_PYTHONPATH") ?? "" },
  }).spawn();
  const bytes = [seconds(deviceNs), seconds(referenceNs)].map((part) =>
    new Uint8Array(part.buffer)
  );
  await new Blob(bytes).stream().pipeTo(process.stdin).catch(() => {});
  const { success, stdout, stderr } = await process.output();
  if (success) return JSON.parse(new TextDecoder().decode(stdout));
  print(`peer skipped: ${new TextDecoder().decode(stderr).trim().split("\n").at(-1)}`);
  return undefined;
}

/** Largest error in ms at a thousand places of the week. */
function largestError(week: Week, offsetNs: (deviceNs: bigint, place: number) => number): number {
  const step = Math.ceil(week.deviceNs.length / 1000);
  return week.deviceNs.filter((_, index) => index % step === 0).reduce((most, time, place) => {
    const truth = OFFSET_NS + SKEW * Number(time);
    return Math.max(most, Math.abs(offsetNs(time, place) - truth) / 1e6);
  }, 0);
}

function errorOfModel(week: Week, model: ClockModel): number {
  const kernel = new Kernel();
  return largestError(week, (time) => {
    const { referenceTimes } = applyClock(kernel, model, BigInt64Array.of(time));
    return Number(referenceTimes[0]! - time);
  });
}

const week = drawWeek(option("probes", 120_960));
const runs = option("runs", 3);
const ours = fitOurs(week, runs);
const peer = await fitPeer(week, runs);
const ourError = errorOfModel(week, ours.model);
print(`${week.deviceNs.length} probes`);
print(`  ours   ${(ours.seconds * 1e3).toFixed(1)} ms, largest error ${ourError.toFixed(4)} ms`);
if (!(ourError < 0.02)) throw new Error("Cannot compare: our fit is not near the truth");
if (peer !== undefined) {
  const error = largestError(week, (time) => peer.intercept * 1e9 + peer.slope * Number(time));
  const ratio = peer.seconds / ours.seconds;
  print(
    `  peer   ${(peer.seconds * 1e3).toFixed(1)} ms, largest error ${
      error.toFixed(4)
    } ms (${peer.versions})`,
  );
  print(`  peer / ours = ${ratio.toFixed(1)}, wanted ${BAR}`);
  if (ratio < BAR) Deno.exitCode = 1;
}
