//! Finds the lattice again where rows fit nowhere on the old one.

use super::tracker::{Jump, Tracker};

/// Rows in a row that must agree for the lattice to be found again.
const FOUND_AGAIN: f64 = 16.0;
const MOST_FOUND_AGAIN: f64 = 512.0;
/// Places that those before them may be off.
const MOST_PLACES_OFF: f64 = 4.0;
/// Share of them that must agree.
const AGREEING: f64 = 0.75;

impl Tracker {
    /// Rows that show where the lattice is.
    pub(super) fn needed(&self) -> usize {
        let ratio = 4.0 * self.noise.sigma / self.noise.period;
        (FOUND_AGAIN + ratio * ratio).min(MOST_FOUND_AGAIN) as usize
    }

    /// Looks whether the last rows lie on a lattice of their own.
    pub(super) fn find_again(&mut self) -> bool {
        let needed = self.needed();
        if self.pending.len() < needed {
            return false;
        }
        let tail: Vec<(i64, i64)> = self.pending.iter().skip(self.pending.len() - needed).copied().collect();
        let lates: Vec<f64> = tail.iter().map(|&(row, time)| self.line.lateness(time, row)).collect();
        let mut sorted = lates.clone();
        let middle = *sorted.select_nth_unstable_by(needed / 2, f64::total_cmp).1;
        let agrees = |late: &f64| self.noise.fits(late - middle);
        if (lates.iter().filter(|late| agrees(late)).count() as f64) < AGREEING * needed as f64 {
            return false;
        }
        let first = self.first_agreeing(middle);
        let (row, time) = self.pending[first];
        let places = self.places_off(self.line.lateness(time, row) - middle);
        self.resume(first, middle + places * self.noise.period);
        true
    }

    /// Index of the first pending row of those at the end that lie on the new lattice.
    fn first_agreeing(&self, middle: f64) -> usize {
        let fits = |index: usize| {
            let (row, time) = self.pending[index];
            let off = self.line.lateness(time, row) - middle;
            self.noise.fits(off - self.places_off(off) * self.noise.period)
        };
        let mut first = self.pending.len() - 1;
        for index in (0..self.pending.len()).rev() {
            if index + 8 <= first {
                break;
            }
            if fits(index) {
                first = index;
            }
        }
        first
    }

    /// Places by which a row is off, where noise leaves no doubt: samples soon after it were lost or are there twice.
    fn places_off(&self, late: f64) -> f64 {
        let places = (late / self.noise.period).round();
        if self.noise.neighbours() == 0 && places.abs() <= MOST_PLACES_OFF { places } else { 0.0 }
    }

    /// Goes on with a new lattice from a pending row on.
    fn resume(&mut self, first: usize, late: f64) {
        let rest: Vec<(i64, i64)> = self.pending.drain(first..).collect();
        self.paths.decide();
        self.commit(i64::MAX);
        self.end_chunk();
        self.flush_held();
        self.blocks.cut();
        let (row, time) = rest[0];
        let offset = late - self.shift as f64 * self.noise.period;
        self.note_jump(Jump { row, change: 0, offset, open: true, from: 0, to: time });
        let expected = time.saturating_sub((self.line.lateness(time, row) - late) as i64);
        let sigma = 2.0 * self.noise.sigma / (rest.len() as f64).sqrt();
        self.line.anchor(expected, row + self.shift, sigma);
        self.paths.restart(row, self.shift);
        self.lost = 0;
        self.resuming = true;
        for (row, time) in rest {
            self.follow(row, time);
        }
        self.resuming = false;
    }
}

