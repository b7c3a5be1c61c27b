//! The second pass: writes index, time and uncertainty of each row.

use super::found::Moved;
use super::solve::Solution;
use crate::sampling::MISSING;

/// Places rows of consecutive batches.
#[derive(Clone, Debug)]
pub struct Placer {
    solution: Solution,
    piece: usize,
    knot: usize,
}

/// Where the results of a batch go.
pub struct Into<'a> {
    pub times: &'a mut [i64],
    pub sigmas: &'a mut [f64],
    pub indexes: &'a mut [i64],
}

impl Placer {
    pub fn new(solution: Solution) -> Placer {
        Placer { solution, piece: 0, knot: 0 }
    }

    pub fn solution(&self) -> &Solution {
        &self.solution
    }

    /// Places rows from `first_row` on; rows without a stamp stay without.
    pub fn apply(&mut self, stamps: &[i64], first_row: i64, into: &mut Into) {
        self.piece = self.solution.piece_of(first_row);
        self.seek(first_row);
        for (at, &stamp) in stamps.iter().enumerate() {
            let row = first_row.saturating_add(at as i64);
            if self.solution.pieces.get(self.piece + 1).is_some_and(|next| next.row <= row) {
                self.piece = self.solution.piece_of(row);
                self.seek(row);
            }
            let placed = if stamp == MISSING { (MISSING, f64::NAN, MISSING) } else { self.place(row) };
            (into.times[at], into.sigmas[at], into.indexes[at]) = placed;
        }
        self.move_rows(stamps, first_row, into);
    }

    fn seek(&mut self, row: i64) {
        let piece = self.solution.pieces[self.piece];
        let lattice = &self.solution.lattices[piece.lattice];
        let relative = row.saturating_add(piece.shift).saturating_sub(lattice.place) as f64;
        self.knot = lattice.knot_at(relative);
    }

    /// Time, uncertainty and index of a row that follows in the open piece.
    fn place(&mut self, row: i64) -> (i64, f64, i64) {
        let piece = self.solution.pieces[self.piece];
        let lattice = &self.solution.lattices[piece.lattice];
        let place = row.saturating_add(piece.shift);
        let relative = place.saturating_sub(lattice.place) as f64;
        while lattice.places.get(self.knot + 1).is_some_and(|&next| next <= relative) {
            self.knot += 1;
        }
        let time = lattice.time_at(relative, self.knot).round() as i64;
        let sigma = lattice.sigma_at(relative, self.knot);
        (lattice.time.saturating_add(time), sigma, place.saturating_sub(self.solution.first_place))
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
            self.piece = self.solution.piece_of(slot);
            self.seek(slot);
            let at = (row - first_row) as usize;
            (into.times[at], into.sigmas[at], into.indexes[at]) = self.place(slot);
        }
    }
}
