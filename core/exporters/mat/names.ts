/** Longest name of a variable or field in MATLAB (`namelengthmax`). */
const MAX_NAME = 63;

/** Words that MATLAB or Octave keep for themselves (`iskeyword`). */
const KEYWORD_REGEXP = new RegExp(
  "^(?:break|case|catch|classdef|continue|do|else|elseif|end|end_try_catch|end_unwind_protect|" +
    "endclassdef|endenumeration|endevents|endfor|endfunction|endif|endmethods|endparfor|endproperties|" +
    "endswitch|endwhile|enumeration|events|for|function|global|if|methods|otherwise|parfor|persistent|" +
    "properties|return|spmd|switch|try|until|unwind_protect|unwind_protect_cleanup|while)$",
);

/**
 * Makes a name that MATLAB accepts for variables and fields: ASCII letters, digits and `_`, a letter first,
 * at most 63 characters, no keyword.
 *
 * Accents are dropped, other characters become `_`. Different names may become the same; `writeMat` then
 * numbers them.
 *
 * @example
 * ```ts
 * import { matFieldName } from "session-process";
 * import assert from "node:assert/strict";
 *
 * assert.equal(matFieldName("accel_x"), "accel_x");
 * assert.equal(matFieldName("40AC é.1"), "x40AC_e_1");
 * assert.equal(matFieldName("end"), "end_");
 * ```
 */
export function matFieldName(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^A-Za-z0-9_]/gu, "_");
  const started = /^[A-Za-z]/.test(plain) ? plain : `x${plain}`;
  return KEYWORD_REGEXP.test(started) ? `${started}_` : started.slice(0, MAX_NAME);
}

/** The names of one struct or file made acceptable and unique, in order. */
export function matFieldNames(names: readonly string[]): string[] {
  const wanted = names.map(matFieldName);
  // Names that need no change keep their spelling whatever comes before them.
  const taken = new Set(names.filter((name, index) => wanted[index] === name));
  const kept = new Set<string>();
  return names.map((name, index) => {
    const isOwn = wanted[index] === name && !kept.has(name);
    const field = isOwn ? name : uniqueName(wanted[index]!, taken);
    if (isOwn) kept.add(name);
    taken.add(field);
    return field;
  });
}

function uniqueName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) {
    const suffix = `_${number}`;
    name = wanted.slice(0, MAX_NAME - suffix.length) + suffix;
  }
  return name;
}
