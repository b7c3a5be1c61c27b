//! The second pass: writes index, time and uncertainty of each row.

use super::found::Moved;
use super::solve::Solution;
use crate::sampling::MISSING;

/// Places rows of consecutive batches.
#[derive(Clone, Debug)]
pub struct Placer {
    solution: Solution,
}

/// Rows between two knots of one piece.
struct Stretch {
    origin: i64,
    /// Places of the first row and of the knot, both relative to the lattice's.
    relative: f64,
    knot: f64,
    /// Half a ns more than the time, so that the floor rounds it.
    time: f64,
    slope: f64,
    sigma: f64,
    sigma_slope: f64,
    index: i64,
}

impl Stretch {
    #[inline(always)]
    fn at(&self, step: usize) -> (i64, f64, i64) {
        // Counted from the knot, so that the bits do not depend on where a batch begins.
        let passed = self.relative + step as f64 - self.knot;
        let time = (self.time + self.slope * passed).floor() as i64;
        let sigma = self.sigma + self.sigma_slope * passed;
        (self.origin.saturating_add(time), sigma, self.index.wrapping_add(step as i64))
    }
}

/// Where the results of a batch go.
pub struct Into<'a> {
    pub times: &'a mut [i64],
    pub sigmas: &'a mut [f64],
    pub indexes: &'a mut [i64],
}

/// Rows that are refined together.
const TOGETHER: usize = 1024;

impl Placer {
    pub fn new(solution: Solution) -> Placer {
        Placer { solution }
    }

    pub fn solution(&self) -> &Solution {
        &self.solution
    }

    /// Places rows from `first_row` on; rows without a stamp stay without.
    pub fn apply(&mut self, stamps: &[i64], first_row: i64, into: &mut Into) {
        let mut at = 0;
        while at < stamps.len() {
            at = self.run(stamps, first_row, at, into);
        }
        self.move_rows(stamps, first_row, into);
    }

    /// Overwrites the times of rows from `first_row` on by the places where they belong, and adds the uncertainty of
    /// these to the one that each has.
    pub fn refine(&mut self, times: &mut [i64], sigmas: &mut [f64], first_row: i64) {
        let (mut placed, mut own, mut indexes) = ([0; TOGETHER], [0.0; TOGETHER], [0; TOGETHER]);
        let mut row = first_row;
        for (times, sigmas) in times.chunks_mut(TOGETHER).zip(sigmas.chunks_mut(TOGETHER)) {
            let rows = times.len();
            let (times_to, sigmas_to, indexes_to) = (&mut placed[..rows], &mut own[..rows], &mut indexes[..rows]);
            self.apply(times, row, &mut Into { times: times_to, sigmas: sigmas_to, indexes: indexes_to });
            times.copy_from_slice(&placed[..rows]);
            for (sigma, own) in sigmas.iter_mut().zip(&own) {
                *sigma = (*sigma * *sigma + own * own).sqrt();
            }
            row = row.saturating_add(rows as i64);
        }
    }

    /// The straight stretch that begins with a row, and how many rows it holds at most.
    fn stretch(&self, row: i64) -> (Stretch, i64) {
        let index = self.solution.piece_of(row);
        let piece = self.solution.pieces[index];
        let next_piece = self.solution.pieces.get(index + 1).map_or(i64::MAX, |next| next.row);
        let lattice = &self.solution.lattices[piece.lattice];
        let place = row.saturating_add(piece.shift);
        let relative = place.saturating_sub(lattice.place) as f64;
        let knot = lattice.knot_at(relative);
        let next = if relative < lattice.places[0] { Some(&lattice.places[0]) } else { lattice.places.get(knot + 1) };
        let to_knot = next.map_or(i64::MAX, |&next| (next - relative).ceil().max(1.0) as i64);
        let (slope, sigma_slope) = lattice.slopes_at(relative, knot);
        let stretch = Stretch {
            origin: lattice.time,
            relative,
            knot: lattice.places[knot],
            time: lattice.knots[knot].time + 0.5,
            slope,
            sigma: lattice.knots[knot].sigma,
            sigma_slope,
            index: place.saturating_sub(self.solution.first_place),
        };
        (stretch, to_knot.min(next_piece.saturating_sub(row)).max(1))
    }

    /// Places the rows of one stretch from `at` on, and returns where the next one begins.
    fn run(&self, stamps: &[i64], first_row: i64, at: usize, into: &mut Into) -> usize {
        let (stretch, rows) = self.stretch(first_row.saturating_add(at as i64));
        let end = stamps.len().min(at.saturating_add(usize::try_from(rows).unwrap_or(usize::MAX)));
        let outputs = into.times[at..end].iter_mut().zip(&mut into.sigmas[at..end]);
        for (step, ((time, sigma), index)) in outputs.zip(&mut into.indexes[at..end]).enumerate() {
            (*time, *sigma, *index) = stretch.at(step);
        }
        for row in at..end {
            if stamps[row] == MISSING {
                (into.times[row], into.sigmas[row], into.indexes[row]) = (MISSING, f64::NAN, MISSING);
            }
        }
        end
    }

    /// Gives rows that were recorded out of order the places where they belong.
    fn move_rows(&mut self, stamps: &[i64], first_row: i64, into: &mut Into) {
        let end = first_row.saturating_add(stamps.len() as i64);
        let first = self.solution.moved.partition_point(|moved| moved.row < first_row);
        for index in first..self.solution.moved.len() {
            let Moved { row, slot } = self.solution.moved[index];
            if row >= end {
                break;
            }
            let at = (row - first_row) as usize;
            (into.times[at], into.sigmas[at], into.indexes[at]) = self.stretch(slot).0.at(0);
        }
    }
}
