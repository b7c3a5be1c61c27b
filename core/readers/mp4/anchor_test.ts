import assert from "node:assert/strict";
import { creationAnchor, type VideoInfo } from "./mod.ts";

const STAMP = 1_750_000_000_000_000_000n;

function infoOf(creationMarks: "end" | "unknown"): VideoInfo {
  const track = {
    id: 1,
    kind: "video" as const,
    codec: "avc1",
    width: 64,
    height: 48,
    rotation: 0,
    frames: 300,
    missingFrames: 0,
    durationSeconds: 10,
    startSeconds: 0,
    timescale: 90_000,
    constantRate: false,
    nominalFps: 30,
    duplicateTimes: 0,
    reordered: false,
  };
  return { brands: [], fragmented: false, creationUtcNs: STAMP, creationMarks, tracks: [track] };
}

Deno.test("a stamp of unknown meaning allows for start and end", () => {
  const anchor = creationAnchor(infoOf("unknown"), { device: "pc" });
  assert.equal(anchor?.at, "start");
  assert.equal(anchor?.time.ns, STAMP + 500_000_000n - 5_000_000_000n);
  assert.ok(anchor!.time.sigmaNs >= 5e9);
  assert.equal(anchor?.time.clock.id, "pc/utc");
});

Deno.test("a stamp of known meaning is good to about a second", () => {
  const android = creationAnchor(infoOf("end"), { device: "pc" });
  assert.equal(android?.at, "end");
  assert.ok(android!.time.sigmaNs < 1e9);
  const told = creationAnchor(infoOf("end"), { device: "pc", marks: "start" });
  assert.equal(told?.at, "start");
});

Deno.test("no stamp, no anchor", () => {
  const { creationUtcNs: _, ...info } = infoOf("unknown");
  assert.equal(creationAnchor(info, { device: "pc" }), undefined);
});
