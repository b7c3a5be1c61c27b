//! Turned and scaled cuts of a picture as tensors, bilinear, with black around the picture.

use super::frame::Frame;
use super::lanes::blend;

/// A box in pixels; the angle turns it clockwise as seen.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct CropBox {
    pub center_x: f64,
    pub center_y: f64,
    pub width: f64,
    pub height: f64,
    pub angle: f64,
}

/// Pixels that count, from the first to one past the last; all others are black.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub left: i64,
    pub top: i64,
    pub right: i64,
    pub bottom: i64,
}

impl Bounds {
    /// All of a picture.
    pub fn of(frame: &Frame) -> Bounds {
        Bounds { left: 0, top: 0, right: frame.width as i64, bottom: frame.height as i64 }
    }

    /// The part of a picture that a region touches.
    pub fn of_region(frame: &Frame, [x, y, width, height]: [f64; 4]) -> Bounds {
        let all = Bounds::of(frame);
        // Casts saturate, and NaN becomes 0.
        Bounds {
            left: all.left.max(x.floor() as i64),
            top: all.top.max(y.floor() as i64),
            right: all.right.min((x + width).ceil() as i64),
            bottom: all.bottom.min((y + height).ceil() as i64),
        }
    }
}

/// How a tensor is written.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct TensorForm {
    /// Values are `byte * scale + shift`.
    pub scale: [f32; 3],
    pub shift: [f32; 3],
}

/// Bits of the fraction of a coordinate.
const FRACTION: u32 = 24;
const ONE: f64 = (1u64 << FRACTION) as f64;
/// Boxes that are larger or farther away show nothing.
const FAR: f64 = 1e9;

/// Places of the samples: start and steps in pixels, in units of `2^-FRACTION`.
struct Walk {
    x: i64,
    y: i64,
    across: (i64, i64),
    down: (i64, i64),
}

impl Walk {
    fn new(cut: &CropBox, columns: usize, rows: usize) -> Option<Walk> {
        let parts = [cut.center_x, cut.center_y, cut.width, cut.height];
        // Not a number is not near either.
        if !parts.iter().all(|part| part.abs() <= FAR) || !cut.angle.is_finite() {
            return None;
        }
        let (sine, cosine) = cut.angle.sin_cos();
        let across = (cut.width * cosine / columns as f64, cut.width * sine / columns as f64);
        let down = (-cut.height * sine / rows as f64, cut.height * cosine / rows as f64);
        let (i, j) = (columns as f64 / 2.0 - 0.5, rows as f64 / 2.0 - 0.5);
        let fixed = |value: f64| (value * ONE).round() as i64;
        Some(Walk {
            // The centre of the first pixel is at 0.5.
            x: fixed(cut.center_x - 0.5 - i * across.0 - j * down.0),
            y: fixed(cut.center_y - 0.5 - i * across.1 - j * down.1),
            across: (fixed(across.0), fixed(across.1)),
            down: (fixed(down.0), fixed(down.1)),
        })
    }

    /// Place of the first sample of a row.
    fn start(&self, row: usize) -> (i64, i64) {
        // Below 2^57: the sum of all steps is at most as long as the box.
        (self.x + self.down.0 * row as i64, self.y + self.down.1 * row as i64)
    }
}

/// Samples a box as `columns` by `rows` pixels and hands each row of them over, as numbers from 0 to 255.
fn sample(
    frame: &Frame,
    bounds: Bounds,
    cut: &CropBox,
    (columns, rows): (usize, usize),
    mut each: impl FnMut(usize, &[[f32; 4]]),
) {
    let mut line = vec![[0f32; 4]; columns];
    let walk = Walk::new(cut, columns, rows);
    for row in 0..rows {
        if let Some(walk) = &walk {
            let (mut x, mut y) = walk.start(row);
            for pixel in &mut line {
                *pixel = bilinear(frame, &bounds, x, y);
                (x, y) = (x + walk.across.0, y + walk.across.1);
            }
        }
        each(row, &line);
    }
}

#[inline(always)]
fn bilinear(frame: &Frame, bounds: &Bounds, x: i64, y: i64) -> [f32; 4] {
    let (left, top) = (x >> FRACTION, y >> FRACTION);
    let part = |value: i64| (value as i32 & ((1 << FRACTION) - 1)) as f32 / (1u32 << FRACTION) as f32;
    let inside = left >= bounds.left
        && top >= bounds.top
        && left + 1 < bounds.right
        && top + 1 < bounds.bottom;
    if inside {
        let start = 3 * (top as usize * frame.width + left as usize);
        let eight = |at: usize| frame.rgb.get(at..at + 8)?.first_chunk::<8>();
        if let (Some(upper), Some(lower)) = (eight(start), eight(start + 3 * frame.width)) {
            return blend(upper, lower, part(x), part(y));
        }
    } else if left + 1 < bounds.left || top + 1 < bounds.top || left >= bounds.right || top >= bounds.bottom {
        return [0.0; 4];
    }
    let at = |dx, dy| pixel_or_black(frame, bounds, left + dx, top + dy);
    let row = |dy| {
        let [a, b] = [at(0, dy), at(1, dy)];
        [a[0], a[1], a[2], b[0], b[1], b[2], 0, 0]
    };
    blend(&row(0), &row(1), part(x), part(y))
}

fn pixel_or_black(frame: &Frame, bounds: &Bounds, x: i64, y: i64) -> [u8; 3] {
    let inside = x >= bounds.left && x < bounds.right && y >= bounds.top && y < bounds.bottom;
    if !inside {
        return [0; 3];
    }
    let start = 3 * (y as usize * frame.width + x as usize);
    [0, 1, 2].map(|part| frame.rgb[start + part])
}

/// Writes a cut as a tensor of rows of pixels (`NHWC`), or of one plane a colour (`NCHW`).
pub fn crop_tensor(
    frame: &Frame,
    bounds: Bounds,
    cut: &CropBox,
    form: &TensorForm,
    planar: bool,
    columns: usize,
    tensor: &mut [f32],
) {
    let rows = tensor.len() / (3 * columns.max(1));
    let value = |pixel: &[f32; 4], k: usize| pixel[k] * form.scale[k] + form.shift[k];
    sample(frame, bounds, cut, (columns, rows), |row, line| {
        if planar {
            for k in 0..3 {
                let start = (k * rows + row) * columns;
                let to = &mut tensor[start..start + columns];
                to.iter_mut().zip(line).for_each(|(to, pixel)| *to = value(pixel, k));
            }
        } else {
            let to = &mut tensor[3 * row * columns..3 * (row + 1) * columns];
            for (to, pixel) in to.chunks_exact_mut(3).zip(line) {
                (0..3).for_each(|k| to[k] = value(pixel, k));
            }
        }
    });
}

/// Writes a region scaled to `columns` pixels a row; smaller pictures are means over the pixels that each stands for.
pub fn scale_rgb(frame: &Frame, [x, y, width, height]: [f64; 4], columns: usize, rgb: &mut [u8]) {
    let rows = rgb.len() / (3 * columns.max(1));
    if rows == 0 || columns == 0 {
        return;
    }
    let cut =
        CropBox { center_x: x + width / 2.0, center_y: y + height / 2.0, width, height, angle: 0.0 };
    // Casts saturate, and NaN becomes 0.
    let times = |from: f64, to: usize| ((from / to as f64).ceil() as usize).clamp(1, MOST_SAMPLES);
    let (across, down) = (times(width, columns), times(height, rows));
    let mut sums = vec![[0f32; 3]; columns];
    sample(frame, Bounds::of(frame), &cut, (columns * across, rows * down), |row, line| {
        for (sum, pixels) in sums.iter_mut().zip(line.chunks_exact(across)) {
            pixels.iter().for_each(|pixel| (0..3).for_each(|k| sum[k] += pixel[k]));
        }
        if row % down == down - 1 {
            let scale = 1.0 / (across * down) as f32;
            let to = &mut rgb[3 * (row / down) * columns..][..3 * columns];
            for (to, sum) in to.chunks_exact_mut(3).zip(&mut sums) {
                (0..3).for_each(|k| to[k] = (sum[k] * scale + 0.5) as u8);
                *sum = [0.0; 3];
            }
        }
    });
}

/// Samples along each axis that a pixel of a smaller picture is the mean of, at most.
const MOST_SAMPLES: usize = 64;
