//! The second pass: writes index, time and uncertainty of each row.

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
            let pieces = &self.solution.pieces;
            if pieces.get(self.piece + 1).is_some_and(|next| next.row <= row) {
                self.piece = self.solution.piece_of(row);
                self.seek(row);
            }
            if stamp == MISSING {
                (into.times[at], into.sigmas[at], into.indexes[at]) = (MISSING, f64::NAN, MISSING);
                continue;
            }
            let piece = self.solution.pieces[self.piece];
            let lattice = &self.solution.lattices[piece.lattice];
            let place = row.saturating_add(piece.shift);
            let relative = place.saturating_sub(lattice.place) as f64;
            while lattice.places.get(self.knot + 1).is_some_and(|&next| next <= relative) {
                self.knot += 1;
            }
            let time = lattice.time_at(relative, self.knot).round() as i64;
            into.times[at] = lattice.time.saturating_add(time);
            into.sigmas[at] = lattice.sigma_at(relative, self.knot);
            into.indexes[at] = place;
        }
    }

    fn seek(&mut self, row: i64) {
        let piece = self.solution.pieces[self.piece];
        let lattice = &self.solution.lattices[piece.lattice];
        let relative = row.saturating_add(piece.shift).saturating_sub(lattice.place) as f64;
        self.knot = lattice.knot_at(relative);
    }
}
