//! Turning pictures by quarter turns.

/// Pixels on a side of the squares that are turned at once, so that both pictures stay in the cache.
const BLOCK: usize = 32;

/// Turns a picture clockwise by `quarters` quarter turns; `width` and `height` are those of `from`.
pub fn turn(from: &[u8], width: usize, height: usize, quarters: u32, to: &mut [u8]) {
    let (from, to) = (from.as_chunks::<3>().0, to.as_chunks_mut::<3>().0);
    match quarters % 4 {
        1 => turn_sideways(from, width, height, to, |column, row| (height - 1 - column) * width + row),
        2 => to.iter_mut().zip(from.iter().rev()).for_each(|(to, from)| *to = *from),
        3 => turn_sideways(from, width, height, to, |column, row| column * width + width - 1 - row),
        _ => to.copy_from_slice(from),
    }
}

/// Fills a picture of `height` columns; `source` tells where the pixel of a column and row comes from.
fn turn_sideways(
    from: &[[u8; 3]],
    width: usize,
    height: usize,
    to: &mut [[u8; 3]],
    source: impl Fn(usize, usize) -> usize,
) {
    for left in (0..height).step_by(BLOCK) {
        let right = height.min(left + BLOCK);
        for (row, line) in to.chunks_exact_mut(height.max(1)).take(width).enumerate() {
            for (column, pixel) in (left..right).zip(&mut line[left..right]) {
                *pixel = from[source(column, row)];
            }
        }
    }
}
