import assert from "node:assert/strict";
import { Kernel } from "../../../wasm/mod.ts";
import type { AudioSource } from "../../base/mod.ts";
import { Random } from "../_support.ts";
import { audioSeries, matchAudio } from "./match_audio.ts";

/** A burst of tones within an envelope, like a syllable. */
interface Burst {
  readonly at: number;
  readonly length: number;
  /** Angular frequency, phase and height of each tone. */
  readonly tones: Float64Array;
}

const TONES = 24;
const TURN = 2 * Math.PI;

/** Bursts of noise like speech, whose sound at any instant is known in closed form. */
function speech(seed: number, seconds: number): Burst[] {
  const random = new Random(seed);
  const bursts: Burst[] = [];
  for (let at = 0; at < seconds;) {
    const length = 0.08 + 0.2 * random.uniform();
    const tones = new Float64Array(3 * TONES);
    for (let tone = 0; tone < TONES; tone++) {
      const hz = 150 * 20 ** random.uniform();
      tones.set(
        [TURN * hz, TURN * random.uniform(), 0.2 * Math.sqrt(300 / hz) * random.uniform()],
        3 * tone,
      );
    }
    bursts.push({ at, length, tones });
    at += length + (random.uniform() < 0.25 ? 0.8 : 0.05) * random.uniform();
  }
  return bursts;
}

interface Take {
  readonly rateHz: number;
  readonly seconds: number;
  /** True time of the first sample. */
  readonly begin: number;
  readonly drift: number;
  readonly gain: number;
  /** Delay and gain of each echo. */
  readonly echoes: readonly (readonly [number, number])[];
  readonly noise: number;
  readonly seed: number;
}

/** A recording of a sound by a clock that runs fast by a drift. */
function record(bursts: readonly Burst[], take: Take): Float32Array {
  const { rateHz, seconds, begin, drift, gain, echoes, noise, seed } = take;
  const samples = new Float64Array(Math.floor(seconds * rateHz));
  const step = 1 / (rateHz * (1 + drift));
  for (const [late, share] of [[0, 1] as const, ...echoes]) {
    for (const { at, length, tones } of bursts) {
      const from = Math.max(0, Math.ceil((at + late - begin) / step));
      const to = Math.min(samples.length, Math.ceil((at + late + length - begin) / step));
      for (let n = from; n < to; n++) {
        const time = begin + n * step - late;
        let sum = 0;
        for (let tone = 0; tone < tones.length; tone += 3) {
          sum += tones[tone + 2]! * Math.sin(tones[tone]! * time + tones[tone + 1]!);
        }
        samples[n]! += share * sum * (0.5 - 0.5 * Math.cos(TURN * (time - at) / length));
      }
    }
  }
  const random = new Random(seed);
  return Float32Array.from(samples, (value) => {
    let normal = -3;
    for (let term = 0; term < 6; term++) normal += random.uniform();
    return gain * (value + noise * Math.SQRT2 * normal);
  });
}

/** Samples as they are read, in blocks of odd lengths; `seekable` or from the beginning only. */
function source(samples: Float32Array, rateHz: number, seekable = true): AudioSource {
  return {
    rateHz,
    seekable,
    async *samples({ from = 0 } = {}) {
      for (let at = seekable ? from : 0; at < samples.length; at += 7777) {
        yield await Promise.resolve(samples.slice(at, at + 7777));
      }
    },
  };
}

const ROOM_A = [[0.011, 0.45], [0.0237, 0.3], [0.041, 0.2]] as const;
const ROOM_B = [[0.0073, 0.4], [0.0191, 0.35], [0.057, 0.2]] as const;
const kernel = new Kernel();
const BURSTS = speech(1, 150);
const QUIET: Take = {
  rateHz: 8000,
  seconds: 100,
  begin: 0,
  drift: 0,
  gain: 1,
  echoes: ROOM_A,
  noise: 0,
  seed: 1,
};
/** Noise 10 dB below the sound. */
const LEVEL = rms(record(BURSTS, { ...QUIET, seconds: 30, echoes: [] }));
const NOISE = LEVEL / Math.sqrt(10);
const CLOCKS = {
  from: { id: "a/media", kind: "media" },
  to: { id: "b/media", kind: "media" },
  source: "test",
} as const;

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
}

function take(changes: Partial<Take>): Take {
  return { ...QUIET, noise: NOISE, ...changes };
}

for (
  const { rateHz, begin, drift, seekable } of [
    { rateHz: 16_000, begin: 12.345, drift: 5e-5, seekable: true },
    { rateHz: 11_025, begin: -4, drift: -3e-4, seekable: false },
  ]
) {
  Deno.test(`sound at 8000 and ${rateHz} Hz is aligned to 0.1 ms in noise, echoes and ${drift * 1e6} ppm`, async () => {
    const first = record(BURSTS, take({ begin: 5 }));
    const second = record(
      BURSTS,
      take({ rateHz, begin: 5 + begin, drift, gain: 0.2, echoes: ROOM_B, seed: 2 }),
    );
    const match = await matchAudio(
      kernel,
      { audio: source(first, 8000), startNs: 1_000_000_000n },
      { audio: source(second, rateHz, seekable) },
    );
    assert.equal(match.verdict, "matched");
    const series = audioSeries(match, CLOCKS)!;
    assert.ok(series.fromNs.length >= 15, `${series.fromNs.length} windows`);
    const scores: number[] = [];
    for (const [index, fromNs] of series.fromNs.entries()) {
      const time = 5 + Number(fromNs - 1_000_000_000n) / 1e9;
      const truth = (time - 5 - begin) * (1 + drift);
      const off = Number(series.toNs[index]!) / 1e9 - truth;
      assert.ok(Math.abs(off) < 1e-4, `${off} s at ${time}`);
      scores.push(Math.abs(off) * 1e9 / series.sigmasNs![index]!);
    }
    scores.sort((x, y) => x - y);
    assert.ok(scores[Math.floor(scores.length * 0.9)]! < 3, `scores ${scores}`);
  });
}

Deno.test("other sound is unrelated, and silence is silent", async () => {
  const first = record(BURSTS, take({ seconds: 60 }));
  const other = record(speech(99, 70), take({ seconds: 60, seed: 3 }));
  const match = await matchAudio(kernel, { audio: source(first, 8000) }, {
    audio: source(other, 8000),
  });
  assert.equal(match.verdict, "unrelated");
  assert.equal(audioSeries(match, CLOCKS), undefined);
  const silence = new Float32Array(8000 * 60);
  const still = await matchAudio(kernel, { audio: source(first, 8000) }, {
    audio: source(silence, 8000),
  });
  assert.equal(still.verdict, "unrelated");
  assert.ok(still.windows.every(({ verdict }) => verdict === "silent"));
  const short = await matchAudio(kernel, { audio: source(first, 8000) }, {
    audio: source(silence.subarray(0, 4000), 8000),
  });
  assert.equal(short.verdict, "too-short");
});

Deno.test("comparison can be cancelled", async () => {
  const first = { audio: source(new Float32Array(80_000), 8000) };
  const signal = AbortSignal.abort();
  await assert.rejects(matchAudio(kernel, first, first, { signal }));
});
