import assert from "node:assert/strict";
import { createIssue, issueMessage, issuePlace, ISSUES, renderIssue } from "./mod.ts";

Deno.test("every message and remedy can be read: a sentence without braces left over", () => {
  for (const [code, { title, message, remedy }] of Object.entries(ISSUES)) {
    assert.match(code, /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/);
    for (const text of [title, remedy]) assert.doesNotMatch(text, /[{}]/, code);
    assert.match(remedy, /\.$/, code);
    assert.doesNotMatch(title, /\.$/, code);
    assert.ok(message.length > 0, code);
  }
});

Deno.test("a message holds its parameters, cut when they are endless", () => {
  const issue = createIssue("CSV_VALUE_INVALID", { column: "gsr", value: "x".repeat(10_000) }, {
    path: "a.csv",
    line: 7,
  });
  assert.match(issueMessage(issue), /^Column "gsr" holds "x{159}\u2026", /);
  assert.match(renderIssue(issue), /^a\.csv:7: Column/);
});

Deno.test("the place is the most exact that is known", () => {
  const place = (where: Parameters<typeof createIssue>[2]) =>
    issuePlace(createIssue("FILE_EMPTY", {}, where));
  assert.equal(place({ path: "a.mp4", byte: 12 }), "a.mp4@12");
  assert.equal(place({ stream: "p/gsr", device: "p" }), "p/gsr");
  assert.equal(place({}), "");
});
