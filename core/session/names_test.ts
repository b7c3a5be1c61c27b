import assert from "node:assert/strict";
import {
  asciiDigits,
  buildFileName,
  buildSessionId,
  deviceOfName,
  isSessionId,
  parseFileName,
  parseSessionName,
} from "./names.ts";

const LOCAL_NS = BigInt(Date.UTC(2025, 6, 31, 14, 30, 22)) * 1_000_000n;

Deno.test("session folders of every writer", () => {
  const cases: [string, string, "pc" | "phone"][] = [
    ["session_20250731_143022", "session", "pc"],
    ["experiment_A_20250731_143022", "experiment_A", "pc"],
    ["exp A_20250731_143022", "exp A", "pc"],
    ["séance_é_20250731_143022", "séance_é", "pc"],
    ["20250731_143022", "", "pc"],
    ["session_2025-07-31_14-30-22", "session", "phone"],
    ["2025-07-31_14-30-22_P01", "", "pc"],
    ["session_٢٠٢٥-٠٧-٣١_١٤-٣٠-٢٢", "session", "phone"],
    ["session_۲۰۲۵-۰۷-۳۱_۱۴-۳۰-۲۲", "session", "phone"],
    ["20250731_143022_000_Pixel_ab12cd34", "", "pc"],
  ];
  for (const [folder, name, writer] of cases) {
    const parsed = parseSessionName(folder);
    assert.deepEqual(
      [parsed?.name, parsed?.writer, parsed?.time.ns],
      [name, writer, LOCAL_NS],
      folder,
    );
  }
});

Deno.test("folders without a time stamp, or with an impossible one, have none", () => {
  for (
    const folder of ["integration_test_1753842118", "memory_test_0", "a_20251331_143022", "", "_"]
  ) {
    assert.equal(parseSessionName(folder), undefined, folder);
  }
});

Deno.test("a doubled time stamp names the session that it belongs to", () => {
  const doubled = parseSessionName("session_20250731_143022_20250731_143025");
  assert.equal(doubled?.doubledId, "session_20250731_143022");
  assert.equal(parseSessionName("session_20250731_143022")?.doubledId, undefined);
});

Deno.test("file names of every writer", () => {
  const ms = 1_753_965_025_123_000_000n;
  const cases: [string, string, bigint | undefined][] = [
    ["phone_1_rgb_20250731_143022.mp4", "phone_1_rgb", LOCAL_NS],
    ["webcam_1_20250731_143022.mp4", "webcam_1", LOCAL_NS],
    ["webcam_session_20250731_142000_20250731_143022.mp4", "webcam_session", LOCAL_NS],
    ["Session_1753965025123.mp4", "Session", ms],
    ["video_Session_1753965025123_20250731_143025.mp4", "video_Session", ms],
    ["phone_1_Session_1753965025123.mp4", "phone_1_Session", ms],
    ["shimmer_GSR_1_session_2025-07-31_14-30-22.csv", "shimmer_GSR_1_session", LOCAL_NS],
    ["thermal_session_2025-07-31_14-30-22_raw.dat", "thermal_session", LOCAL_NS],
    ["shimmer_00_06_66_66_66_66_data.csv", "shimmer_00_06_66_66_66_66_data", undefined],
    ["a_20250230_143022.csv", "a_20250230_143022", undefined],
    [".hidden", ".hidden", undefined],
  ];
  for (const [name, head, ns] of cases) {
    const parsed = parseFileName(name);
    assert.deepEqual([parsed.head, parsed.time?.ns], [head, ns], name);
  }
  assert.equal(parseFileName("A.CSV").extension, "csv");
  assert.equal(parseFileName("Session_1753965025123.mp4").time?.kind, "utc");
});

Deno.test("devices of documented names", () => {
  const device = (name: string) => deviceOfName(parseFileName(name));
  assert.equal(device("phone_1_rgb_20250731_143022.mp4"), "phone_1");
  assert.equal(device("shimmer_40AC_gsr_20200728_105650.csv"), "shimmer_40AC");
  assert.equal(device("phone_1_thermal_video_20250731_143022.mp4"), "phone_1");
  assert.equal(device("gsr_data_20250731_143022.csv"), undefined);
  assert.equal(device("webcam_1_20250731_143022.mp4"), undefined);
});

Deno.test("names are built as the documents say and read back", () => {
  const id = buildSessionId({ name: " pilot é / 1 ", localNs: LOCAL_NS });
  assert.equal(id, "pilot___1_20250731_143022");
  assert.ok(isSessionId(id));
  assert.equal(parseSessionName(id)?.time.ns, LOCAL_NS);
  assert.equal(buildSessionId({ name: "é", localNs: LOCAL_NS }), "session_20250731_143022");
  const file = buildFileName({
    device: "phone_1",
    type: "rgb",
    localNs: LOCAL_NS,
    extension: "mp4",
  });
  assert.equal(file, "phone_1_rgb_20250731_143022.mp4");
  const webcam = buildFileName({ device: "webcam_1", localNs: LOCAL_NS, extension: "mp4" });
  assert.equal(webcam, "webcam_1_20250731_143022.mp4");
});

Deno.test("session ids outside the pattern are told from those inside", () => {
  assert.ok(isSessionId("session_20250731_143022"));
  assert.ok(isSessionId("20250731_143022"));
  for (const id of ["session", "exp A_20250731_143022", "é_20250731_143022", "a_20251331_143022"]) {
    assert.ok(!isSessionId(id), id);
  }
});

Deno.test("digits of other scripts become ASCII", () => {
  assert.equal(
    asciiDigits("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ ०१२३४५६७८९ 0129"),
    "0123456789 0123456789 0123456789 0129",
  );
});
