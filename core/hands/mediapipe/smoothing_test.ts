import assert from "node:assert/strict";
import { HandSmoothers, LandmarkSmoother } from "./smoothing.ts";

Deno.test("the One-Euro filter follows its defining recursion", () => {
  const options = { minCutoffHz: 1.5, speedCoefficient: 2, speedCutoffHz: 1 };
  const smoother = new LandmarkSmoother(options);
  const inputs = [10, 10.5, 9.7, 14, 15, 15.2];
  const seconds = 0.04;
  // Casiez, Roussel and Vogel 2012, section 3: alpha = 1 / (1 + tau / Te), tau = 1 / (2 pi fc).
  const alpha = (cutoff: number) => 1 / (1 + 1 / (2 * Math.PI * cutoff * seconds));
  let [value, speed] = [inputs[0]!, 0];
  for (const [index, input] of inputs.entries()) {
    if (index > 0) {
      const raw = (input - value) / seconds / 5;
      speed = alpha(1) * raw + (1 - alpha(1)) * speed;
      const share = alpha(1.5 + 2 * Math.abs(speed));
      value = share * input + (1 - share) * value;
    }
    const points = Float32Array.of(input);
    smoother.apply(points, index === 0 ? 0 : seconds, 5);
    assert.ok(Math.abs(points[0]! - value) < 1e-5, `${index}: ${points[0]} instead of ${value}`);
  }
});

Deno.test("a resting hand that trembles trembles less, and a fast one is followed", () => {
  const tremble = new LandmarkSmoother();
  let spread = 0;
  for (let index = 0; index < 200; index++) {
    const points = Float32Array.of(100 + (index % 2 === 0 ? 1 : -1));
    tremble.apply(points, 1 / 30, 200);
    if (index > 100) spread = Math.max(spread, Math.abs(points[0]! - 100));
  }
  assert.ok(spread < 0.3, String(spread));
  const fast = new LandmarkSmoother();
  const points = new Float32Array(1);
  for (let index = 0; index < 60; index++) {
    points[0] = index * 40;
    fast.apply(points, 1 / 30, 200);
  }
  assert.ok(Math.abs(points[0]! - 59 * 40) < 40, String(points[0]));
});

Deno.test("smoothing goes on from its saved state as if it had never stopped", () => {
  const seen = (id: number, value: number) => {
    const landmarks = new Float32Array(63).fill(value);
    const region = { centerX: 0, centerY: 0, size: 100, cos: 1, sin: 0 };
    const reading = { presence: 1, right: 1, landmarks, world: landmarks.slice() };
    return { hand: { id, region, right: 1, seen: 1 }, reading };
  };
  const whole = new HandSmoothers({});
  let parted = new HandSmoothers({});
  for (let index = 0; index < 20; index++) {
    const frame = { index, timeNs: BigInt(index) * 33_000_000n };
    const [one, other] = [seen(0, 10 * index + index % 3), seen(0, 10 * index + index % 3)];
    whole.apply([one], frame);
    const saved: unknown = JSON.parse(JSON.stringify(parted.save()));
    parted = new HandSmoothers({});
    parted.restore(saved as ReturnType<HandSmoothers["save"]>);
    parted.apply([other], frame);
    assert.deepEqual(other.reading, one.reading);
  }
});
