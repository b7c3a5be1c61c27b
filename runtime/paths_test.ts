import assert from "node:assert/strict";
import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasRealParents, makeParents, safeSegments } from "./paths.ts";

Deno.test("only a path that stays in its folder is split", () => {
  assert.deepEqual(safeSegments("exports/csv/a.csv"), ["exports", "csv", "a.csv"]);
  assert.deepEqual(safeSegments("..a/b.."), ["..a", "b.."]);
  for (
    const path of ["", "/etc", "a//b", "../a", "a/../b", "./a", "a/.", "a\\..\\b", "a\0b", "a/"]
  ) {
    assert.throws(() => safeSegments(path), RangeError, JSON.stringify(path));
  }
});

Deno.test("parents are made, but never through a link or a file", async () => {
  const root = mkdtempSync(join(tmpdir(), "paths-"));
  try {
    await makeParents(join(root, "new"), ["a", "b", "file"]);
    assert.ok(lstatSync(join(root, "new", "a", "b")).isDirectory());
    assert.equal(await hasRealParents(join(root, "new"), ["a", "b", "file"]), true);
    assert.equal(await hasRealParents(join(root, "new"), ["a", "c", "file"]), false);

    mkdirSync(join(root, "elsewhere"));
    symlinkSync(join(root, "elsewhere"), join(root, "link"));
    writeFileSync(join(root, "file"), "");
    for (const first of ["link", "file"]) {
      await assert.rejects(makeParents(root, [first, "x"]), /it is not a folder/);
      assert.equal(await hasRealParents(root, [first, "x"]), false);
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});
