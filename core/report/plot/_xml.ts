/** An element of a parsed picture. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, unescaped. */
  readonly text: string;
}

const NAME = "[A-Za-z_:][A-Za-z0-9_:.-]*";
const TOKEN_REGEXP = new RegExp(
  `<\\?[^>]*\\?>|<(/?)(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>|([^<]+)`,
  "gy",
);

/** Parses XML strictly, as far as pictures use it. Throws `SyntaxError` on anything that is not well-formed. */
export function parseXml(text: string): XmlElement {
  const root = open("", "");
  const stack = [root];
  TOKEN_REGEXP.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN_REGEXP.lastIndex) {
    const token = TOKEN_REGEXP.exec(text);
    if (token === null) throw new SyntaxError(`Not XML: ${text.slice(at, at + 60)}`);
    const [, closing, name, attributes = "", empty, content] = token;
    const top = stack.at(-1)!;
    if (content !== undefined) top.text += unescape(content);
    else if (name === undefined) continue;
    else if (closing === "/") {
      if (top.name !== name) throw new SyntaxError(`<${top.name}> ends as </${name}>`);
      stack.pop();
    } else {
      const child = open(name, attributes);
      top.children.push(child);
      if (empty !== "/") stack.push(child);
    }
  }
  if (stack.length !== 1 || root.children.length !== 1) throw new SyntaxError("Not one element");
  return root.children[0]!;
}

type OpenElement = XmlElement & { text: string; readonly children: OpenElement[] };

function open(name: string, list: string): OpenElement {
  const pairs = [...list.matchAll(new RegExp(`(${NAME})="([^"]*)"`, "g"))];
  const attributes = new Map(pairs.map(([, key, value]) => [key!, unescape(value!)]));
  if (attributes.size < pairs.length) throw new SyntaxError(`An attribute of <${name}> is double`);
  return { name, attributes, children: [], text: "" };
}

function unescape(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) throw new SyntaxError(`Bare & in ${text}`);
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

/** An element and all below it. */
export function elementsOf(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(elementsOf)];
}

/** The corners of everything that is drawn, in pixels, with the element that they belong to. */
export function cornersOf(root: XmlElement): { x: number; y: number; of: string }[] {
  return elementsOf(root).flatMap(({ name, attributes, text }) => {
    const number = (key: string) => Number(attributes.get(key) ?? NaN);
    const of = `${name} ${attributes.get("class") ?? ""} ${text}`;
    const at = (x: number, y: number) => ({ x, y, of });
    if (name === "line") return [at(number("x1"), number("y1")), at(number("x2"), number("y2"))];
    if (name === "circle") return [at(number("cx"), number("cy"))];
    if (name === "path") return pathCorners(attributes.get("d") ?? "").map(([x, y]) => at(x, y));
    if (name === "rect") {
      const [x, y] = [number("x"), number("y")];
      return [at(x, y), at(x + number("width"), y + number("height"))];
    }
    if (name !== "text" || attributes.has("transform")) return [];
    // Helvetica is no wider than 0.6 of its size on the mean.
    const width = text.length * 0.6 * (attributes.get("class") === "title" ? 16 : 12);
    const anchor = attributes.get("text-anchor") ?? "start";
    const left = number("x") - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
    return [at(left, number("y")), at(left + width, number("y"))];
  });
}

/** Places that a path of the commands M L H l h v m Z visits. */
function pathCorners(path: string): [number, number][] {
  const corners: [number, number][] = [];
  let [x, y] = [0, 0];
  for (const [, command, list] of path.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const numbers = list!.trim() === "" ? [] : list!.trim().split(/[\s,]+/).map(Number);
    if (numbers.some(Number.isNaN)) throw new SyntaxError(`No numbers: ${command}${list}`);
    if (command === "M" || command === "L") [x, y] = [numbers[0]!, numbers[1]!];
    else if (command === "l" || command === "m") [x, y] = [x + numbers[0]!, y + numbers[1]!];
    else if (command === "H") x = numbers[0]!;
    else if (command === "h") x += numbers[0]!;
    else if (command === "v") y += numbers[0]!;
    else if (command !== "Z") throw new SyntaxError(`Unknown command ${command}`);
    corners.push([x, y]);
  }
  return corners;
}
