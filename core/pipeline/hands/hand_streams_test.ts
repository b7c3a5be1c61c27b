import assert from "node:assert/strict";
import { folderOf } from "./hand_streams.ts";

Deno.test("recordings of one session have folders of their own", () => {
  const recordings = [
    { device: "cam.left", name: "video" },
    { device: "cam", name: "left.video" },
    { device: "cam%2eleft", name: "video" },
    { device: ".cam", name: "left.video" },
  ];
  const folders = recordings.map(folderOf);
  assert.equal(new Set(folders).size, recordings.length);
  for (const folder of folders) assert.match(folder, /^[A-Za-z0-9_%][A-Za-z0-9._%-]*$/);
  assert.equal(folderOf({ device: "phone_1", name: "rgb_video" }), "phone_1.rgb_video");
});
