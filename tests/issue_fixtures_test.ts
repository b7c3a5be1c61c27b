import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import {
  type FaultCode,
  FAULTS,
  faultySession,
  type FolderSource,
  type Issue,
  Kernel,
  MemoryFolderSink,
  processSession,
  renderIssue,
} from "session-process";
import { openFolder, sha256 } from "session-process/runtime";

const SESSIONS = fileURLToPath(new URL("../fixtures/sessions/", import.meta.url));

/** What stands beside each fixture. */
interface Expected {
  readonly code: string | null;
  readonly folder: string;
}

/** Everything that is found when a session is read, aligned and exported, output kept in memory. */
async function issuesOf(folder: FolderSource): Promise<readonly Issue[]> {
  const output = new MemoryFolderSink();
  const { issues } = await processSession({
    folder,
    output,
    kernel: new Kernel(),
    sha256,
    version: "0.0.0-test",
  });
  assertDistinct(issues);
  return issues;
}

/** No fault may be reported twice by two parts of the program. */
function assertDistinct(issues: readonly Issue[]): void {
  const texts = issues.map((issue) =>
    inspect({ code: issue.code, where: issue.where, params: issue.params })
  );
  const twice = texts.filter((text, index) => texts.indexOf(text) !== index);
  assert.deepEqual(twice, []);
}

function assertRaised(code: string, issues: readonly Issue[]): void {
  const found = issues.some((issue) => issue.code === code);
  assert.ok(found, `${code} was not raised, but\n${issues.map(renderIssue).join("\n")}`);
}

for (const name of readdirSync(SESSIONS)) {
  const expected: Expected = JSON.parse(
    readFileSync(join(SESSIONS, name, "expected.json"), "utf8"),
  );
  const { code, folder } = expected;
  const open = () => openFolder(join(SESSIONS, name, folder));
  if (code === null) {
    Deno.test(`fixture ${name} raises no warning and no error`, async () => {
      const serious = (await issuesOf(open())).filter(({ severity }) => severity !== "info");
      assert.deepEqual(serious.map((issue) => `${issue.code} ${renderIssue(issue)}`), []);
    });
  } else {
    Deno.test(`fixture ${name} raises its code`, async () => {
      assertRaised(code, await issuesOf(open()));
    });
  }
}

for (const code of Object.keys(FAULTS) as FaultCode[]) {
  if ((FAULTS[code] as { memoryOnly?: string }).memoryOnly === undefined) continue;
  Deno.test(`fault ${code}, which cannot be stored, raises its code`, async () => {
    const { folder } = await faultySession(code);
    assertRaised(code, await issuesOf(folder));
  });
}

Deno.test("there is a fixture or a fault in memory for every code that data can raise", () => {
  const stored = readdirSync(SESSIONS).filter((name) => name !== "clean");
  const inMemory = Object.entries(FAULTS).filter(([, fault]) => "memoryOnly" in fault);
  const covered = [...stored, ...inMemory.map(([code]) => code)];
  assert.deepEqual(covered.toSorted(), Object.keys(FAULTS).toSorted());
});
