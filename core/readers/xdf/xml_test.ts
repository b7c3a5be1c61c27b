import assert from "node:assert/strict";
import { parseXml } from "./mod.ts";
import { child, childText } from "./xml.ts";

Deno.test("reads elements, text, entities and sections", () => {
  const root = parseXml(
    `<?xml version="1.0"?><!DOCTYPE info [<!ELEMENT a>]><!-- <b> --><info a="1">
      <name>A &amp; B&#33;</name><empty/><desc><![CDATA[<raw> &amp;]]><x>1</x><x>2</x></desc></info>`,
  );
  assert.equal(root?.name, "info");
  assert.equal(childText(root, "name"), "A & B!");
  assert.equal(childText(root, "empty"), undefined);
  assert.equal(childText(root, "desc"), "<raw> &amp;");
  assert.deepEqual(child(root, "desc")?.children.map(({ text }) => text), ["1", "2"]);
});

Deno.test("reads what is not well formed as far as it makes sense", () => {
  assert.equal(parseXml("no element"), undefined);
  assert.equal(parseXml(""), undefined);
  const root = parseXml("<info><a>1</b><c>2</info><d>");
  assert.equal(childText(root, "a", "c"), "2");
  assert.equal(childText(parseXml("<info><a>cut o"), "a"), "cut o");
  assert.equal(
    childText(parseXml("<info><a>&unknown;&#0;&#x110000;</a>"), "a"),
    "&unknown;&#0;&#x110000;",
  );
});

Deno.test("grows with the text alone", () => {
  const laughs = `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><info>&b;</info>`;
  assert.equal(parseXml(laughs)?.text.includes("haha") ?? false, false);
  const deep = parseXml("<a>".repeat(500_000));
  let depth = 0;
  for (let element = deep; element !== undefined; element = element.children[0]) depth++;
  assert.ok(depth <= 100);
  assert.equal(parseXml("<".repeat(1_000_000)), undefined);
  assert.ok(parseXml(`<a>${"<!--".repeat(300_000)}`) !== undefined);
});
