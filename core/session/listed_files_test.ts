import assert from "node:assert/strict";
import { TargetResolver } from "./listed_files.ts";

const ID = "session_20250731_143022";

const RESOLVER = new TargetResolver([
  "webcam.mp4",
  "devices/phone_1/rgb_videos/a.mp4",
  "devices/phone_2/rgb_videos/a.mp4",
  "devices/phone_1/sensor_data/only.csv",
  "phone_1_received.csv",
], [ID]);

Deno.test("paths of the metadata are found by their end", () => {
  const cases: [string, string | undefined][] = [
    ["webcam.mp4", "webcam.mp4"],
    ["./webcam.mp4", "webcam.mp4"],
    [`recordings\\${ID}\\webcam.mp4`, "webcam.mp4"],
    [`recordings/${ID}/devices/phone_2/rgb_videos/a.mp4`, "devices/phone_2/rgb_videos/a.mp4"],
    [`/home/u/recordings/${ID}/webcam.mp4`, "webcam.mp4"],
    [`D:\\lab\\${ID}\\devices\\phone_1\\rgb_videos\\a.mp4`, "devices/phone_1/rgb_videos/a.mp4"],
    ["elsewhere/only.csv", "devices/phone_1/sensor_data/only.csv"],
    ["elsewhere/a.mp4", undefined],
    ["devices/../webcam.mp4", "webcam.mp4"],
    ["", undefined],
  ];
  for (const [target, path] of cases) {
    assert.deepEqual(
      RESOLVER.resolve(target),
      path === undefined ? { unsafe: false } : { unsafe: false, path },
      target,
    );
  }
  assert.equal(RESOLVER.resolve("received.csv", "phone_1").path, "phone_1_received.csv");
});

Deno.test("paths that leave the session are unsafe, whatever their end", () => {
  const targets = [
    "../webcam.mp4",
    "a/../../webcam.mp4",
    "..\\webcam.mp4",
    "/etc/webcam.mp4",
    "C:webcam.mp4",
    "\\\\server\\share\\webcam.mp4",
    "file:///webcam.mp4",
    "webcam.mp4\0.txt",
  ];
  for (const target of targets) {
    assert.deepEqual(RESOLVER.resolve(target), { unsafe: true }, target);
  }
});
