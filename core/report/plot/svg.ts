/** Attributes of an element; absent ones are left out. */
export type SvgAttributes = Readonly<Record<string, string | number | undefined>>;

/** Characters that XML 1.0 cannot hold, not even escaped. */
// deno-lint-ignore no-control-regex
const FORBIDDEN_REGEXP = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Text that can stand in XML, between tags and in attributes. */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN_REGEXP, "\ufffd")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

/** A coordinate with a tenth of a pixel: the same bytes everywhere. */
export function coordinate(value: number): string {
  const text = value.toFixed(1).replace(/\.0$/, "");
  return text === "-0" ? "0" : text;
}

/** An element. `content` is markup; text goes through {@linkcode escapeXml} or {@linkcode textElement}. */
export function element(name: string, attributes: SvgAttributes, content = ""): string {
  const list = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [` ${key}="${typeof value === "number" ? coordinate(value) : escapeXml(value)}"`];
  }).join("");
  return content === "" ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`;
}

/** A line of text. */
export function textElement(text: string, attributes: SvgAttributes): string {
  return element("text", attributes, escapeXml(text));
}

/** Mean width of a character per size of the font; digits and small letters are narrower, capitals wider. */
const CHARACTER_WIDTH = 0.6;

/** Width of a text in the font of the plots, roughly: enough to keep labels apart and inside. */
export function textWidth(text: string, size = 12): number {
  return text.length * size * CHARACTER_WIDTH;
}

/** A text cut to a width, with an ellipsis for what is left out. */
export function cutText(text: string, width: number, size = 12): string {
  const most = Math.max(1, Math.floor(width / (size * CHARACTER_WIDTH)));
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}\u2026`;
}

/**
 * Colours for white paper and for dark screens, told apart by people who see few colours (Okabe and Ito 2008), and
 * line styles.
 */
const STYLE = [
  "text{font-family:Helvetica,Arial,'Liberation Sans',sans-serif;font-size:12px;fill:#333}",
  ".title{font-size:16px;font-weight:bold}",
  ".paper{fill:#fff}.panel{fill:#fafafa;stroke:#999}",
  ".grid{stroke:#e3e3e3;fill:none}.tick{stroke:#999;fill:none}.zero{stroke:#888;fill:none}",
  ".gap{fill:#888;fill-opacity:.16}",
  ".dots{fill:none;stroke-width:3;stroke-linecap:round;stroke-opacity:.75}",
  ".few{stroke-width:5}",
  ".crosses{fill:none;stroke:#d55e00;stroke-width:1.3}",
  ".line{fill:none;stroke-width:1.6;stroke-linejoin:round}",
  ".band{stroke:none;fill-opacity:.18}.edge{fill:none;stroke:#222;stroke-width:.8;stroke-opacity:.7}",
  ".step{stroke:#a3418a;stroke-width:1.2;stroke-dasharray:5 3;fill:none}.steptext{fill:#a3418a}.steptext,.note{paint-order:stroke;stroke:#fafafa;stroke-width:3px}",
  ".c0{stroke:#0072b2}.c1{stroke:#009e73}.c2{stroke:#e69f00}.c3{stroke:#56b4e9}.c4{stroke:#cc79a7}",
  ".f0{fill:#0072b2}.f1{fill:#009e73}.f2{fill:#e69f00}.f3{fill:#56b4e9}.f4{fill:#cc79a7}",
  "@media (prefers-color-scheme:dark){text{fill:#ddd}.paper{fill:#151515}.panel{fill:#1e1e1e;stroke:#777}",
  ".grid{stroke:#333}.tick{stroke:#777}.zero{stroke:#888}.steptext{fill:#dd8fc8}.steptext,.note{stroke:#1e1e1e}.step{stroke:#dd8fc8}",
  ".c0{stroke:#4da6dd}.f0{fill:#4da6dd}.edge{stroke:#eee}}",
].join("");

/** How many colours of series there are: classes `c0` and on for lines, `f0` and on for areas. */
export const SERIES_COLOURS = 5;

/** A whole picture. */
export function svgDocument(
  { width, height, title }: {
    readonly width: number;
    readonly height: number;
    /** Read out to those who cannot see it. */
    readonly title: string;
  },
  content: readonly string[],
): string {
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width: String(width),
    height: String(height),
    role: "img",
  };
  const head = [
    element("title", {}, escapeXml(title)),
    element("style", {}, STYLE),
    element("rect", { class: "paper", x: 0, y: 0, width, height }),
  ];
  const whole = element("svg", attributes, `\n${[...head, ...content].join("\n")}\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${whole}\n`;
}
