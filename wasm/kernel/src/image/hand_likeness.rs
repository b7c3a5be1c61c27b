//! Whether a part of a mask may be a hand, and where its arm begins.

use super::depth::{depths, UNIT};
use super::geometry::{convex_hull, Point};
use super::morphology::Morphology;

/// A part of a mask in a box of its own, row after row.
pub struct Part {
    pub bytes: Vec<u8>,
    pub columns: usize,
    /// Sides of the picture at which the part ends: left, top, right, bottom.
    pub cut: [bool; 4],
}

/// An arm begins so many radii of the palm behind its centre.
const WRIST: f32 = 1.35;
/// Parts that are shorter than so many radii have no arm.
const SHORTEST_ARM: f32 = 5.0;
/// Of palms of one size the one nearest to the tip is taken: depth counts less by this share at the other end.
const TIP_FAVOUR: f32 = 0.35;
/// A disc of this share of the palm does not fit into fingers.
const FINGER: f32 = 0.55;

/// What a part looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Likeness {
    /// Share of the convex hull that is filled.
    pub solidity: f32,
    /// Share of the part that is thinner than the palm.
    pub fingers: f32,
    /// Radius of the greatest disc in it, in pixels.
    pub palm: f32,
}

impl Part {
    fn rows(&self) -> usize {
        self.bytes.len() / self.columns.max(1)
    }

    /// Middles of marked pixels.
    fn points(&self) -> impl Iterator<Item = (usize, Point)> + '_ {
        self.bytes.iter().enumerate().filter(|(_, &byte)| byte != 0).map(|(at, _)| {
            (at, Point::new((at % self.columns) as f32, (at / self.columns) as f32))
        })
    }

    /// Middle of the pixels at which the part is cut by the edge of the picture.
    fn entry(&self) -> Option<Point> {
        let (right, bottom) = (self.columns - 1, self.rows() - 1);
        let is_cut = |at: usize| {
            let (x, y) = (at % self.columns, at / self.columns);
            let sides = [x == 0, y == 0, x == right, y == bottom];
            sides.iter().zip(self.cut).any(|(&side, cut)| side && cut)
        };
        let (mut count, mut sum) = (0.0, Point::new(0.0, 0.0));
        for (_, point) in self.points().filter(|&(at, _)| is_cut(at)) {
            count += 1.0;
            sum = Point::new(sum.x + point.x, sum.y + point.y);
        }
        (count > 0.0).then(|| Point::new(sum.x / count, sum.y / count))
    }

    /// The pixel farthest from a point, and how far it is.
    fn tip(&self, entry: Point) -> (f32, Point) {
        self.points().fold((0.0, entry), |best, (_, point)| {
            let distance = entry.distance(point);
            if distance > best.0 { (distance, point) } else { best }
        })
    }

    /// Takes the arm away where the part comes into the picture as one.
    pub fn cut_arm(&mut self) {
        let Some(entry) = self.entry() else { return };
        let (length, tip) = self.tip(entry);
        if length <= 0.0 {
            return;
        }
        let axis = Point::new((tip.x - entry.x) / length, (tip.y - entry.y) / length);
        let along = |point: Point| (point.x - entry.x) * axis.x + (point.y - entry.y) * axis.y;
        let mut deep = Vec::new();
        depths(&self.bytes, self.columns, true, &mut deep);
        let (mut best, mut radius, mut palm) = (0.0, 0.0, length);
        for (at, point) in self.points() {
            let depth = f32::from(deep[at].min(u16::MAX - 1)) / UNIT;
            let behind = (1.0 - along(point) / length).clamp(0.0, 1.0);
            let weight = depth * (1.0 - TIP_FAVOUR * behind);
            if weight > best {
                (best, radius, palm) = (weight, depth, along(point));
            }
        }
        if length < SHORTEST_ARM * radius {
            return;
        }
        let wrist = palm - WRIST * radius;
        let columns = self.columns;
        for (at, byte) in self.bytes.iter_mut().enumerate() {
            if along(Point::new((at % columns) as f32, (at / columns) as f32)) < wrist {
                *byte = 0;
            }
        }
    }

    pub fn likeness(&self, morphology: &mut Morphology) -> Likeness {
        let area = self.bytes.iter().filter(|&&byte| byte != 0).count() as f32;
        if area == 0.0 {
            return Likeness::default();
        }
        let mut deep = Vec::new();
        depths(&self.bytes, self.columns, false, &mut deep);
        let palm = f32::from(deep.iter().copied().max().unwrap_or(0)) / UNIT;
        let mut opened = self.bytes.clone();
        morphology.open(&mut opened, self.columns, FINGER * palm);
        let left = opened.iter().filter(|&&byte| byte != 0).count() as f32;
        let solidity = (area / hull_area(&self.corners())).min(1.0);
        Likeness { solidity, fingers: 1.0 - left / area, palm }
    }

    /// Corners of the first and last pixel of each row.
    fn corners(&self) -> Vec<Point> {
        let mut corners = Vec::new();
        for (row, line) in self.bytes.chunks_exact(self.columns).enumerate() {
            let first = line.iter().position(|&byte| byte != 0);
            let last = line.iter().rposition(|&byte| byte != 0);
            let (Some(first), Some(last)) = (first, last) else { continue };
            for (x, y) in [(first, row), (last + 1, row), (first, row + 1), (last + 1, row + 1)] {
                corners.push(Point::new(x as f32, y as f32));
            }
        }
        corners
    }
}

fn hull_area(points: &[Point]) -> f32 {
    let hull = convex_hull(points);
    let twice: f32 = (0..hull.len())
        .map(|at| {
            let (a, b) = (hull[at], hull[(at + 1) % hull.len()]);
            a.x * b.y - b.x * a.y
        })
        .sum();
    (twice / 2.0).abs()
}

impl Likeness {
    /// From 0 to 1: a half for what may be a fist, more with fingers, less for what is ragged. Not a probability.
    pub fn score(&self) -> f32 {
        let fingers = (self.fingers / 0.25).clamp(0.0, 1.0);
        let spread = ((1.0 - self.solidity) / 0.25).clamp(0.0, 1.0);
        let ragged = ((0.45 - self.solidity) / 0.2).clamp(0.0, 1.0);
        (0.5 + 0.3 * fingers + 0.2 * spread) * (1.0 - 0.7 * ragged)
    }
}
