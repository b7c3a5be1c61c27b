//! Hands by colour and shape alone, without landmarks: what can be done where there is no network.
//!
//! Works on a picture of some 320 pixels on its longer side. Skin cannot be told from other things of its colour,
//! such as faces, arms in part, and wood: of what is found the most hand-like parts are taken.

use super::components::{Component, ComponentFinder, Touching};
use super::cut::shrink;
use super::enlarge::encode_cells;
use super::frame::Frame;
use super::hand_likeness::Part;
use super::hand_shape::Grid;
use super::morphology::Morphology;
use super::runs::Cover;
use super::skin_map::{HandCue, SkinMap};

/// Pixels on the longer side of the picture that is searched.
const SIDE: usize = 320;
/// Radii of the discs that clear specks and close gaps, as shares of that side.
const SPECK: f32 = 0.005;
const GAP: f32 = 0.008;

/// Which parts are taken.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct FinderLimits {
    /// Shares of the picture.
    pub min_area: f32,
    pub max_area: f32,
    pub min_confidence: f32,
    pub max_hands: u32,
}

/// A hand that was found.
#[derive(Clone, Debug)]
pub struct FoundHand {
    pub cover: Cover,
    pub confidence: f32,
    pub counts: Vec<u32>,
    /// Rank among all: larger and more hand-like first.
    rank: f32,
}

/// Finds hands; carries the colours of hands from picture to picture.
#[derive(Default)]
pub struct HandFinder {
    pub map: SkinMap,
    pub found: Vec<FoundHand>,
    rgb: Vec<u8>,
    mask: Vec<u8>,
    taken: Vec<u8>,
    pixels: Vec<u8>,
    morphology: Morphology,
    components: ComponentFinder,
}

impl HandFinder {
    /// Finds hands and leaves them in `found`, the most likely first.
    pub fn find(&mut self, frame: &Frame, cue: HandCue, limits: &FinderLimits) {
        self.found.clear();
        let factor = ((frame.width.max(frame.height) + SIDE / 2) / SIDE).max(1);
        let (width, height) = shrink(frame, factor, &mut self.rgb);
        if width * height == 0 {
            return;
        }
        let grid = Grid { left: 0, top: 0, step: factor, columns: width, rows: height };
        let most = limits.max_area * (width * height) as f32;
        self.map.mark(&self.rgb, width, cue, most, &mut self.mask, &mut self.morphology);
        let side = width.max(height) as f32;
        self.morphology.open(&mut self.mask, width, SPECK * side);
        self.morphology.close(&mut self.mask, width, GAP * side);
        self.components.find(&self.mask, width, Touching::EdgesAndCorners);
        self.take(frame, &grid, limits);
        if cue == HandCue::Color {
            self.map.learn(&self.rgb, &self.taken);
        }
    }

    /// Keeps the parts that may be hands.
    fn take(&mut self, frame: &Frame, grid: &Grid, limits: &FinderLimits) {
        let mut kept: Vec<(FoundHand, Grid, Part)> =
            (0..self.components.parts.len()).filter_map(|index| self.judge(index, grid, limits)).collect();
        kept.sort_by(|a, b| b.0.rank.total_cmp(&a.0.rank));
        kept.truncate(limits.max_hands as usize);
        self.taken.clear();
        self.taken.resize(grid.len(), 0);
        for (mut hand, at, part) in kept {
            self.remember(&at, &part, grid);
            let size = (frame.width, frame.height);
            hand.cover = encode_cells(&part.bytes, &at, size, &mut self.pixels, &mut hand.counts);
            self.found.push(hand);
        }
    }

    /// A part without its arm, and where it lies, if size and shape are those of a hand.
    fn judge(&mut self, index: usize, grid: &Grid, limits: &FinderLimits) -> Option<(FoundHand, Grid, Part)> {
        let total = (grid.columns * grid.rows) as f64;
        let min = (f64::from(limits.min_area) * total).max(9.0);
        let max = f64::from(limits.max_area) * total;
        let component = self.components.parts[index];
        // An arm may come on top of a hand.
        if component.area < min || component.area > 1.5 * max {
            return None;
        }
        let mut part = self.part(index, &component, grid);
        part.cut_arm();
        let area = part.bytes.iter().filter(|&&byte| byte != 0).count() as f64;
        let confidence = part.likeness(&mut self.morphology).score();
        if area < min || area > max || confidence < limits.min_confidence {
            return None;
        }
        let at = Grid {
            left: component.x as usize * grid.step,
            top: component.y as usize * grid.step,
            columns: part.columns,
            rows: part.bytes.len() / part.columns,
            step: grid.step,
        };
        // Size counts, but a face is larger than a hand.
        let rank = confidence * (area as f32).powf(0.25);
        Some((FoundHand { cover: Cover::default(), confidence, counts: Vec::new(), rank }, at, part))
    }

    /// Cuts a part out of the mask.
    fn part(&self, index: usize, component: &Component, grid: &Grid) -> Part {
        let [left, top, columns, rows] =
            [component.x, component.y, component.width, component.height].map(|value| value as usize);
        let mut bytes = vec![0; columns * rows];
        for run in self.components.runs.iter().filter(|run| run.part == index) {
            let start = (run.row - top) * columns;
            bytes[start + run.from - left..start + run.to - left].fill(255);
        }
        let cut =
            [left == 0, top == 0, left + columns == grid.columns, top + rows == grid.rows];
        Part { bytes, columns, cut }
    }

    fn remember(&mut self, at: &Grid, part: &Part, grid: &Grid) {
        let (left, top) = (at.left / grid.step, at.top / grid.step);
        for (row, line) in part.bytes.chunks_exact(part.columns).enumerate() {
            let to = &mut self.taken[(top + row) * grid.columns + left..][..part.columns];
            to.iter_mut().zip(line).for_each(|(to, &byte)| *to |= byte);
        }
    }
}
