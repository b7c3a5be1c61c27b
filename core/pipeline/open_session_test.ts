import assert from "node:assert/strict";
import { memoryFolder } from "../base/mod.ts";
import { CONFIG_NAME, gradedIssues, openSession } from "./open_session.ts";

const NAME = "pilot_20250731_143022";
const EMPTY = "phone_1_gsr_20250731_143022.csv";

Deno.test("the file beside the recordings re-grades what is found, and the log keeps it all", async () => {
  const config = JSON.stringify({ rules: [{ code: "LOG_MISSING", severity: "off" }] });
  const plain = await openSession(memoryFolder(NAME, { [EMPTY]: "" }));
  const codes = plain.issues.issues().map(({ code }) => code);
  const chosen = codes[0]!;
  const rules = [{ code: chosen, path: "**", severity: "off" }, { code: chosen, severity: "off" }];
  const graded = await openSession(
    memoryFolder(NAME, { [EMPTY]: "", [CONFIG_NAME]: JSON.stringify({ rules }) }),
  );
  assert.ok(graded.issues.issues().some(({ code }) => code === chosen));
  assert.ok(!gradedIssues(graded.issues, graded.config).some(({ code }) => code === chosen));
  const other = await openSession(memoryFolder(NAME, { [EMPTY]: "", [CONFIG_NAME]: config }));
  assert.ok(gradedIssues(other.issues, other.config).some(({ code }) => code === chosen));
});

Deno.test("a damaged file of settings is reported, and the session is read without it", async () => {
  for (const text of ["{", "[1]", "\u0000", `{"export": {"gridRateHz": "fast"}}`]) {
    const folder = memoryFolder(NAME, { [EMPTY]: "", [CONFIG_NAME]: text });
    const { issues, config, session } = await openSession(folder);
    const found = issues.issues().filter(({ code }) => code === "CONFIG_INVALID");
    assert.equal(found[0]?.where.path, CONFIG_NAME, text);
    assert.equal(config.export?.gridRateHz, undefined);
    assert.equal(session.streams.length, 1);
  }
});
