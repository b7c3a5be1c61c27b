//! The two sides of a join or of a resampling, which come in parts: keys in which is looked up, and wanted times.
//!
//! Both must be sorted. A wanted time is settled when no key that still comes can change what is found for it.

use crate::grid::Grid;
use crate::keys::{Keys, Refusal, Repeats, Wanted};
use core::ops::Range;

/// Both sides as far as they came and are still needed.
pub struct Sides {
    /// Places that nothing is matched or bridged across, in order: a time at the place is after it.
    breaks: Vec<i64>,
    pub keys: Keys,
    pub wanted: Wanted,
    /// Whether all keys are there.
    pub ended: bool,
    /// Whether all wanted times are there.
    complete: bool,
}

/// Part of both sides between two breaks.
pub struct Stretch {
    pub keys: Range<usize>,
    pub wanted: Range<usize>,
    /// Whether the keys begin and end with it.
    pub first: bool,
    pub last: bool,
}

impl Sides {
    pub fn new(repeats: Repeats, mut breaks: Vec<i64>) -> Sides {
        breaks.sort_unstable();
        Sides {
            breaks,
            keys: Keys::new(repeats),
            wanted: Wanted::default(),
            ended: false,
            complete: false,
        }
    }

    /// Adds keys; `values` is empty when they have none.
    pub fn add_keys(&mut self, times: &[i64], values: &[f64]) -> Result<(), Refusal> {
        self.keys.add(times, values)
    }

    /// Adds ticks of a grid as keys.
    pub fn add_key_ticks(&mut self, grid: &Grid, from: u64, count: usize) -> Result<(), Refusal> {
        self.keys.add_ticks(grid, from, count)
    }

    pub fn add_wanted(&mut self, times: &[i64]) -> Result<(), Refusal> {
        self.wanted.add(times)
    }

    /// Adds ticks of a grid as wanted times.
    pub fn add_wanted_ticks(&mut self, grid: &Grid, from: u64, count: usize) -> Result<(), Refusal> {
        self.wanted.add_ticks(grid, from, count)
    }

    /// Says that all keys are there.
    pub fn end_keys(&mut self) {
        self.ended = true;
    }

    /// Says that all wanted times are there: keys that still come are only checked.
    pub fn end_wanted(&mut self) {
        self.complete = true;
    }

    /// The newest key, or one of those before it, counted from one.
    pub fn newest(&self, back: usize) -> Option<i64> {
        self.keys.times.len().checked_sub(back).map(|index| self.keys.times[index])
    }

    /// Number of times that are settled once a key is there that lies `back` keys before the newest.
    pub fn before_newest(&self, back: usize) -> usize {
        if self.ended {
            return self.wanted.times.len();
        }
        self.newest(back).map_or(0, |horizon| self.wanted.times.partition_point(|&time| time < horizon))
    }

    /// What lies between the breaks around a wanted time, of `settled` times in all.
    pub fn stretch(&self, row: usize, settled: usize) -> Stretch {
        let (wanted, keys) = (&self.wanted.times[..settled], &self.keys);
        let after = self.breaks.partition_point(|&place| place <= wanted[row]);
        let high = self.breaks.get(after).copied();
        let start = after.checked_sub(1).map_or(0, |index| keys.first_from(self.breaks[index]));
        let end = high.map_or(keys.times.len(), |place| keys.first_from(place));
        Stretch {
            first: start == 0 && !keys.trimmed,
            last: end == keys.times.len() && self.ended,
            keys: start..end,
            wanted: row..high.map_or(settled, |place| wanted.partition_point(|&time| time < place)),
        }
    }

    /// Gives up times that are settled, and the keys that no other needs; `reach` says back to where a time needs
    /// them. Calls for each settled time that was missing.
    pub fn release(&mut self, settled: usize, reach: impl Fn(i64) -> i64, on_missing: impl FnMut(usize)) {
        self.wanted.remove(settled, on_missing);
        let earliest = reach(self.wanted.earliest());
        let done = self.complete && self.wanted.times.is_empty();
        let keep = self.keys.times.partition_point(|&key| done || key <= earliest);
        self.keys.trim(keep.saturating_sub(2));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_settled_before_the_keys_that_may_still_change() {
        let mut sides = Sides::new(Repeats::Last, Vec::new());
        sides.add_wanted(&[1, 5, 9]).unwrap();
        assert_eq!(sides.before_newest(1), 0);
        sides.add_keys(&[0, 5, 8], &[]).unwrap();
        assert_eq!((sides.before_newest(1), sides.before_newest(2)), (2, 1));
        sides.end_keys();
        assert_eq!(sides.before_newest(2), 3);
    }

    #[test]
    fn stretches_end_at_breaks_and_know_the_ends() {
        let mut sides = Sides::new(Repeats::Last, vec![20, 10]);
        sides.add_wanted(&[1, 10, 19, 30]).unwrap();
        sides.add_keys(&[0, 9, 20, 40], &[]).unwrap();
        let parts = |sides: &Sides, row| {
            let Stretch { keys, wanted, first, last } = sides.stretch(row, 4);
            (keys, wanted, first, last)
        };
        assert_eq!(parts(&sides, 0), (0..2, 0..1, true, false));
        assert_eq!(parts(&sides, 1), (2..2, 1..3, false, false));
        sides.end_keys();
        assert_eq!(parts(&sides, 3), (2..4, 3..4, false, true));
    }

    #[test]
    fn keys_are_given_up_when_nothing_reaches_back_to_them() {
        let mut sides = Sides::new(Repeats::Last, Vec::new());
        sides.add_keys(&(0..10_000).collect::<Vec<i64>>(), &[]).unwrap();
        sides.add_wanted(&[9000, 9500]).unwrap();
        sides.release(1, |time| time - 9000, |_| ());
        assert_eq!(sides.keys.times.len(), 10_000);
        sides.release(0, |time| time, |_| ());
        assert_eq!(sides.keys.times[0], 9499);
    }
}
