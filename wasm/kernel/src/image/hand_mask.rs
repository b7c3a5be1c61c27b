//! The pixels of a hand whose landmarks are known.
//!
//! The adaptive mask takes a thin skeleton for certain and, within a fat one, the colours that are more frequent
//! on the bones than around the hand. Radii are shares of the width of the palm.

use super::enlarge::encode_cells;
use super::frame::Frame;
use super::geometry::convex_distance;
use super::hand_shape::{fill_convex, skeleton_field, Grid, HandShape};
use super::runs::{encode, Cover, Patch};
use super::skin_model::{Feature, SkinModel};
use super::smooth::gaussian;

/// How a mask is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MaskMethod {
    /// Skeleton and colours of this very hand.
    Adaptive,
    /// Skeleton of fixed width.
    Capsule,
    /// Convex hull of the landmarks.
    Hull,
}

impl MaskMethod {
    pub fn from_code(code: u32) -> Option<MaskMethod> {
        use MaskMethod::*;
        [Adaptive, Capsule, Hull].get(code as usize).copied()
    }
}

/// Radius of the skeleton where its colours are not asked.
const CAPSULE: f32 = 0.17;
/// Within it, pixels teach the colours of the hand.
const CORE: f32 = 0.08;
/// Within it, pixels belong to the hand whatever their colour.
const THIN: f32 = 0.10;
/// Beyond it, no pixel does.
const FAT: f32 = 0.25;
/// Beyond it, pixels teach the colours of what is around, up to `AROUND` from the hull.
const CLEAR: f32 = 0.40;
const AROUND: f32 = 1.2;
/// Standard deviation of the smoothing of probabilities.
const SMOOTHING: f32 = 0.02;
/// Probability from which a pixel belongs to the hand, times 255.
const ENOUGH: u8 = 115;
/// Cells that the palm is wide; larger hands are looked at in less detail.
const DETAIL: f32 = 200.0;
/// Only each of so many cells in a row, and rows, teaches, and fewer still of those around the hand.
const LESSON: usize = 2;
const LESSON_AROUND: usize = 6;

/// Makes masks; its memory is used again for the next one.
#[derive(Default)]
pub struct HandMasker {
    pub counts: Vec<u32>,
    field: Vec<f32>,
    cells: Vec<u8>,
    spare: Vec<u8>,
    pixels: Vec<u8>,
}

impl HandMasker {
    /// Makes the mask of a hand; its run lengths are left in `counts`. Empty where the landmarks are no hand.
    pub fn mask(&mut self, frame: &Frame, landmarks: &[f32], method: MaskMethod) -> Cover {
        let Some(shape) = HandShape::new(landmarks) else { return self.none(frame) };
        let step = (shape.size / DETAIL).ceil().max(1.0) as usize;
        let margin = match method {
            MaskMethod::Adaptive => AROUND * shape.size,
            MaskMethod::Capsule => CAPSULE * shape.size,
            MaskMethod::Hull => 0.0,
        };
        let grid = Grid::around(&shape.points, margin, step, frame.width, frame.height);
        if grid.is_empty() {
            return self.none(frame);
        }
        self.cells.clear();
        self.cells.resize(grid.len(), 0);
        match method {
            MaskMethod::Hull => fill_convex(&shape.hull(), &grid, |cell| self.cells[cell] = 255),
            MaskMethod::Capsule => self.capsule(&shape, &grid),
            MaskMethod::Adaptive => self.adaptive(frame, &shape, &grid),
        }
        self.finish(frame, &grid)
    }

    fn none(&mut self, frame: &Frame) -> Cover {
        encode(&Patch { left: 0, top: 0, width: 0, bytes: &[] }, frame.width, frame.height, &mut self.counts)
    }

    fn capsule(&mut self, shape: &HandShape, grid: &Grid) {
        let radius = CAPSULE * shape.size;
        skeleton_field(shape, grid, radius, &mut self.field);
        self.mark(radius);
    }

    /// Marks cells within a radius.
    fn mark(&mut self, radius: f32) {
        let limit = radius * radius;
        for (cell, &squared) in self.cells.iter_mut().zip(&self.field) {
            *cell = if squared <= limit { 255 } else { 0 };
        }
    }

    fn adaptive(&mut self, frame: &Frame, shape: &HandShape, grid: &Grid) {
        skeleton_field(shape, grid, CLEAR * shape.size, &mut self.field);
        let feature = self.feature(frame, shape, grid);
        let Some(ratios) = self.learn(frame, shape, grid, feature).ratios() else {
            return self.mark(CAPSULE * shape.size);
        };
        let sigma = SMOOTHING * shape.size / grid.step as f32;
        let near = FAT * shape.size + 3.0 * sigma * grid.step as f32;
        for row in 0..grid.rows {
            for column in 0..grid.columns {
                let cell = row * grid.columns + column;
                if self.field[cell] <= near * near {
                    self.cells[cell] = ratios[feature.bin(color_at(frame, grid, column, row))];
                }
            }
        }
        gaussian(&mut self.cells, grid.columns, sigma, &mut self.spare);
        let (thin, fat) = (THIN * shape.size, FAT * shape.size);
        for (cell, &squared) in self.cells.iter_mut().zip(&self.field) {
            let belongs = squared <= thin * thin || (squared <= fat * fat && *cell >= ENOUGH);
            *cell = if belongs { 255 } else { 0 };
        }
    }

    /// Pictures of one colour have no chroma to tell a hand by.
    fn feature(&self, frame: &Frame, shape: &HandShape, grid: &Grid) -> Feature {
        let limit = (CORE * shape.size).powi(2);
        let is_colored = (0..grid.len()).step_by(7).filter(|&cell| self.field[cell] <= limit).any(|cell| {
            let [red, green, blue] = color_at(frame, grid, cell % grid.columns, cell / grid.columns);
            red.abs_diff(green).max(green.abs_diff(blue)) > 2
        });
        if is_colored { Feature::Chroma } else { Feature::Luma }
    }

    fn learn(&self, frame: &Frame, shape: &HandShape, grid: &Grid, feature: Feature) -> SkinModel {
        let hull = shape.hull();
        let core = (CORE * shape.size).powi(2);
        let mut model = SkinModel::new(feature);
        // Small hands have few cells: all of them teach.
        let (stride, far) = if shape.size > 40.0 { (LESSON, LESSON_AROUND) } else { (1, 1) };
        for row in (0..grid.rows).step_by(stride) {
            for column in (0..grid.columns).step_by(stride) {
                let squared = self.field[row * grid.columns + column];
                let is_hand = squared <= core;
                let is_around = squared == f32::INFINITY
                    && row % far == 0
                    && column % far == 0
                    && convex_distance(grid.center(column, row), &hull) <= AROUND * shape.size;
                if is_hand || is_around {
                    model.add(color_at(frame, grid, column, row), is_hand);
                }
            }
        }
        model
    }

    /// Turns cells into pixels and those into run lengths.
    fn finish(&mut self, frame: &Frame, grid: &Grid) -> Cover {
        let size = (frame.width, frame.height);
        encode_cells(&self.cells, grid, size, &mut self.pixels, &mut self.counts)
    }
}

/// Mean colour of the pixels of a cell.
#[inline(always)]
fn color_at(frame: &Frame, grid: &Grid, column: usize, row: usize) -> [u8; 3] {
    let (left, top) = (grid.left + column * grid.step, grid.top + row * grid.step);
    if grid.step == 1 {
        let start = 3 * (top * frame.width + left);
        return [frame.rgb[start], frame.rgb[start + 1], frame.rgb[start + 2]];
    }
    mean_color(frame, left, top, grid.step)
}

fn mean_color(frame: &Frame, left: usize, top: usize, step: usize) -> [u8; 3] {
    let (right, bottom) = ((left + step).min(frame.width), (top + step).min(frame.height));
    let mut sums = [0usize; 3];
    for y in top..bottom {
        let line = &frame.rgb[3 * (y * frame.width + left)..3 * (y * frame.width + right)];
        for pixel in line.chunks_exact(3) {
            sums.iter_mut().zip(pixel).for_each(|(sum, &byte)| *sum += usize::from(byte));
        }
    }
    let count = ((right - left) * (bottom - top)).max(1);
    sums.map(|sum| ((sum + count / 2) / count) as u8)
}
