import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { demoPlan, sessionIdOf, simulateSession } from "session-process";
import { openOutput } from "session-process/runtime";
import { cliCommand, runCli, signalRun } from "./support/cli.ts";
import { copyFolder, inTemporaryFolder, snapshot } from "./support/folders.ts";
import { Random } from "./support/random.ts";

/** How often a run is killed. */
const KILLS = 50;

/**
 * Kills a run after some time; false when it had finished by itself. Only its status tells, since
 * it may end between the timer and the signal.
 */
async function killAfter(args: readonly string[], milliseconds: number): Promise<boolean> {
  const child = cliCommand(args).spawn();
  const timer = setTimeout(() => signalRun(child, "SIGKILL"), milliseconds);
  const { signal } = await child.output();
  clearTimeout(timer);
  return signal === "SIGKILL";
}

function isOutput(path: string): boolean {
  return path.startsWith("processing/") || path.startsWith("exports/");
}

Deno.test("a run that is killed again and again ends with the bytes of an undisturbed one", () =>
  inTemporaryFolder(async (folder) => {
    const plan = { ...demoPlan(), durationSeconds: 40 };
    const original = join(folder, "original", sessionIdOf(plan));
    await simulateSession(plan, openOutput(original));
    const inputs = await snapshot(original);
    const undisturbed = join(folder, "undisturbed", sessionIdOf(plan));
    await copyFolder(original, undisturbed);
    const started = performance.now();
    await runCli(["process", undisturbed]);
    const duration = performance.now() - started;
    const expected = await snapshot(undisturbed, (path) => !isOutput(path));

    const random = new Random(7);
    const disturbed = join(folder, "disturbed", sessionIdOf(plan));
    await copyFolder(original, disturbed);
    let kills = 0;
    while (kills < KILLS) {
      if (await killAfter(["process", disturbed], random.next() * duration)) kills++;
      else await Deno.remove(join(disturbed, "processing"), { recursive: true });
    }
    const { code, stderr } = await runCli(["process", disturbed]);
    assert.ok(code === 0 || code === 4, stderr);
    const found = await snapshot(disturbed, (path) => !isOutput(path));
    assert.deepEqual([...found.keys()], [...expected.keys()]);
    for (const [path, bytes] of expected) {
      assert.ok(Buffer.from(bytes).equals(Buffer.from(found.get(path)!)), `${path} differs`);
    }
    const kept = await snapshot(disturbed, isOutput);
    for (const [path, bytes] of inputs) assert.deepEqual(kept.get(path), bytes, `${path} changed`);
  }));
