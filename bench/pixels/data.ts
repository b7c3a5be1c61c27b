/** Pictures and masks that both sides work on. */
export const WIDTH = 1280;
export const HEIGHT = 720;

/** Seeded numbers from 0 to 1 (Mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Smooth waves and a little noise, so that samples between pixels can be compared. */
export function wavyPicture(): Uint8Array {
  const next = numbers(1);
  const bytes = new Uint8Array(WIDTH * HEIGHT * 3 / 2);
  for (let at = 0; at < bytes.length; at++) {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    bytes[at] = 128 + 90 * Math.sin(x / 17) * Math.cos(y / 23) + 4 * next();
  }
  return bytes;
}

/** Some hundred discs of all sizes, and specks. */
export function spottedMask(): Uint8Array {
  const next = numbers(2);
  const bytes = new Uint8Array(WIDTH * HEIGHT);
  for (let spot = 0; spot < 1500; spot++) {
    const radius = spot < 120 ? 4 + 60 * next() : 2 * next();
    const [middleX, middleY] = [WIDTH * next(), HEIGHT * next()];
    for (
      let y = Math.max(0, Math.ceil(middleY - radius));
      y < Math.min(HEIGHT, middleY + radius);
      y++
    ) {
      for (
        let x = Math.max(0, Math.ceil(middleX - radius));
        x < Math.min(WIDTH, middleX + radius);
        x++
      ) {
        if ((x - middleX) ** 2 + (y - middleY) ** 2 < radius * radius) bytes[y * WIDTH + x] = 255;
      }
    }
  }
  return bytes;
}
