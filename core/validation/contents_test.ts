import assert from "node:assert/strict";
import { type Issue, memoryFolder } from "../base/mod.ts";
import { cleanInput, file } from "./_cases/clean.ts";
import { checkContents } from "./contents.ts";

const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46);
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);

async function judged(path: string, contents: string | Uint8Array, role = "recording" as const) {
  const { session } = cleanInput({ session: { files: [file(path, { role })], streams: [] } });
  const issues: Issue[] = [];
  const folder = memoryFolder("s", { [path]: contents });
  await checkContents({ folder, session, report: (issue) => issues.push(issue) });
  return issues.map(({ code, params }) => ({ code, ...params }));
}

Deno.test("a picture that is what its name says raises nothing", async () => {
  assert.deepEqual(await judged("a_thermal.PNG", PNG), []);
  assert.deepEqual(await judged("a_rgb.jpg", JPEG), []);
});

Deno.test("a JPEG under the name of a PNG is found", async () => {
  assert.deepEqual(await judged("calibration/thermal_000.png", JPEG), [
    { code: "FILE_TYPE_MISMATCH", named: "a PNG picture", found: "a JPEG picture" },
  ]);
});

Deno.test("a placeholder is found and quoted", async () => {
  const [issue] = await judged("a_thermal.png", "THERMAL_PLACEHOLDER_DATA_1753965022068");
  assert.equal(issue!.code, "FILE_PLACEHOLDER");
  assert.match(JSON.stringify(issue), /"THERMAL_PLACEHOLDER_DATA_1753965"/);
});

Deno.test("other endings, unknown contents and files that cannot be opened are left alone", async () => {
  assert.deepEqual(await judged("notes.txt", JPEG), []);
  assert.deepEqual(await judged("a.png", "hello"), []);
  const { session } = cleanInput({ session: { files: [file("gone.png")], streams: [] } });
  const report = () => assert.fail("nothing can be said of it");
  await checkContents({ folder: memoryFolder("s", {}), session, report });
});

Deno.test("files that a reader opens are left to it", async () => {
  const { session } = cleanInput();
  const folder = memoryFolder(
    "s",
    Object.fromEntries(session.files.map(({ path }) => [path, JPEG])),
  );
  await checkContents({ folder, session, report: () => assert.fail("the reader judges it") });
});
