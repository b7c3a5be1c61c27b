//! Drawing on a picture, with smooth edges.

use super::frame::Frame;
use super::geometry::{segment_distance, Point};
use super::hand_shape::{HandShape, LANDMARKS};
use super::runs::for_each_run;

/// A colour and how much it covers, 0 to 1.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    pub color: [u8; 3],
    pub alpha: f32,
}

impl Paint {
    /// Blends the colour over a pixel; `cover` is the share of the pixel that is painted.
    fn over(&self, pixel: &mut [u8], cover: f32) {
        let share = (self.alpha * cover * 256.0) as i32;
        for (byte, &color) in pixel.iter_mut().zip(&self.color) {
            let (below, above) = (i32::from(*byte), i32::from(color));
            *byte = (below + (((above - below) * share + 128) >> 8)) as u8;
        }
    }
}

/// Paints the pixels of a mask of the size of the picture.
pub fn draw_mask(frame: &mut Frame, counts: &[u32], paint: Paint) {
    let (width, height) = (frame.width, frame.height);
    for_each_run(counts, width, height, |x, from, to| {
        for y in from..to {
            let start = 3 * (y * width + x);
            paint.over(&mut frame.rgb[start..start + 3], 1.0);
        }
    });
}

/// Paints a line with round ends; a point where both ends are the same.
pub fn draw_line(frame: &mut Frame, from: Point, to: Point, radius: f32, paint: Paint) {
    let reach = radius + 1.0;
    let columns = span(from.x, to.x, reach, frame.width);
    let rows = span(from.y, to.y, reach, frame.height);
    for y in rows {
        for x in columns.clone() {
            let center = Point::new(x as f32 + 0.5, y as f32 + 0.5);
            let cover = radius + 0.5 - segment_distance(center, from, to).0;
            if cover > 0.0 {
                let start = 3 * (y * frame.width + x);
                paint.over(&mut frame.rgb[start..start + 3], cover.min(1.0));
            }
        }
    }
}

/// Pixels within reach of two numbers; none where one of them is none.
fn span(a: f32, b: f32, reach: f32, limit: usize) -> core::ops::Range<usize> {
    if !(a.is_finite() && b.is_finite() && reach.is_finite()) {
        return 0..0;
    }
    // Casts saturate.
    let from = ((a.min(b) - reach).floor() as usize).min(limit);
    let to = ((a.max(b) + reach).ceil() as usize).min(limit);
    from..to.max(from)
}

/// Paints the bones of a hand and its landmarks, x, y and depth each.
pub fn draw_hand(frame: &mut Frame, landmarks: &[f32], radius: f32, paint: Paint) {
    let Some(shape) = HandShape::new(landmarks) else { return };
    for (from, to, _) in shape.bones() {
        draw_line(frame, from, to, radius / 2.0, paint);
    }
    let dots = Paint { color: paint.color.map(|part| part / 2 + 127), ..paint };
    for at in 0..LANDMARKS {
        draw_line(frame, shape.points[at], shape.points[at], radius, dots);
    }
}

/// Paints the edges of an upright box.
pub fn draw_box(frame: &mut Frame, [x, y, width, height]: [f32; 4], radius: f32, paint: Paint) {
    let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        .map(|(x, y)| Point::new(x, y));
    for at in 0..4 {
        draw_line(frame, corners[at], corners[(at + 1) % 4], radius, paint);
    }
}
