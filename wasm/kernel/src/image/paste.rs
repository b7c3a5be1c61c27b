//! What a network says of a cut, as a mask of the picture.

use super::crop::CropBox;

/// Numbers of a network, row after row, and the box of the picture that they show.
pub struct Answer<'a> {
    pub values: &'a [f32],
    pub columns: usize,
    pub cut: CropBox,
    /// Numbers from it on belong to the mask.
    pub threshold: f32,
}

/// Marks the pixels of a picture, `width` a row, at whose centres the numbers, blended linearly, reach the threshold.
/// Numbers beyond the edges repeat those at them, but nothing beyond the box is marked.
pub fn paste(answer: &Answer, width: usize, bytes: &mut [u8]) {
    bytes.fill(0);
    let rows = answer.values.len() / answer.columns.max(1);
    let CropBox { center_x, center_y, width: across, height: down, angle } = answer.cut;
    let is_box = [center_x, center_y, angle].iter().all(|part| part.is_finite())
        && across > 0.0
        && down > 0.0;
    if !is_box || rows == 0 || width == 0 {
        return;
    }
    let (sine, cosine) = angle.sin_cos();
    let scale = (answer.columns as f64 / across, rows as f64 / down);
    for (y, line) in bytes.chunks_exact_mut(width).enumerate() {
        let dy = y as f64 + 0.5 - center_y;
        for (x, byte) in line.iter_mut().enumerate() {
            let dx = x as f64 + 0.5 - center_x;
            let u = (dx * cosine + dy * sine) * scale.0 + answer.columns as f64 / 2.0;
            let v = (dy * cosine - dx * sine) * scale.1 + rows as f64 / 2.0;
            let is_inside = u >= 0.0 && v >= 0.0 && u <= answer.columns as f64 && v <= rows as f64;
            if is_inside && blend(answer, rows, u - 0.5, v - 0.5) >= answer.threshold {
                *byte = 255;
            }
        }
    }
}

fn blend(answer: &Answer, rows: usize, u: f64, v: f64) -> f32 {
    let split = |at: f64, count: usize| {
        let at = at.clamp(0.0, (count - 1) as f64);
        let first = at as usize;
        (first, (first + 1).min(count - 1), (at - first as f64) as f32)
    };
    let (left, right, across) = split(u, answer.columns);
    let (top, bottom, down) = split(v, rows);
    let at = |row: usize, column: usize| answer.values[row * answer.columns + column];
    // Written so that equal numbers stay what they are.
    let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
    mix(mix(at(top, left), at(top, right), across), mix(at(bottom, left), at(bottom, right), across), down)
}
