//! Growing and shrinking masks by discs; from some radius on the cost does not depend on it.
//!
//! A pixel of a row is within reach where some pixel of the row lies as near as the distance to its column's next
//! marked pixel leaves. That is found by two passes down the columns and two along the rows.

use super::bit_rows::BitRows;

/// Marks of a picture, row after row; a pixel is marked where its byte is not 0.
#[derive(Default)]
pub struct Morphology {
    /// Rows to the next marked pixel of the column, limited.
    distances: Vec<u16>,
    bits: BitRows,
    /// How far a pixel reaches along its row, by that distance; -1 where it does not.
    reach: Vec<i32>,
}

/// Below it, growing bits row by row is faster.
const SMALL_RADIUS: f32 = 20.0;
/// Radii beyond reach from edge to edge of any picture.
const MAX_RADIUS: f32 = 60_000.0;

impl Morphology {
    /// Marks all pixels whose centres are within `radius` of a marked one. Nothing is marked beyond the edges.
    pub fn dilate(&mut self, bytes: &mut [u8], width: usize, radius: f32) {
        self.grow(bytes, width, radius, true);
    }

    /// Clears all pixels whose centres are within `radius` of one that is not marked; edges do not shrink it.
    pub fn erode(&mut self, bytes: &mut [u8], width: usize, radius: f32) {
        self.grow(bytes, width, radius, false);
    }

    /// Takes away what a disc does not fit into.
    pub fn open(&mut self, bytes: &mut [u8], width: usize, radius: f32) {
        self.erode(bytes, width, radius);
        self.dilate(bytes, width, radius);
    }

    /// Fills what a disc does not fit into.
    pub fn close(&mut self, bytes: &mut [u8], width: usize, radius: f32) {
        self.dilate(bytes, width, radius);
        self.erode(bytes, width, radius);
    }

    /// Grows what is marked, or what is not.
    fn grow(&mut self, bytes: &mut [u8], width: usize, radius: f32, marked: bool) {
        // Not a number is no radius either.
        if width == 0 || bytes.is_empty() || !(radius >= 0.0) {
            return;
        }
        self.measure_reach(radius.min(MAX_RADIUS));
        let value = if marked { 255 } else { 0 };
        let other = 255 - value;
        if radius < SMALL_RADIUS {
            let disc = &self.reach[..self.reach.len() - 1];
            return self.bits.grow(bytes, width, marked, disc, [value, other]);
        }
        self.measure_columns(bytes, width, marked);
        for (line, distances) in bytes.chunks_exact_mut(width).zip(self.distances.chunks_exact(width)) {
            if distances.iter().all(|&distance| usize::from(distance) + 1 >= self.reach.len()) {
                line.fill(other);
            } else {
                mark_row(line, distances, &self.reach, [value, other]);
            }
        }
    }

    fn measure_reach(&mut self, radius: f32) {
        let squared = f64::from(radius) * f64::from(radius);
        let whole = radius as i32;
        self.reach.clear();
        self.reach.extend((0..=whole).map(|down| {
            let left = squared - f64::from(down) * f64::from(down);
            left.max(0.0).sqrt() as i32
        }));
        self.reach.push(-1);
    }

    fn measure_columns(&mut self, bytes: &[u8], width: usize, marked: bool) {
        let limit = (self.reach.len() - 1) as u16;
        self.distances.clear();
        self.distances.extend(bytes.iter().map(|&byte| if (byte != 0) == marked { 0 } else { limit }));
        let rows = bytes.len() / width;
        for row in 1..rows {
            let (above, line) = self.distances.split_at_mut(row * width);
            lower(&above[(row - 1) * width..], &mut line[..width]);
        }
        for row in (1..rows).rev() {
            let (above, line) = self.distances.split_at_mut(row * width);
            lower(&line[..width], &mut above[(row - 1) * width..]);
        }
    }
}

fn lower(from: &[u16], to: &mut [u16]) {
    to.iter_mut().zip(from).for_each(|(to, &from)| *to = (*to).min(from + 1));
}

fn mark_row(line: &mut [u8], distances: &[u16], reach: &[i32], [value, other]: [u8; 2]) {
    let mut right = -1;
    for (x, (byte, &distance)) in line.iter_mut().zip(distances).enumerate() {
        let x = x as i32;
        let far = reach[usize::from(distance)];
        if far >= 0 {
            right = right.max(x + far);
        }
        *byte = if x <= right { value } else { other };
    }
    let mut left = i32::MAX;
    for (x, (byte, &distance)) in line.iter_mut().zip(distances).enumerate().rev() {
        let x = x as i32;
        let far = reach[usize::from(distance)];
        if far >= 0 {
            left = left.min(x - far);
        }
        if x >= left {
            *byte = value;
        }
    }
}
