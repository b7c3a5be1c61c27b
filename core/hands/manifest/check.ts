/** A value is not what a description may hold there. */
export class DescriptionError extends Error {
  override readonly name = "DescriptionError";
}

/** Throws `DescriptionError` when a value is not of its kind; `at` is its place for the message. */
export type Check = (value: unknown, at: string) => void;

function refuse(value: unknown, at: string, wanted: string): never {
  const shown = value === undefined ? "missing" : JSON.stringify(value)?.slice(0, 60);
  throw new DescriptionError(`${at} must be ${wanted}: it is ${shown}`);
}

/** A text that matches. */
export function text(pattern: RegExp, wanted: string): Check {
  return (value, at) => {
    if (typeof value !== "string" || !pattern.test(value)) refuse(value, at, wanted);
  };
}

/** One of some words. */
export function oneOf(...words: readonly string[]): Check {
  return (value, at) => {
    if (!words.some((word) => word === value)) refuse(value, at, words.join(" or "));
  };
}

/** A whole number within limits. */
export function whole(least: number, most: number): Check {
  return (value, at) => {
    const isWhole = typeof value === "number" && Number.isInteger(value);
    if (!isWhole || value < least || value > most) {
      refuse(value, at, `a whole number from ${least} to ${most}`);
    }
  };
}

/** A number within limits. */
export function numeric(least: number, most: number): Check {
  return (value, at) => {
    if (typeof value !== "number" || !(value >= least && value <= most)) {
      refuse(value, at, `a number from ${least} to ${most}`);
    }
  };
}

/** A list whose items all pass. */
export function listOf(item: Check, least: number, most: number): Check {
  return (value, at) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      refuse(value, at, `a list of ${least} to ${most} items`);
    }
    for (const [index, each] of value.entries()) item(each, `${at}[${index}]`);
  };
}

/** Either of two. */
export function either(one: Check, other: Check): Check {
  return (value, at) => {
    try {
      one(value, at);
    } catch {
      other(value, at);
    }
  };
}

/** An object with exactly these keys; names that end with `?` may be left out. */
export function record(fields: Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      refuse(value, at, "an object");
    }
    const found = new Map(Object.entries(value));
    for (const [key, check] of Object.entries(fields)) {
      const name = key.replace(/\?$/, "");
      const item = found.get(name);
      found.delete(name);
      if (item === undefined && key !== name) continue;
      check(item, at === "" ? name : `${at}.${name}`);
    }
    const [unknown] = found.keys();
    if (unknown !== undefined) throw new DescriptionError(`${unknown} is not a known key`);
  };
}
