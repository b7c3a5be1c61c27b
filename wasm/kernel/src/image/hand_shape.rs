//! What the 21 landmarks of a hand say about where its pixels lie.

use super::geometry::{convex_hull, Point};

/// Landmarks of a hand.
pub const LANDMARKS: usize = 21;

/// Bones, by the landmarks at their ends.
const BONES: [(usize, usize); 21] = [
    (0, 1), (1, 2), (2, 3), (3, 4),
    (0, 5), (5, 6), (6, 7), (7, 8),
    (5, 9), (9, 10), (10, 11), (11, 12),
    (9, 13), (13, 14), (14, 15), (15, 16),
    (13, 17), (17, 18), (18, 19), (19, 20), (0, 17),
];
const PALM: [usize; 7] = [0, 1, 2, 5, 9, 13, 17];
/// Fingers are thinner at their tips by this factor.
const TIP: f32 = 0.14 / 0.17;

/// The landmarks in pixels.
pub struct HandShape {
    pub points: [Point; LANDMARKS],
    /// About the width of the palm; all radii are shares of it.
    pub size: f32,
}

impl HandShape {
    /// Takes x, y and depth of each landmark. Nothing where they are no numbers or lie in one place.
    pub fn new(landmarks: &[f32]) -> Option<HandShape> {
        if landmarks.len() != 3 * LANDMARKS {
            return None;
        }
        let points = core::array::from_fn(|at| Point::new(landmarks[3 * at], landmarks[3 * at + 1]));
        let near = |point: &Point| point.x.abs() < 1e6 && point.y.abs() < 1e6;
        let size = f32::max(points[5].distance(points[17]), 0.6 * points[0].distance(points[9]));
        (points.iter().all(near) && size > 0.0).then_some(HandShape { points, size })
    }

    pub fn hull(&self) -> Vec<Point> {
        convex_hull(&self.points)
    }

    pub fn palm(&self) -> Vec<Point> {
        convex_hull(&PALM.map(|at| self.points[at]))
    }

    /// Ends of the bones, and by how much distances grow towards the second one.
    pub fn bones(&self) -> impl Iterator<Item = (Point, Point, f32)> + '_ {
        BONES.iter().map(|&(from, to)| {
            let is_tip = to % 4 == 0 && from + 1 == to;
            (self.points[from], self.points[to], if is_tip { 1.0 / TIP - 1.0 } else { 0.0 })
        })
    }
}

/// A grid of square cells over part of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    pub left: usize,
    pub top: usize,
    /// Pixels on the side of a cell.
    pub step: usize,
    pub columns: usize,
    pub rows: usize,
}

impl Grid {
    /// Covers points and a margin about them, as far as they lie in the picture.
    pub fn around(points: &[Point], margin: f32, step: usize, width: usize, height: usize) -> Grid {
        let (left, right) = span(points.iter().map(|point| point.x), margin, width);
        let (top, bottom) = span(points.iter().map(|point| point.y), margin, height);
        let (columns, rows) = ((right - left).div_ceil(step), (bottom - top).div_ceil(step));
        Grid { left, top, step, columns, rows }
    }

    pub fn len(&self) -> usize {
        self.columns * self.rows
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Centre of a cell in pixels.
    pub fn center(&self, column: usize, row: usize) -> Point {
        let at = |start: usize, cell: usize| start as f32 + (cell as f32 + 0.5) * self.step as f32;
        Point::new(at(self.left, column), at(self.top, row))
    }

    /// Cells whose centres may lie within a margin of points: columns and rows.
    pub fn cells(&self, points: &[Point], margin: f32) -> [core::ops::Range<usize>; 2] {
        let range = |values: [f32; 2], start: usize, count: usize| {
            let cell = |value: f32| (value - start as f32) / self.step as f32;
            // Casts saturate.
            let from = (cell(values[0] - margin).floor() as usize).min(count);
            let to = ((cell(values[1] + margin).ceil()) as usize).min(count);
            from..to.max(from)
        };
        let ends = |values: &mut dyn Iterator<Item = f32>| {
            values.fold([f32::INFINITY, f32::NEG_INFINITY], |[low, high], value| {
                [low.min(value), high.max(value)]
            })
        };
        [
            range(ends(&mut points.iter().map(|point| point.x)), self.left, self.columns),
            range(ends(&mut points.iter().map(|point| point.y)), self.top, self.rows),
        ]
    }
}

fn span(values: impl Iterator<Item = f32> + Clone, margin: f32, limit: usize) -> (usize, usize) {
    let low = values.clone().fold(f32::INFINITY, f32::min) - margin;
    let high = values.fold(f32::NEG_INFINITY, f32::max) + margin;
    // Casts saturate.
    let from = (low.floor() as usize).min(limit);
    (from, (high.ceil() as usize).clamp(from, limit))
}

/// Squared distances of cells from the skeleton in pixels, 0 in the palm, infinite beyond a reach.
pub fn skeleton_field(shape: &HandShape, grid: &Grid, reach: f32, field: &mut Vec<f32>) {
    field.clear();
    field.resize(grid.len(), f32::INFINITY);
    for (from, to, taper) in shape.bones() {
        let [columns, rows] = grid.cells(&[from, to], reach);
        for row in rows {
            let start = row * grid.columns;
            let cells = &mut field[start + columns.start..start + columns.end];
            lower_row(cells, grid.center(columns.start, row), grid.step as f32, from, to, taper);
        }
    }
    fill_convex(&shape.palm(), grid, |cell| field[cell] = 0.0);
    let limit = reach * reach;
    field.iter_mut().filter(|squared| **squared > limit).for_each(|squared| *squared = f32::INFINITY);
}

/// Lowers the squared distances of a row of cells to those from one bone.
fn lower_row(cells: &mut [f32], first: Point, step: f32, from: Point, to: Point, taper: f32) {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx * dx + dy * dy;
    let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
    let (x, y) = (first.x - from.x, first.y - from.y);
    for (index, cell) in cells.iter_mut().enumerate() {
        let x = x + index as f32 * step;
        let along = (x * dx + y * dy) * scale;
        let along = if along < 0.0 { 0.0 } else if along > 1.0 { 1.0 } else { along };
        let (across, down) = (x - along * dx, y - along * dy);
        let grown = 1.0 + along * taper;
        let squared = (across * across + down * down) * (grown * grown);
        *cell = if squared < *cell { squared } else { *cell };
    }
}

/// Visits the cells whose centres lie within a convex polygon.
pub fn fill_convex(hull: &[Point], grid: &Grid, mut each: impl FnMut(usize)) {
    if hull.len() < 3 {
        return;
    }
    let [_, rows] = grid.cells(hull, 0.0);
    for row in rows {
        let y = grid.center(0, row).y;
        let Some((low, high)) = crossing(hull, y) else { continue };
        let ends = [Point::new(low, y), Point::new(high, y)];
        let [columns, _] = grid.cells(&ends, 0.0);
        for column in columns {
            let x = grid.center(column, row).x;
            if x >= low && x <= high {
                each(row * grid.columns + column);
            }
        }
    }
}

/// Where a horizontal line enters and leaves a convex polygon.
fn crossing(hull: &[Point], y: f32) -> Option<(f32, f32)> {
    let (mut low, mut high) = (f32::INFINITY, f32::NEG_INFINITY);
    for (at, &from) in hull.iter().enumerate() {
        let to = hull[(at + 1) % hull.len()];
        if (from.y <= y) != (to.y <= y) {
            let x = from.x + (y - from.y) / (to.y - from.y) * (to.x - from.x);
            (low, high) = (low.min(x), high.max(x));
        }
    }
    (low <= high).then_some((low, high))
}
