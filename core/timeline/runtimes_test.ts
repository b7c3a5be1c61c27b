import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { packedAnswers } from "./_packed_answers.ts";

Deno.test("joins and curves have the same bits in Node as in Deno", () => {
  if (spawnSync("node", ["--version"]).status !== 0) {
    if (Deno.env.get("CI") === "true") {
      throw new Error("Cannot compare runtimes: Node is not there");
    }
    Deno.stderr.writeSync(new TextEncoder().encode("skipped: Node is not there\n"));
    return;
  }
  const folder = Deno.makeTempDirSync();
  try {
    const bundle = join(folder, "answers.mjs");
    const module = fileURLToPath(new URL("_packed_answers.ts", import.meta.url));
    const bundled = spawnSync(Deno.execPath(), ["bundle", "--quiet", "--output", bundle, module], {
      encoding: "utf8",
    });
    assert.equal(bundled.status, 0, bundled.stderr);
    const script = `import { packedAnswers } from ${JSON.stringify(pathToFileURL(bundle).href)};
process.stdout.write(packedAnswers());`;
    const node = spawnSync("node", ["--input-type=module", "-e", script], { encoding: "utf8" });
    assert.equal(node.status, 0, node.stderr);
    assert.equal(node.stdout, packedAnswers());
    assert.equal(packedAnswers(), packedAnswers());
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
