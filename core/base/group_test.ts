import assert from "node:assert/strict";
import { groupBy } from "./group.ts";

Deno.test("items are grouped as the platform does, in the order of their first appearance", () => {
  const items = ["pear", "fig", "plum", "kiwi", "date", "apple"];
  const keyOf = (item: string) => item.length;
  assert.deepEqual([...groupBy(items, keyOf)], [...Map.groupBy(items, keyOf)]);
  assert.deepEqual([...groupBy([], keyOf)], []);
});
