/** An element of XML: its name, the text directly inside, its children in order. Attributes are not kept. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: OpenElement[];
}

/** Deeper elements become children of the deepest one that is allowed. */
const MAX_DEPTH = 100;
/** Further elements are left out. */
const MAX_ELEMENTS = 200_000;

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** Sections that hold no elements: what opens them, what closes them, whether their inside is text. */
const SECTIONS = [
  { open: "<!--", close: "-->", isText: false },
  { open: "<![CDATA[", close: "]]>", isText: true },
  { open: "<?", close: "?>", isText: false },
  { open: "<!", close: ">", isText: false },
] as const;

/**
 * Reads the elements of XML, as far as streams describe themselves with it. Time and memory grow with the length
 * of the text alone: entities that a document declares are not expanded, and nothing is loaded. What is not well
 * formed is read as far as it makes sense. Undefined where there is no element at all.
 *
 * @example
 * ```ts
 * import { parseXml } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const info = parseXml("<info><name>A &amp; B</name></info>");
 * assert.equal(info?.children[0]?.text, "A & B");
 * ```
 */
export function parseXml(source: string): XmlElement | undefined {
  const root: OpenElement = { name: "", text: "", children: [] };
  const open = [root];
  let elements = 0;
  let at = 0;
  while (at < source.length) {
    const mark = source.indexOf("<", at);
    const end = mark < 0 ? source.length : mark;
    open.at(-1)!.text += decodeEntities(source.slice(at, end));
    if (mark < 0) break;
    const section = readSection(source, mark);
    if (section !== undefined) {
      open.at(-1)!.text += section.text;
      at = section.end;
      continue;
    }
    const close = source.indexOf(">", mark);
    if (close < 0) break;
    if (elements++ < MAX_ELEMENTS) applyTag(source.slice(mark + 1, close), open);
    at = close + 1;
  }
  return root.children[0];
}

function readSection(source: string, at: number): { text: string; end: number } | undefined {
  const section = SECTIONS.find(({ open }) => source.startsWith(open, at));
  if (section === undefined) return undefined;
  const start = at + section.open.length;
  const close = source.indexOf(section.close, start);
  const end = close < 0 ? source.length : close;
  return {
    text: section.isText ? source.slice(start, end) : "",
    end: close < 0 ? source.length : close + section.close.length,
  };
}

/** Opens or closes an element. A closing tag closes what stands inside; one that was not opened is ignored. */
function applyTag(tag: string, open: OpenElement[]): void {
  if (tag.startsWith("/")) {
    const name = tag.slice(1).trim();
    const depth = open.findLastIndex((element) => element.name === name);
    if (depth > 0) open.length = depth;
    return;
  }
  const name = /^[^\s/>]+/.exec(tag)?.[0];
  if (name === undefined) return;
  const element: OpenElement = { name, text: "", children: [] };
  open.at(-1)!.children.push(element);
  if (!tag.endsWith("/") && open.length < MAX_DEPTH) open.push(element);
}

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#x?[0-9a-f]{1,8}|[a-z]{2,4});/gi, (whole, entity: string) => {
    if (!entity.startsWith("#")) return NAMED_ENTITIES[entity] ?? whole;
    const isHex = /^#x/i.test(entity);
    const code = Number.parseInt(entity.slice(isHex ? 2 : 1), isHex ? 16 : 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The first child of a name, along a path of names. */
export function child(
  element: XmlElement | undefined,
  ...path: readonly string[]
): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (parent, name) => parent?.children.find((item) => item.name === name),
    element,
  );
}

/** Trimmed text of the child along a path; undefined where it is missing or empty. */
export function childText(
  element: XmlElement | undefined,
  ...path: readonly string[]
): string | undefined {
  const text = child(element, ...path)?.text.trim();
  return text === "" ? undefined : text;
}
