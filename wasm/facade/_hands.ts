/** Hands for tests, and how well masks agree. */

/** An open hand as MediaPipe numbers it: wrist, then four points of each finger, fanned out. */
export function openHand(x: number, y: number, size: number): Float32Array {
  const points: number[] = [x, y, 0];
  for (let finger = 0; finger < 5; finger++) {
    const angle = (finger - 2) * 0.3;
    for (let joint = 0; joint < 4; joint++) {
      const radius = size * (finger === 0 ? 0.4 + 0.3 * joint : 0.95 + 0.35 * joint);
      points.push(x + Math.sin(angle) * radius, y - Math.cos(angle) * radius, 0);
    }
  }
  return Float32Array.from(points);
}

/** Share of their union that two bitmaps share. */
export function overlap(a: Uint8Array, b: Uint8Array): number {
  let [shared, union] = [0, 0];
  a.forEach((one, at) => {
    shared += one & (b[at] ?? 0);
    union += one | (b[at] ?? 0);
  });
  return shared / union;
}
