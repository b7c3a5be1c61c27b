//! Turning pictures by quarter turns.

/// Pixels on a side of the squares that are turned at once, so that both pictures stay in the cache.
const BLOCK: usize = 32;

/// Turns a picture clockwise by `quarters` quarter turns; `width` and `height` are those of `from`.
pub fn turn(from: &[u8], width: usize, height: usize, quarters: u32, to: &mut [u8]) {
    let step = |x: usize, y: usize| match quarters % 4 {
        1 => x * height + (height - 1 - y),
        2 => (height - 1 - y) * width + (width - 1 - x),
        3 => (width - 1 - x) * height + y,
        _ => y * width + x,
    };
    for top in (0..height).step_by(BLOCK) {
        for left in (0..width).step_by(BLOCK) {
            for y in top..height.min(top + BLOCK) {
                for x in left..width.min(left + BLOCK) {
                    let (source, target) = (3 * (y * width + x), 3 * step(x, y));
                    to[target..target + 3].copy_from_slice(&from[source..source + 3]);
                }
            }
        }
    }
}
