//! Stamps that run on where a clock was set back.

/// Stamps that go back by less are late, not set back.
const LATE_NS: i64 = 2_000_000_000;
/// A recording whose clock is set more often has no clock.
const MAX_SHIFTS: usize = 1000;
/// Marks samples without a usable time.
pub const NO_TIME: i64 = i64::MIN;

/// Makes the stamps of a stream increase in file order: late samples are left out, and after a clock was set
/// back the time runs on.
#[derive(Default)]
pub struct Unroller {
    last: Option<i64>,
    shift: i64,
    /// First unrolled time of each new shift, and the shift.
    shifts: Vec<(i64, i64)>,
}

impl Unroller {
    /// Unrolled time of the next stamp, or [`NO_TIME`].
    pub fn next(&mut self, stamp: i64) -> i64 {
        if stamp == NO_TIME {
            return NO_TIME;
        }
        let Some(last) = self.last else {
            self.last = Some(stamp);
            return stamp;
        };
        let unrolled = stamp.saturating_add(self.shift);
        if unrolled > last {
            self.last = Some(unrolled);
            return unrolled;
        }
        if last.saturating_sub(unrolled) < LATE_NS || self.shifts.len() == MAX_SHIFTS {
            return NO_TIME;
        }
        // One nanosecond on: what passed while the clock was set is not known.
        let set = last.saturating_add(1);
        self.shift = set.saturating_sub(stamp);
        self.shifts.push((set, self.shift));
        self.last = Some(set);
        set
    }

    /// Writes the unrolled times of the next stamps.
    pub fn run(&mut self, stamps: &[i64], unrolled: &mut [i64]) {
        for (target, &stamp) in unrolled.iter_mut().zip(stamps) {
            *target = self.next(stamp);
        }
    }

    /// First unrolled time of each stretch after the first, and what was added to the stamps in it.
    pub fn shifts(&self) -> &[(i64, i64)] {
        &self.shifts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

    #[test]
    fn runs_on_where_a_clock_is_set_back() {
        let mut unroller = Unroller::default();
        let stamps = [100 * S, 101 * S, 100 * S, 102 * S, 5 * S, 6 * S];
        let mut found = [0; 6];
        unroller.run(&stamps, &mut found);
        let after = 102 * S + 1;
        assert_eq!(found, [100 * S, 101 * S, NO_TIME, 102 * S, after, after + S]);
        assert_eq!(unroller.shifts(), [(after, after - 5 * S)]);
    }

    #[test]
    fn survives_any_stamps() {
        let mut unroller = Unroller::default();
        let mut last = NO_TIME;
        for stamp in [i64::MAX, i64::MIN, 0, i64::MIN + 1, i64::MAX, -1, 1].repeat(2000) {
            let found = unroller.next(stamp);
            assert!(found == NO_TIME || found >= last);
            last = last.max(found);
        }
    }
}
