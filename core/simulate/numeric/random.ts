/** Numbers in the unit of {@linkcode uniformAt}: 2^32. */
const UINT32_RANGE = 4294967296;

/** Spreads the bits of a 32-bit number so that neighbours become unrelated. */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** A key for {@linkcode uniformAt} from a seed and a name; the same everywhere and always. */
export function keyOf(seed: number, name: string): number {
  let key = mix(seed + 0x9e3779b9);
  for (let index = 0; index < name.length; index++) {
    key = mix(Math.imul(key, 31) + name.charCodeAt(index));
  }
  return key;
}

/**
 * A random number of a key at a place, uniform in (0, 1).
 *
 * It depends on nothing but its arguments, so that any sample can be computed without those before it.
 */
export function uniformAt(key: number, index: number): number {
  return (mix(mix(index + key) ^ Math.imul(key, 0x85ebca6b)) + 0.5) / UINT32_RANGE;
}

/** A random number of mean 0 and variance 1 that never leaves -3.47 to 3.47: four uniforms added. */
export function bellAt(key: number, index: number): number {
  const place = index * 4;
  const sum = uniformAt(key, place) + uniformAt(key, place + 1) +
    uniformAt(key, place + 2) + uniformAt(key, place + 3);
  return (sum - 2) * 1.7320508075688772;
}
