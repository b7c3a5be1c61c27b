import assert from "node:assert/strict";
import { IssueLog, memoryFolder } from "../base/mod.ts";
import { discoverSession } from "./discover.ts";
import { checkPictures } from "./pictures.ts";

Deno.test("pictures are what their names say, or reported", async () => {
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
  const folder = memoryFolder("s_20250731_143022", {
    "calibration/a_rgb.jpg": jpeg,
    "calibration/a_thermal.png": jpeg,
    "calibration/b_thermal.png": "THERMAL_PLACEHOLDER_DATA_1753965022123",
    "calibration/c_thermal.png": png,
    "calibration/d_rgb.jpg": png,
    "calibration/e_rgb.jpg": Uint8Array.of(1, 2, 3),
    "calibration/empty.png": "",
    "photo.png": "not a recording",
  });
  const log = new IssueLog();
  const { files } = await discoverSession(folder);
  await checkPictures(folder, files, { report: log.report });
  assert.deepEqual(log.issues().map(({ code, where, params }) => [code, where.path, params]), [
    ["FILE_TYPE_MISMATCH", "calibration/a_thermal.png", { named: "PNG", found: "JPEG" }],
    ["FILE_PLACEHOLDER", "calibration/b_thermal.png", {
      text: "THERMAL_PLACEHOLDER_DATA_1753965022123",
    }],
    ["FILE_TYPE_MISMATCH", "calibration/d_rgb.jpg", { named: "JPEG", found: "PNG" }],
    ["FILE_TYPE_MISMATCH", "calibration/e_rgb.jpg", { named: "JPEG", found: "of no known kind" }],
  ]);
});
