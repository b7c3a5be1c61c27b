//! Red, green and blue to luma and halved chroma (`I420`) for encoders, limited range (ITU-T H.273).

use super::color::Matrix;
use super::source::halved;

/// Bits of the fraction of factors.
const BITS: u32 = 16;

/// Factors of red, green and blue for luma and both chroma, and what is added.
struct Rows {
    luma: [i32; 3],
    u: [i32; 3],
    v: [i32; 3],
}

fn rows(matrix: Matrix) -> Rows {
    let (red, blue) = matrix.shares();
    let green = 1.0 - red - blue;
    let fixed = |values: [f64; 3], scale: f64| {
        values.map(|value| (value * scale / 255.0 * f64::from(1 << BITS)).round() as i32)
    };
    let (for_u, for_v) = (2.0 * (1.0 - blue), 2.0 * (1.0 - red));
    Rows {
        luma: fixed([red, green, blue], 219.0),
        u: fixed([-red / for_u, -green / for_u, (1.0 - blue) / for_u], 224.0),
        v: fixed([(1.0 - red) / for_v, -green / for_v, -blue / for_v], 224.0),
    }
}

/// Bytes of a picture in this format.
pub fn i420_bytes(width: usize, height: usize) -> usize {
    width * height + 2 * halved(width, 1) * halved(height, 1)
}

/// Writes the three planes one after the other. Chroma is the mean over the pixels that share it.
pub fn i420(rgb: &[u8], width: usize, height: usize, matrix: Matrix, to: &mut [u8]) {
    let rows = rows(matrix);
    let (luma, chroma) = to.split_at_mut(width * height);
    for (to, pixel) in luma.iter_mut().zip(rgb.chunks_exact(3)) {
        let pixel = [0, 1, 2].map(|part| i32::from(pixel[part]));
        *to = (weigh(rows.luma, pixel, 0) + 16) as u8;
    }
    let (columns, lines) = (halved(width, 1), halved(height, 1));
    let (u, v) = chroma.split_at_mut(columns * lines);
    for line in 0..lines {
        for column in 0..columns {
            let pixel = sum_of_four(rgb, width, height, 2 * column, 2 * line);
            let at = line * columns + column;
            u[at] = (weigh(rows.u, pixel, 2) + 128) as u8;
            v[at] = (weigh(rows.v, pixel, 2) + 128) as u8;
        }
    }
}

fn weigh(factors: [i32; 3], pixel: [i32; 3], shift: u32) -> i32 {
    let sum: i32 = factors.iter().zip(pixel).map(|(&factor, part)| factor * part).sum();
    (sum + (1 << (BITS + shift - 1))) >> (BITS + shift)
}

/// Four times the mean of the pixels of a square of two; those beyond the edges repeat those at them.
fn sum_of_four(rgb: &[u8], width: usize, height: usize, x: usize, y: usize) -> [i32; 3] {
    let (right, below) = ((x + 1).min(width - 1), (y + 1).min(height - 1));
    let at = |x: usize, y: usize, part: usize| i32::from(rgb[3 * (y * width + x) + part]);
    [0, 1, 2].map(|part| {
        at(x, y, part) + at(right, y, part) + at(x, below, part) + at(right, below, part)
    })
}
