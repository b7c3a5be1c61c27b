import assert from "node:assert/strict";
import { CancelledError, throwIfCancelled } from "./errors.ts";
import { responsive } from "./responsive.ts";

Deno.test("all items are passed on in their order", async () => {
  const passed: number[] = [];
  for await (const item of responsive(Array.from({ length: 20 }, (_, index) => index))) {
    passed.push(item);
  }
  assert.deepEqual(passed, Array.from({ length: 20 }, (_, index) => index));
});

Deno.test("work that never waits can be cancelled by an event", async () => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 0);
  let done = 0;
  const work = async () => {
    for await (const item of responsive(Array.from({ length: 100_000 }, (_, index) => index))) {
      throwIfCancelled(controller.signal);
      done = item;
    }
  };
  await assert.rejects(work(), CancelledError);
  clearTimeout(timer);
  assert.ok(done < 100_000, `${done}`);
});
